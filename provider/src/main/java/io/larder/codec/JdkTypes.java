package io.larder.codec;

import com.esotericsoftware.kryo.Serializer;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/**
 * The table of JDK types that may be stored, by number. Numbers are part of the format: entries are
 * only ever added, never renumbered.
 */
final class JdkTypes {

  /** Collections and maps that an application's class may extend. */
  static final Set<Class<?>> EXTENSIBLE = Set.of(
      java.util.ArrayList.class,
      java.util.LinkedList.class,
      java.util.ArrayDeque.class,
      java.util.Vector.class,
      java.util.HashSet.class,
      java.util.LinkedHashSet.class,
      java.util.HashMap.class,
      java.util.LinkedHashMap.class,
      java.util.concurrent.ConcurrentHashMap.class,
      java.util.concurrent.CopyOnWriteArrayList.class);

  private static final Set<String> THROWABLE_PACKAGES = Set.of(
      "java.lang",
      "java.io",
      "java.net",
      "java.nio",
      "java.nio.file",
      "java.time",
      "java.time.format",
      "java.util",
      "java.util.concurrent",
      "java.util.zip");

  private static final Map<String, Class<?>> COMPONENTS = new HashMap<>();
  private static final Map<String, Entry> BY_NAME = new HashMap<>();
  private static final Map<Class<?>, Entry> BY_CLASS = new HashMap<>();
  private static final @Nullable Entry[] BY_ID = new Entry[192];

  static {
    Builder builder = new Builder();
    JdkValues.addTo(builder);
    JdkArrays.addTo(builder);
    JdkContainers.addTo(builder);
    for (Entry entry : builder.entries) {
      if (BY_ID[entry.id] != null) {
        throw new IllegalStateException("the number " + entry.id + " is taken");
      }
      BY_ID[entry.id] = entry;
      BY_CLASS.put(entry.type, entry);
      BY_NAME.put(entry.type.getName(), entry);
      if (!entry.type.isArray() && Modifier.isPublic(entry.type.getModifiers())) {
        COMPONENTS.put(entry.type.getName(), entry.type);
      }
    }
    for (Class<?> type : List.of(
        boolean.class,
        byte.class,
        char.class,
        short.class,
        int.class,
        long.class,
        float.class,
        double.class,
        Object.class,
        Number.class,
        Comparable.class,
        CharSequence.class,
        Enum.class,
        Record.class,
        Throwable.class,
        java.io.Serializable.class,
        Cloneable.class,
        Iterable.class,
        Collection.class,
        List.class,
        Set.class,
        java.util.SortedSet.class,
        java.util.NavigableSet.class,
        java.util.Queue.class,
        java.util.Deque.class,
        Map.class,
        Map.Entry.class,
        java.util.SortedMap.class,
        java.util.NavigableMap.class,
        java.util.concurrent.ConcurrentMap.class,
        java.util.Calendar.class,
        java.time.temporal.Temporal.class,
        java.time.temporal.TemporalAccessor.class,
        java.time.temporal.TemporalAmount.class)) {
      COMPONENTS.put(type.getName(), type);
    }
  }

  private JdkTypes() {}

  /** The entry for instances of exactly this class; null if they may not be stored. */
  static @Nullable Entry entryOf(Class<?> type) {
    Entry exact = BY_CLASS.get(type);
    if (exact != null || !isTopJdk(type.getName())) {
      return exact;
    }
    if (ZoneId.class.isAssignableFrom(type)) {
      return BY_CLASS.get(ZoneId.class);
    }
    if (ByteBuffer.class.isAssignableFrom(type)) {
      return BY_CLASS.get(ByteBuffer.class);
    }
    if (type.getName().equals("sun.util.calendar.ZoneInfo")) {
      return BY_CLASS.get(TimeZone.class);
    }
    if (Charset.class.isAssignableFrom(type)) {
      return BY_CLASS.get(Charset.class);
    }
    if (type == java.net.Inet4Address.class || type == java.net.Inet6Address.class) {
      return BY_CLASS.get(java.net.InetAddress.class);
    }
    int id = JdkViews.idOf(type);
    return id > 0 ? BY_ID[id] : null;
  }

  private static boolean isTopJdk(String name) {
    return name.startsWith("java.") || name.startsWith("sun.");
  }

  static @Nullable Entry byId(int id) {
    return id > 0 && id < BY_ID.length ? BY_ID[id] : null;
  }

  /** The entry of the class of that name. */
  static @Nullable Entry named(String name) {
    return BY_NAME.get(name);
  }

  /** The JDK's class of that name if arrays may be of it. */
  static @Nullable Class<?> component(String name) {
    return COMPONENTS.get(name);
  }

  /** Whether this is the name of a throwable of the JDK that may be stored. */
  static boolean isThrowable(String name) {
    int dot = name.lastIndexOf('.');
    return dot > 0
        && THROWABLE_PACKAGES.contains(name.substring(0, dot))
        && (name.endsWith("Exception") || name.endsWith("Error") || name.endsWith("Throwable"));
  }

  /** Whether a throwable of the JDK has no state beyond what every throwable has. */
  static boolean isPlainThrowable(Class<?> type) {
    for (Class<?> c = type; c != null && c != Throwable.class; c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        if ((field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) == 0) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * One type of the table.
   *
   * @param references whether instances are written once and then referred to
   */
  record Entry(int id, Class<?> type, Serializer<?> serializer, boolean references) {}

  /** Collects the entries. */
  static final class Builder {
    private final List<Entry> entries = new ArrayList<>();

    void add(int id, Class<?> type, Serializer<?> serializer, boolean references) {
      entries.add(new Entry(id, type, serializer, references));
    }
  }
}
