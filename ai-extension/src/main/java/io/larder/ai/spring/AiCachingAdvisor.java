package io.larder.ai.spring;

import io.larder.ai.AiCache;
import io.larder.ai.intercept.AiInterception;
import java.lang.reflect.Method;
import java.util.Objects;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.util.ClassUtils;

/** Advises annotated methods. */
final class AiCachingAdvisor extends DefaultPointcutAdvisor implements SmartInitializingSingleton {

  private static final long serialVersionUID = 1L;

  private final transient ObjectProvider<AiCache> cache;

  AiCachingAdvisor(ObjectProvider<AiCache> cache, int order) {
    this(cache, new AiInterception(new Once(cache)), order);
  }

  private AiCachingAdvisor(ObjectProvider<AiCache> cache, AiInterception interception, int order) {
    super(new Annotated(interception), new Advice(interception));
    this.cache = cache;
    setOrder(order);
  }

  /** Has the context fail at its start, not at the first call, if it has no answer cache. */
  @Override
  public void afterSingletonsInstantiated() {
    cache.getObject();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  /** The answer cache, looked up when it is first needed: advisors are there before other beans. */
  private static final class Once implements java.util.function.Supplier<AiCache> {

    private final ObjectProvider<AiCache> provider;
    private volatile @Nullable AiCache found;

    private Once(ObjectProvider<AiCache> provider) {
      this.provider = provider;
    }

    @Override
    public AiCache get() {
      AiCache cache = found;
      if (cache == null) {
        cache = provider.getObject();
        found = cache;
      }
      return cache;
    }
  }

  /** Which methods are annotated. */
  private static final class Annotated extends StaticMethodMatcherPointcut {

    private final AiInterception interception;

    private Annotated(AiInterception interception) {
      this.interception = interception;
      setClassFilter(type -> !type.getName().startsWith("java.")
          && !type.getName().startsWith("org.springframework."));
    }

    @Override
    public boolean matches(Method method, Class<?> target) {
      Class<?> type = ClassUtils.getUserClass(target);
      try {
        return method.getDeclaringClass() != Object.class && interception.isAnnotated(method, type);
      } catch (IllegalArgumentException e) {
        interception.isAnnotated(type); // tells the rules that the other methods break, too
        throw e;
      }
    }
  }

  /** Puts the cache around a call. */
  private record Advice(AiInterception interception) implements MethodInterceptor {

    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
      Object bean = Objects.requireNonNull(invocation.getThis(), "bean");
      return interception.around(
          invocation.getMethod(),
          ClassUtils.getUserClass(AopUtils.getTargetClass(bean)),
          invocation.getArguments(),
          () -> again(invocation).proceed());
    }

    /** A call of its own, for it can be made later, or more than once for a stream. */
    private static MethodInvocation again(MethodInvocation invocation) {
      return invocation instanceof ProxyMethodInvocation known
          ? known.invocableClone()
          : invocation;
    }
  }
}
