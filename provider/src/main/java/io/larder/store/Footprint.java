package io.larder.store;

import io.larder.stats.TierSize;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An estimate of the memory that entries take, from a sample of them. For use by one thread, once.
 *
 * <p><b>How it estimates.</b> The keys and values of at most {@value #SAMPLE} entries are walked,
 * field by field, with the sizes of a 64-bit JVM with compressed references; their average counts
 * for all. Of a large array or collection some elements stand for the rest. No code of the
 * application's runs: of the JDK only its common collections are looked into, other objects of the
 * JDK, and what a module does not open, count as {@value #OPAQUE} bytes. What several entries share
 * counts for each; enums, classes and lambdas count nothing.
 */
final class Footprint {

  private static final int SAMPLE = 64;
  private static final int ELEMENTS = 100;
  private static final int NODES = 5_000;
  private static final int DEPTH = 24;
  private static final int OPAQUE = 32;
  private static final int HEADER = 12;
  private static final int ARRAY_HEADER = 16;
  private static final int REFERENCE = 4;
  private static final int NODE = 40;
  private static final int ENTRY = 120;
  private static final int PROBED_CHARS = 64;
  private static final Set<String> COLLECTIONS = Set.of(
      "java.util.ArrayList",
      "java.util.LinkedList",
      "java.util.ArrayDeque",
      "java.util.Arrays$ArrayList",
      "java.util.HashSet",
      "java.util.LinkedHashSet",
      "java.util.TreeSet",
      "java.util.HashMap",
      "java.util.LinkedHashMap",
      "java.util.TreeMap",
      "java.util.concurrent.ConcurrentHashMap",
      "java.util.ImmutableCollections$List12",
      "java.util.ImmutableCollections$ListN",
      "java.util.ImmutableCollections$Set12",
      "java.util.ImmutableCollections$SetN",
      "java.util.ImmutableCollections$Map1",
      "java.util.ImmutableCollections$MapN");

  private final Map<Class<?>, List<Field>> fields = new HashMap<>();
  private Set<Object> seen = Set.of();
  private int nodes;

  private Footprint() {}

  /** Of that many entries, of which these are some. */
  static TierSize of(long count, Iterator<? extends Map.Entry<?, ?>> some) {
    Footprint footprint = new Footprint();
    long bytes = 0;
    int sampled = 0;
    while (sampled < SAMPLE && some.hasNext()) {
      Map.Entry<?, ?> entry = some.next();
      bytes += footprint.ofEntry(entry.getKey(), entry.getValue());
      sampled++;
    }
    return TierSize.of(count, sampled == 0 ? 0 : Math.round((double) bytes / sampled * count));
  }

  private long ofEntry(Object key, Object value) {
    seen = Collections.newSetFromMap(new IdentityHashMap<>());
    nodes = NODES;
    return ENTRY + of(key, 0) + of(value, 0);
  }

  private long of(@Nullable Object object, int depth) {
    if (object == null || object instanceof Enum || object instanceof Class) {
      return 0;
    }
    if (object instanceof String text) {
      return aligned(HEADER + REFERENCE + 8) + aligned(ARRAY_HEADER + (long) charBytes(text));
    }
    if (nodes-- <= 0 || depth > DEPTH) {
      return OPAQUE;
    }
    if (!seen.add(object)) {
      return 0;
    }
    Class<?> type = object.getClass();
    if (type.isArray()) {
      return ofArray(object, type.getComponentType(), depth);
    }
    if (COLLECTIONS.contains(type.getName())) {
      return object instanceof Map<?, ?> map
          ? ofElements(map.entrySet(), depth)
          : ofElements((Collection<?>) object, depth);
    }
    if (object instanceof Number && type.getPackageName().equals("java.lang")) {
      return aligned(HEADER + 8L);
    }
    return type.getName().startsWith("java.") || type.isHidden() && !type.isRecord()
        ? OPAQUE
        : ofFields(object, type, depth);
  }

  private static int charBytes(String text) {
    int probed = Math.min(PROBED_CHARS, text.length());
    for (int i = 0; i < probed; i++) {
      if (text.charAt(i) > 0xFF) {
        return text.length() * 2;
      }
    }
    return text.length();
  }

  private long ofArray(Object array, Class<?> component, int depth) {
    int length = Array.getLength(array);
    long own = aligned(ARRAY_HEADER + (long) length * width(component));
    if (component.isPrimitive() || length == 0) {
      return own;
    }
    int visited = Math.min(length, ELEMENTS);
    long bytes = 0;
    for (int i = 0; i < visited; i++) {
      bytes += of(Array.get(array, i), depth + 1);
    }
    return own + bytes * length / visited;
  }

  /** A collection that changes meanwhile counts as far as it was seen. */
  private long ofElements(Collection<?> elements, int depth) {
    int size = elements.size();
    long bytes = 0;
    int visited = 0;
    try {
      for (Iterator<?> each = elements.iterator(); visited < ELEMENTS && each.hasNext(); ) {
        Object element = each.next();
        bytes += element instanceof Map.Entry<?, ?> entry
            ? of(entry.getKey(), depth + 1) + of(entry.getValue(), depth + 1)
            : of(element, depth + 1);
        visited++;
      }
    } catch (RuntimeException e) {
      visited = Math.max(1, visited);
    }
    return NODE + (long) size * NODE + (visited == 0 ? 0 : bytes * size / visited);
  }

  private long ofFields(Object object, Class<?> type, int depth) {
    long own = HEADER;
    long referred = 0;
    for (Field field : fields.computeIfAbsent(type, Footprint::fieldsOf)) {
      own += width(field.getType());
      if (!field.getType().isPrimitive()) {
        referred += of(valueOf(field, object), depth + 1);
      }
    }
    return aligned(own) + referred;
  }

  private static @Nullable Object valueOf(Field field, Object object) {
    try {
      return field.trySetAccessible() ? field.get(object) : null;
    } catch (IllegalAccessException | RuntimeException e) {
      return null;
    }
  }

  private static List<Field> fieldsOf(Class<?> type) {
    List<Field> all = new ArrayList<>();
    Class<?> at = type;
    while (at != null && !at.getName().startsWith("java.")) {
      for (Field field : at.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          all.add(field);
        }
      }
      at = at.getSuperclass();
    }
    return all;
  }

  private static int width(Class<?> type) {
    if (type == long.class || type == double.class) {
      return 8;
    } else if (type == short.class || type == char.class) {
      return 2;
    } else if (type == byte.class || type == boolean.class) {
      return 1;
    }
    return REFERENCE;
  }

  private static long aligned(long bytes) {
    return (bytes + 7) / 8 * 8;
  }
}
