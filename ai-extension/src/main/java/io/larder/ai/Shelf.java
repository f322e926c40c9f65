package io.larder.ai;

import io.larder.ai.platform.Platform;
import java.io.Serializable;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.MutableEntry;
import org.jspecify.annotations.Nullable;

/** Puts answers into the caches, an older one never in place of a newer. Thread-safe. */
final class Shelf {

  private static final int MOST_TRIES = 10;

  private final Caches caches;

  Shelf(Caches caches) {
    this.caches = caches;
  }

  /** Puts it, unless another process has stored one whose model was asked later. */
  boolean put(Query<?> query, StoredAnswer stored) {
    return put(query, new Storing(stored, false));
  }

  /** Puts it in place of any other: it is newer than that, even if by its clock it is not. */
  void replace(Query<?> query, StoredAnswer stored) {
    put(query, new Storing(stored, true));
  }

  private boolean put(Query<?> query, Storing storing) {
    String name = query.operation().cache().name();
    String refusal = caches.platform().refusal(name, storing.answer().answer());
    if (refusal != null) {
      throw new CacheException(name + ": " + refusal);
    }
    Cache<String, StoredAnswer> cache = query.operation().cache().get();
    try {
      return put(cache, query, storing);
    } catch (RuntimeException | LinkageError e) {
      if (!isBlocked(cache, query.key())) {
        throw e;
      }
      cache.remove(query.key());
      return put(cache, query, storing);
    }
  }

  /** Whether what is there cannot be read, and keeps others from taking its place. */
  private boolean isBlocked(Cache<String, StoredAnswer> cache, String key) {
    if (caches.platform().dropsUnreadable() || cache.isClosed()) {
      return false;
    }
    try {
      cache.get(key);
      return false;
    } catch (RuntimeException | LinkageError e) {
      return true;
    }
  }

  private boolean put(Cache<String, StoredAnswer> cache, Query<?> query, Storing storing) {
    String key = query.key();
    Duration ttl = query.control().ttl().orElse(null);
    BooleanSupplier putting = ttl == null
        ? () -> Boolean.TRUE.equals(cache.invoke(key, storing))
        : () -> put(cache, key, storing, ttl);
    Platform platform = caches.platform();
    long callsApart = platform.callsApart();
    boolean stored = putting.getAsBoolean();
    // What was put while Redis was slow to reply may be gone a moment later: then once more.
    for (int i = 0; i < MOST_TRIES && stored && caches.settling().isDoubtful(callsApart); i++) {
      callsApart = platform.callsApart();
      stored = cache.get(key) != null || putting.getAsBoolean();
    }
    return stored;
  }

  private boolean put(
      Cache<String, StoredAnswer> cache, String key, Storing storing, Duration ttl) {
    StoredAnswer put = storing.over(cache.get(key));
    if (put != null) {
      caches.platform().put(cache, key, put, ttl);
    }
    return put != null;
  }

  /** Stores an answer: in place of an older one only, or of any. */
  private record Storing(StoredAnswer answer, boolean always)
      implements EntryProcessor<String, StoredAnswer, Boolean>, Serializable {

    @Override
    public Boolean process(MutableEntry<String, StoredAnswer> entry, Object... arguments) {
      StoredAnswer put = over(entry.getValue());
      if (put == null) {
        return false;
      }
      entry.setValue(put);
      return true;
    }

    /** What is to be there then, or null if what is there is to stay. */
    private @Nullable StoredAnswer over(@Nullable StoredAnswer there) {
      if (there == null || !there.isNewerThan(answer)) {
        return answer;
      }
      return always ? answer.after(there) : null;
    }
  }
}
