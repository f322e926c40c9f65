package io.larder.codec;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;

/** The two families of wrappers that {@link Collections} makes around any collection. */
enum Wrappers {
  UNMODIFIABLE {
    @Override
    Collection<Object> collection(Collection<Object> inner) {
      return Collections.unmodifiableCollection(inner);
    }

    @Override
    List<Object> list(List<Object> inner) {
      return Collections.unmodifiableList(inner);
    }

    @Override
    Set<Object> set(Set<Object> inner) {
      return Collections.unmodifiableSet(inner);
    }

    @Override
    Map<Object, Object> map(Map<Object, Object> inner) {
      return Collections.unmodifiableMap(inner);
    }

    @Override
    NavigableSet<Object> sortedSet(NavigableSet<Object> inner) {
      return Collections.unmodifiableNavigableSet(inner);
    }

    @Override
    NavigableMap<Object, Object> sortedMap(NavigableMap<Object, Object> inner) {
      return Collections.unmodifiableNavigableMap(inner);
    }
  },
  SYNCHRONIZED {
    @Override
    Collection<Object> collection(Collection<Object> inner) {
      return Collections.synchronizedCollection(inner);
    }

    @Override
    List<Object> list(List<Object> inner) {
      return Collections.synchronizedList(inner);
    }

    @Override
    Set<Object> set(Set<Object> inner) {
      return Collections.synchronizedSet(inner);
    }

    @Override
    Map<Object, Object> map(Map<Object, Object> inner) {
      return Collections.synchronizedMap(inner);
    }

    @Override
    NavigableSet<Object> sortedSet(NavigableSet<Object> inner) {
      return Collections.synchronizedNavigableSet(inner);
    }

    @Override
    NavigableMap<Object, Object> sortedMap(NavigableMap<Object, Object> inner) {
      return Collections.synchronizedNavigableMap(inner);
    }
  };

  abstract Collection<Object> collection(Collection<Object> inner);

  abstract List<Object> list(List<Object> inner);

  abstract Set<Object> set(Set<Object> inner);

  abstract Map<Object, Object> map(Map<Object, Object> inner);

  abstract NavigableSet<Object> sortedSet(NavigableSet<Object> inner);

  abstract NavigableMap<Object, Object> sortedMap(NavigableMap<Object, Object> inner);
}
