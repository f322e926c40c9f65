package io.larder.codec;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.util.List;

/**
 * Copies certain fields, as they are, from one instance of a class to another. Thread-safe.
 *
 * <p>It is one method handle, composed of a getter and a setter for each field, so that the virtual
 * machine compiles it as if someone had written the assignments down; by reflection, each field
 * would cost two calls through an accessor.
 */
final class FieldCopier {

  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
  private static final MethodType TYPE =
      MethodType.methodType(void.class, Object.class, Object.class);

  private final MethodHandle copying;

  /**
   * For fields of one class and its superclasses.
   *
   * @param fields accessible, none static
   */
  FieldCopier(Class<?> type, List<Field> fields) {
    MethodType exact = MethodType.methodType(void.class, type, type);
    copying = copying(exact, fields).asType(TYPE);
  }

  /** Takes the target first, then the source. Halves keep the nesting flat. */
  private static MethodHandle copying(MethodType type, List<Field> fields) {
    if (fields.isEmpty()) {
      return MethodHandles.empty(type);
    } else if (fields.size() == 1) {
      return copying(fields.get(0)).asType(type);
    }
    int half = fields.size() / 2;
    MethodHandle first = copying(type, fields.subList(0, half));
    MethodHandle second = copying(type, fields.subList(half, fields.size()));
    return MethodHandles.foldArguments(second, first);
  }

  private static MethodHandle copying(Field field) {
    try {
      return MethodHandles.filterArguments(
          LOOKUP.unreflectSetter(field), 1, LOOKUP.unreflectGetter(field));
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Both are instances of the class. */
  void copy(Object source, Object target) {
    try {
      copying.invokeExact(target, source);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
