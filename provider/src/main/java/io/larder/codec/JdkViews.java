package io.larder.codec;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * Which entry of {@link JdkContainers} stands for the JDK's classes that have no public name:
 * views, wrappers, immutable collections.
 */
final class JdkViews {

  private JdkViews() {}

  /** The number that stands for a class without an entry of its own; 0 if none does. */
  static int idOf(Class<?> type) {
    String name = type.getName();
    if (java.util.EnumSet.class.isAssignableFrom(type)) {
      return 85;
    }
    if (!name.startsWith("java.util.")
        || java.lang.reflect.Modifier.isPublic(type.getModifiers())) {
      return 0;
    }
    if (name.startsWith("java.util.ImmutableCollections$")) {
      return kind(type, JdkContainers.LIST_OF, JdkContainers.SET_OF, JdkContainers.MAP_OF);
    }
    if (name.startsWith("java.util.Collections$")) {
      String simple = name.substring("java.util.Collections$".length());
      if (simple.startsWith("UnmodifiableSequenced") || simple.startsWith("UnmodifiableEntry")) {
        return 0;
      }
      return simple.startsWith("Unmodifiable")
          ? wrapperOf(type, JdkContainers.UNMODIFIABLE)
          : simple.startsWith("Synchronized") ? wrapperOf(type, JdkContainers.SYNCHRONIZED) : 0;
    }
    if (name.startsWith("java.util.IdentityHashMap") || name.startsWith("java.util.WeakHashMap")) {
      return 0;
    }
    return viewOf(type);
  }

  private static int wrapperOf(Class<?> type, int base) {
    if (SortedSet.class.isAssignableFrom(type)) {
      return base + 4;
    }
    if (SortedMap.class.isAssignableFrom(type)) {
      return base + 5;
    }
    return Collection.class.isAssignableFrom(type) && kind(type, 1, 2, 3) == 0
        ? base
        : base + kind(type, 1, 2, 3);
  }

  private static int viewOf(Class<?> type) {
    if (NavigableSet.class.isAssignableFrom(type) || SortedSet.class.isAssignableFrom(type)) {
      return JdkContainers.TREE_SET;
    }
    if (NavigableMap.class.isAssignableFrom(type) || SortedMap.class.isAssignableFrom(type)) {
      return JdkContainers.TREE_MAP;
    }
    if (Map.Entry.class.isAssignableFrom(type)) {
      return JdkContainers.ENTRY;
    }
    int kind = kind(type, JdkContainers.LIST, JdkContainers.LINKED_SET, JdkContainers.LINKED_MAP);
    boolean values =
        Collection.class.isAssignableFrom(type) && !java.util.Queue.class.isAssignableFrom(type);
    return kind == 0 && values ? JdkContainers.LIST : kind;
  }

  private static int kind(Class<?> type, int list, int set, int map) {
    if (List.class.isAssignableFrom(type)) {
      return list;
    }
    if (Set.class.isAssignableFrom(type)) {
      return set;
    }
    return Map.class.isAssignableFrom(type) ? map : 0;
  }
}
