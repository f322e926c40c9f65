package io.larder;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;
import org.jspecify.annotations.Nullable;

/**
 * The cache's writer. Whatever it throws reaches the caller as a {@link CacheWriterException}, and
 * is never retried (JSR-107 section 10.4).
 */
final class WriteThrough<K, V> {

  /**
   * What a bulk write did.
   *
   * @param done the keys that the writer has written or deleted
   * @param failure what it threw, or null
   */
  record BulkResult<K>(Set<K> done, @Nullable CacheWriterException failure) {}

  private final String cacheName;
  private final CacheWriter<? super K, ? super V> writer;

  WriteThrough(String cacheName, CacheWriter<? super K, ? super V> writer) {
    this.cacheName = cacheName;
    this.writer = writer;
  }

  void write(K key, V value) {
    try {
      writer.write(new LarderEntry<>(key, value));
    } catch (RuntimeException e) {
      throw wrapped(e);
    }
  }

  void delete(K key) {
    try {
      writer.delete(key);
    } catch (RuntimeException e) {
      throw wrapped(e);
    }
  }

  /** What a failed writer leaves in its collection was not written; after success, all was. */
  BulkResult<K> writeAll(Map<? extends K, ? extends V> entries) {
    List<Cache.Entry<? extends K, ? extends V>> left = new ArrayList<>(entries.size());
    entries.forEach((key, value) -> left.add(new LarderEntry<>(key, value)));
    Set<K> done = new HashSet<>(entries.keySet());
    try {
      writeAll(left);
      return new BulkResult<>(done, null);
    } catch (RuntimeException e) {
      left.forEach(entry -> done.remove(entry.getKey()));
      return new BulkResult<>(done, wrapped(e));
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private void writeAll(Collection<Cache.Entry<? extends K, ? extends V>> entries) {
    ((CacheWriter) writer).writeAll(entries);
  }

  /** What a failed writer leaves in its collection was not deleted; after success, all was. */
  BulkResult<K> deleteAll(Set<? extends K> keys) {
    Set<K> left = new HashSet<>(keys);
    Set<K> done = new HashSet<>(keys);
    try {
      writer.deleteAll(left);
      return new BulkResult<>(done, null);
    } catch (RuntimeException e) {
      done.removeAll(left);
      return new BulkResult<>(done, wrapped(e));
    }
  }

  private CacheWriterException wrapped(RuntimeException e) {
    return e instanceof CacheWriterException known
        ? known
        : new CacheWriterException(
            cacheName + ": writer " + writer.getClass().getName() + " failed", e);
  }
}
