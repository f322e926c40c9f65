package io.larder.codec;

import java.io.Externalizable;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The instance fields of an application's class, its superclasses' included, in a fixed order, and
 * the first superclass that belongs to the JDK.
 *
 * @param type the class
 * @param stored the fields that count: neither static nor transient
 * @param all the transient ones as well
 * @param jdkSuperclass the first superclass of the JDK
 */
record ClassFields(Class<?> type, List<Field> stored, List<Field> all, Class<?> jdkSuperclass) {

  static ClassFields of(Class<?> type) {
    List<Field> all = new ArrayList<>();
    Class<?> c = type;
    while (!JdkNames.isJdk(c.getName())) {
      Arrays.stream(c.getDeclaredFields())
          .filter(field -> !Modifier.isStatic(field.getModifiers()))
          .sorted(Comparator.comparing(Field::getName))
          .forEach(all::add);
      c = c.getSuperclass();
    }
    List<Field> stored = all.stream()
        .filter(field -> !Modifier.isTransient(field.getModifiers()))
        .toList();
    return new ClassFields(type, stored, List.copyOf(all), c);
  }

  boolean hasTransients() {
    return stored.size() != all.size();
  }

  Shape shape(char kind) {
    return new Shape(kind, stored.stream().map(this::shapeOf).toList());
  }

  private Shape.FieldShape shapeOf(Field field) {
    Class<?> owner = field.getDeclaringClass();
    return Shape.FieldShape.of(
        owner == type ? "" : owner.getName(), field.getName(), field.getType());
  }

  /** Whether the superclass of the JDK has state that cannot be reached. */
  boolean hidesState() {
    for (Class<?> c = jdkSuperclass; c != null && c != Object.class; c = c.getSuperclass()) {
      if (hook(c) != null || Externalizable.class.isAssignableFrom(c)) {
        return true;
      }
      for (Field field : c.getDeclaredFields()) {
        if ((field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) == 0) {
          return true;
        }
      }
    }
    return false;
  }

  /** The method by which the class changes its serialized form, which is not called here. */
  @Nullable
  String hook() {
    if (!Serializable.class.isAssignableFrom(type)) {
      return null;
    }
    for (Class<?> c = type; !JdkNames.isJdk(c.getName()); c = c.getSuperclass()) {
      String found = hook(c);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static @Nullable String hook(Class<?> c) {
    for (Method method : c.getDeclaredMethods()) {
      Class<?>[] parameters = method.getParameterTypes();
      boolean found = switch (method.getName()) {
        case "writeObject" -> parameters.length == 1 && parameters[0] == ObjectOutputStream.class;
        case "readObject" -> parameters.length == 1 && parameters[0] == ObjectInputStream.class;
        case "writeReplace", "readResolve" ->
          parameters.length == 0 && method.getReturnType() == Object.class;
        default -> false;
      };
      if (found) {
        return method.getName();
      }
    }
    return null;
  }
}
