package io.larder.ai;

import java.lang.invoke.MethodType;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether a stored answer is of a type with type arguments: of collections, maps and
 * optionals by what is in them, of other generic classes by the type that it was stored as.
 */
final class AnswerTypes {

  private final boolean sameName;

  private AnswerTypes(boolean sameName) {
    this.sameName = sameName;
  }

  /**
   * Whether an answer may be given to a caller who wants that type.
   *
   * @param storedAs the name of the type that it was stored as, or null if that was not said
   */
  static boolean fits(@Nullable Object answer, Type wanted, @Nullable String storedAs) {
    return new AnswerTypes(wanted.getTypeName().equals(storedAs)).fits(answer, wanted);
  }

  private boolean fits(@Nullable Object value, Type wanted) {
    if (value == null) {
      return true;
    }
    if (wanted instanceof Class<?> type) {
      return MethodType.methodType(type).wrap().returnType().isInstance(value);
    }
    if (wanted instanceof ParameterizedType precise) {
      return ((Class<?>) precise.getRawType()).isInstance(value) && contentFits(value, precise);
    }
    if (wanted instanceof WildcardType any) {
      return all(value, any.getUpperBounds());
    }
    if (wanted instanceof TypeVariable<?> open) {
      return all(value, open.getBounds());
    }
    return wanted instanceof GenericArrayType array
        && value instanceof Object[] elements
        && Arrays.stream(elements)
            .allMatch(element -> fits(element, array.getGenericComponentType()));
  }

  private boolean all(Object value, Type[] bounds) {
    return Arrays.stream(bounds).allMatch(bound -> fits(value, bound));
  }

  private boolean contentFits(Object value, ParameterizedType precise) {
    Class<?> raw = (Class<?>) precise.getRawType();
    Type[] arguments = precise.getActualTypeArguments();
    if (value instanceof Optional<?> optional) {
      return fits(optional.orElse(null), arguments[0]);
    }
    if (value instanceof Map<?, ?> map && Map.class.isAssignableFrom(raw)) {
      return arguments.length == 2
          && map.keySet().stream().allMatch(key -> fits(key, arguments[0]))
          && map.values().stream().allMatch(one -> fits(one, arguments[1]));
    }
    if (value instanceof Collection<?> elements && Iterable.class.isAssignableFrom(raw)) {
      return arguments.length == 1
          && elements.stream().allMatch(element -> fits(element, arguments[0]));
    }
    return sameName;
  }
}
