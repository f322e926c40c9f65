package io.larder.ai.intercept;

import io.larder.ai.AiCache;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes annotated objects use an answer cache where no framework does. */
public final class AiCaching {

  private static final Object[] NONE = {};

  private AiCaching() {}

  /**
   * An object whose annotated methods use the answer cache and call the target otherwise. The
   * annotations can be on the interface, on one that it extends, or on the target's methods. Calls
   * that the target makes on itself do not come by here, nor do a default method's.
   *
   * @param type the interface that the object is to have
   * @return equal to another such object if their targets are equal
   * @throws IllegalArgumentException if the type is no interface, or naming class, method and rule
   *     for each rule that an annotated method breaks
   */
  public static <T> T proxy(Class<T> type, T target, AiCache cache) {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(cache, "cache");
    if (!type.isInterface()) {
      throw new IllegalArgumentException(
          "type was " + type.getName() + " but it must be an interface");
    }
    AiInterception interception = new AiInterception(() -> cache);
    interception.isAnnotated(target.getClass());
    return type.cast(Proxy.newProxyInstance(
        type.getClassLoader(), new Class<?>[] {type}, new Handler(target, interception)));
  }

  private record Handler(Object target, AiInterception interception) implements InvocationHandler {

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given)
        throws Throwable {
      Object[] arguments = given == null ? NONE : given;
      if (method.getDeclaringClass() == Object.class) {
        return method.getName().equals("equals") ? isEqual(arguments[0]) : call(method, arguments);
      }
      return interception.around(
          method, target.getClass(), arguments, () -> call(method, arguments));
    }

    private boolean isEqual(@Nullable Object other) {
      return other != null
          && Proxy.isProxyClass(other.getClass())
          && Proxy.getInvocationHandler(other) instanceof Handler that
          && target.equals(that.target);
    }

    private @Nullable Object call(Method method, Object[] arguments) throws Throwable {
      try {
        method.trySetAccessible();
        return method.invoke(target, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause() == null ? e : e.getCause();
      }
    }
  }
}
