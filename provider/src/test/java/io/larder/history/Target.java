package io.larder.history;

import java.util.Map;
import java.util.Set;
import javax.cache.Cache;

/** What a load works on: a cache, or the part of one that a test has put together itself. */
interface Target {

  String get(String key);

  Map<String, String> getAll(Set<String> keys);

  boolean containsKey(String key);

  void put(String key, String value);

  void putAll(Map<String, String> entries);

  boolean remove(String key);

  void removeAll(Set<String> keys);

  void clear();

  /** What operations need that decide on the entry; null where there are none. */
  Cache<String, String> deciding();

  /** A whole cache. */
  static Target of(Cache<String, String> cache) {
    return new Target() {
      @Override
      public String get(String key) {
        return cache.get(key);
      }

      @Override
      public Map<String, String> getAll(Set<String> keys) {
        return cache.getAll(keys);
      }

      @Override
      public boolean containsKey(String key) {
        return cache.containsKey(key);
      }

      @Override
      public void put(String key, String value) {
        cache.put(key, value);
      }

      @Override
      public void putAll(Map<String, String> entries) {
        cache.putAll(entries);
      }

      @Override
      public boolean remove(String key) {
        return cache.remove(key);
      }

      @Override
      public void removeAll(Set<String> keys) {
        cache.removeAll(keys);
      }

      @Override
      public void clear() {
        cache.clear();
      }

      @Override
      public Cache<String, String> deciding() {
        return cache;
      }
    };
  }
}
