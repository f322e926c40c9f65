package io.larder.ai.adapter;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What objects of other libraries' classes consist of. */
public final class Fields {

  private Fields() {}

  /**
   * The instance fields that the class itself declares.
   *
   * @throws UnknownException in a native image, which may hide some
   */
  public static List<Field> of(Class<?> type) throws UnknownException {
    if (System.getProperty("org.graalvm.nativeimage.imagecode") != null) {
      throw new UnknownException("a native image does not tell the fields of " + type.getName());
    }
    List<Field> fields = new ArrayList<>();
    for (Field field : type.getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        fields.add(field);
      }
    }
    return fields;
  }

  /**
   * What is in the field.
   *
   * @throws UnknownException if it can't be read
   */
  public static @Nullable Object value(Field field, Object owner) throws UnknownException {
    try {
      field.setAccessible(true);
      return field.get(owner);
    } catch (IllegalAccessException | RuntimeException e) {
      throw new UnknownException("the field " + field.getName() + " of "
          + field.getDeclaringClass().getName() + " can't be read");
    }
  }
}
