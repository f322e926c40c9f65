package io.larder.ai.intercept;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A method and all that it overrides or implements, the nearest to its object first.
 *
 * <p>A method of a generic type has several signatures, which the compiler ties together by
 * bridges; all of them are looked for in every class and interface.
 *
 * @param method as it is called
 * @param target the class of the object
 * @param all declarations of it
 */
record Declarations(Method method, Class<?> target, List<Method> all) {

  static Declarations of(Method method, Class<?> target) {
    Set<Class<?>> types = lineage(target);
    types.addAll(lineage(method.getDeclaringClass()));
    Set<List<Class<?>>> signatures = new LinkedHashSet<>();
    signatures.add(List.of(method.getParameterTypes()));
    for (Class<?> type : types) {
      for (Method bridge : type.getDeclaredMethods()) {
        if (bridge.isBridge() && isAlike(bridge, method)) {
          tie(bridge, signatures);
        }
      }
    }
    List<Method> found = new ArrayList<>();
    for (Class<?> type : types) {
      Arrays.stream(type.getDeclaredMethods())
          .filter(other -> isAlike(other, method)
              && (other.equals(method) || isInherited(other))
              && signatures.contains(List.of(other.getParameterTypes())))
          .sorted((one, other) -> Boolean.compare(one.isBridge(), other.isBridge()))
          .forEach(found::add);
    }
    return new Declarations(method, target, found);
  }

  /** All methods that an object of that class has, those of {@code Object} apart. */
  static Set<Method> methods(Class<?> type) {
    Set<Method> methods = new LinkedHashSet<>();
    for (Class<?> one : lineage(type)) {
      Arrays.stream(one.getDeclaredMethods())
          .filter(method -> !method.isBridge())
          .forEach(methods::add);
    }
    return methods;
  }

  private static Set<Class<?>> lineage(Class<?> type) {
    Set<Class<?>> found = new LinkedHashSet<>();
    for (Class<?> one = type; one != null && one != Object.class; one = one.getSuperclass()) {
      found.add(one);
    }
    for (Class<?> one : List.copyOf(found)) {
      addInterfaces(one, found);
    }
    return found;
  }

  private static void addInterfaces(Class<?> type, Set<Class<?>> found) {
    for (Class<?> one : type.getInterfaces()) {
      found.add(one);
      addInterfaces(one, found);
    }
  }

  private static boolean isAlike(Method one, Method other) {
    return one.getName().equals(other.getName())
        && one.getParameterCount() == other.getParameterCount();
  }

  private static boolean isInherited(Method method) {
    return (method.getModifiers() & (Modifier.PRIVATE | Modifier.STATIC)) == 0;
  }

  private static void tie(Method bridge, Set<List<Class<?>>> signatures) {
    List<Class<?>> from = List.of(bridge.getParameterTypes());
    for (Method other : bridge.getDeclaringClass().getDeclaredMethods()) {
      if (!other.isBridge() && isAlike(other, bridge) && isBridged(bridge, other)) {
        List<Class<?>> to = List.of(other.getParameterTypes());
        if (signatures.contains(from) || signatures.contains(to)) {
          signatures.add(from);
          signatures.add(to);
        }
      }
    }
  }

  private static boolean isBridged(Method bridge, Method other) {
    Class<?>[] wide = bridge.getParameterTypes();
    Class<?>[] narrow = other.getParameterTypes();
    for (int i = 0; i < wide.length; i++) {
      if (!wide[i].isAssignableFrom(narrow[i])) {
        return false;
      }
    }
    return bridge.getReturnType().isAssignableFrom(other.getReturnType());
  }

  /** The method, as messages name it. */
  String shown() {
    return target.getName() + "." + method.getName() + "("
        + String.join(
            ", ",
            Arrays.stream(method.getParameterTypes()).map(Class::getSimpleName).toList())
        + ")";
  }

  /** The annotations on a parameter, of the nearest declaration that has any of ours there. */
  List<Annotation> onParameter(int index) {
    for (Method one : all) {
      List<Annotation> ours = Arrays.stream(one.getParameterAnnotations()[index])
          .filter(annotation -> Part.of(annotation) != null)
          .toList();
      if (!ours.isEmpty()) {
        return ours;
      }
    }
    return List.of();
  }

  /** The type of a parameter, as narrow as is known. */
  Class<?> parameterType(int index) {
    Class<?> type = method.getParameterTypes()[index];
    for (Method one : all) {
      if (type.isAssignableFrom(one.getParameterTypes()[index])) {
        type = one.getParameterTypes()[index];
      }
    }
    return type;
  }

  /** The name of a parameter, or null if the compiler has not kept it. */
  @Nullable
  String parameterName(int index) {
    return all.stream()
        .map(one -> one.getParameters()[index])
        .filter(java.lang.reflect.Parameter::isNamePresent)
        .map(java.lang.reflect.Parameter::getName)
        .findFirst()
        .orElse(null);
  }

  /** What it returns, as precisely as is known. */
  Type returned() {
    Type called = method.getGenericReturnType();
    if (called instanceof ParameterizedType) {
      return called;
    }
    boolean open = called instanceof TypeVariable || method.isBridge();
    for (Method one : all) {
      Type type = one.getGenericReturnType();
      boolean fits = open
          ? !(type instanceof TypeVariable) && !one.isBridge()
          : type instanceof ParameterizedType precise && precise.getRawType() == called;
      if (fits) {
        return type;
      }
    }
    return method.getReturnType();
  }
}
