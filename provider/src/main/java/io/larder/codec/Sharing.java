package io.larder.codec;

import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.Charset;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Knows which objects nobody can change, so that a copy of one is the object itself.
 *
 * <p>How it decides: once per class, by the class alone where that suffices (JDK values, enums), or
 * by what its instances have to be asked: the elements of an immutable collection, the fields of a
 * record or final class whose fields are all final and whose declared types do not settle it.
 */
final class Sharing {

  private static final int MAX_DEPTH = 16;

  private static final Set<Class<?>> VALUES = Set.of(
      String.class,
      Boolean.class,
      Byte.class,
      Character.class,
      Short.class,
      Integer.class,
      Long.class,
      Float.class,
      Double.class,
      BigInteger.class,
      BigDecimal.class,
      Class.class,
      java.util.UUID.class,
      java.util.Currency.class,
      java.util.Locale.class,
      java.util.OptionalInt.class,
      java.util.OptionalLong.class,
      java.util.OptionalDouble.class,
      java.util.regex.Pattern.class,
      java.net.URI.class,
      java.net.URL.class,
      java.net.InetAddress.class,
      java.net.Inet4Address.class,
      java.net.Inet6Address.class,
      java.net.InetSocketAddress.class,
      StackTraceElement.class);

  private static final Check ALWAYS = (object, depth) -> true;
  private static final Check NEVER = (object, depth) -> false;

  private final Map<Class<?>, Check> checks = new ConcurrentHashMap<>();

  /** Whether the object can be handed out as its own copy. */
  boolean isShared(Object object) {
    return object instanceof String || isShared(object, 0);
  }

  private boolean isShared(Object object, int depth) {
    Class<?> type = object.getClass();
    Check check = checks.get(type);
    if (check == null) {
      check = decide(type);
      checks.put(type, check);
    }
    return check.shared(object, depth);
  }

  /** Whether a field of this declared type can only hold values. */
  static boolean isFinalValue(Class<?> type) {
    return type.isPrimitive() || (isValue(type) && Modifier.isFinal(type.getModifiers()));
  }

  private static boolean isValue(Class<?> type) {
    return VALUES.contains(type)
        || (type.getName().startsWith("java.time.")
            && !type.isInterface()
            && type != java.time.Clock.class
            && Modifier.isFinal(type.getModifiers()));
  }

  private Check decide(Class<?> type) {
    if (isValue(type)
        || Enum.class.isAssignableFrom(type)
        || ZoneId.class.isAssignableFrom(type)
        || Charset.class.isAssignableFrom(type)
        || type.isHidden()) {
      return ALWAYS;
    }
    if (type.isArray()) {
      return NEVER;
    }
    if (JdkNames.isJdk(type.getName())) {
      return decideJdk(type);
    }
    return type.isRecord() || Modifier.isFinal(type.getModifiers()) ? decideFields(type) : NEVER;
  }

  private Check decideJdk(Class<?> type) {
    String name = type.getName();
    if (name.startsWith("java.util.ImmutableCollections$")) {
      // A sub-list or a reversed list is a view, but of a list as immutable.
      return Map.class.isAssignableFrom(type)
          ? (object, depth) -> sharedMap((Map<?, ?>) object, depth)
          : (object, depth) -> sharedElements((Iterable<?>) object, depth);
    }
    if (type == Optional.class) {
      return (object, depth) -> sharedPart(((Optional<?>) object).orElse(null), depth);
    }
    if (name.startsWith("java.util.Collections$Empty") || isStatelessComparator(type)) {
      return ALWAYS;
    }
    return NEVER;
  }

  private static boolean isStatelessComparator(Class<?> type) {
    return Comparator.class.isAssignableFrom(type) && JdkNames.isJdk(type.getName());
  }

  private Check decideFields(Class<?> type) {
    List<Field> open = new ArrayList<>();
    for (Class<?> c = type; c != null && c != Object.class && c != Record.class; ) {
      if (JdkNames.isJdk(c.getName())) {
        return NEVER;
      }
      for (Field field : c.getDeclaredFields()) {
        int modifiers = field.getModifiers();
        if (Modifier.isStatic(modifiers)) {
          continue;
        }
        if (!Modifier.isFinal(modifiers) || Modifier.isTransient(modifiers)) {
          return NEVER;
        }
        if (isFinalValue(field.getType()) || field.getType().isEnum()) {
          continue;
        }
        if (field.getType().isArray()) {
          return NEVER;
        }
        open.add(field);
      }
      c = c.getSuperclass();
    }
    try {
      open.forEach(field -> field.setAccessible(true));
    } catch (InaccessibleObjectException e) {
      return NEVER;
    }
    Field[] fields = open.toArray(Field[]::new);
    return fields.length == 0 ? ALWAYS : (object, depth) -> sharedFields(fields, object, depth);
  }

  private boolean sharedFields(Field[] fields, Object object, int depth) {
    try {
      for (Field field : fields) {
        if (!sharedPart(field.get(object), depth)) {
          return false;
        }
      }
      return true;
    } catch (IllegalAccessException e) {
      return false;
    }
  }

  private boolean sharedElements(Iterable<?> elements, int depth) {
    for (Object element : elements) {
      if (!sharedPart(element, depth)) {
        return false;
      }
    }
    return true;
  }

  private boolean sharedMap(Map<?, ?> map, int depth) {
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!sharedPart(entry.getKey(), depth) || !sharedPart(entry.getValue(), depth)) {
        return false;
      }
    }
    return true;
  }

  private boolean sharedPart(@Nullable Object part, int depth) {
    return part == null || (depth < MAX_DEPTH && isShared(part, depth + 1));
  }

  /** Decides for the instances of one class. */
  private interface Check {
    boolean shared(Object object, int depth);
  }
}
