package io.larder.ai;

import java.io.Serializable;
import java.time.Duration;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.MutableEntry;

/** Puts answers into the caches, an older one never in place of a newer. Thread-safe. */
final class Shelf {

  private static final int MOST_TRIES = 10;

  private final Caches caches;

  Shelf(Caches caches) {
    this.caches = caches;
  }

  /** Puts it, unless another process has stored one whose model was asked later. */
  boolean put(Query<?> query, StoredAnswer stored) {
    String name = query.operation().cache().name();
    String refusal = caches.platform().refusal(name, stored.answer());
    if (refusal != null) {
      throw new CacheException(name + ": " + refusal);
    }
    Cache<String, StoredAnswer> cache = query.operation().cache().get();
    Duration ttl = query.control().ttl().orElse(null);
    if (ttl == null) {
      return put(cache, query.key(), new StoreNewest(stored));
    }
    StoredAnswer there = cache.get(query.key());
    if (there != null && there.isNewerThan(stored)) {
      return false;
    }
    caches.platform().put(cache, query.key(), stored, ttl);
    return true;
  }

  /** What was put while Redis was slow to reply may be gone a moment later: then once more. */
  private boolean put(Cache<String, StoredAnswer> cache, String key, StoreNewest storing) {
    boolean stored = Boolean.TRUE.equals(cache.invoke(key, storing));
    for (int i = 0; i < MOST_TRIES && stored && caches.settling().isDoubtful(); i++) {
      stored = cache.get(key) != null || Boolean.TRUE.equals(cache.invoke(key, storing));
    }
    return stored;
  }

  /** Stores an answer in place of an older one only. */
  private record StoreNewest(StoredAnswer answer)
      implements EntryProcessor<String, StoredAnswer, Boolean>, Serializable {

    @Override
    public Boolean process(MutableEntry<String, StoredAnswer> entry, Object... arguments) {
      StoredAnswer there = entry.getValue();
      if (there != null && there.isNewerThan(answer)) {
        return false;
      }
      entry.setValue(answer);
      return true;
    }
  }
}
