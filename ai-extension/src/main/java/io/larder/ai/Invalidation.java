package io.larder.ai;

import java.io.Serializable;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import javax.cache.Cache;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.MutableEntry;

/**
 * Takes answers out of the caches. Thread-safe.
 *
 * <p><b>Design.</b> An operation's answers carry its tag, so giving that another generation ends
 * them all at once, in one write. Then what nobody can read any more is swept out, a page at a
 * time, and what was valid until then counted; an answer that was asked for after the tag got its
 * generation stays, for it may just have been paid for, unless it is stored in the very moment in
 * which the invalid one before it is removed. To clear all, each cache is cleared before its tag
 * gets another generation: what is stored between is of a call from before, invalid, and swept out.
 */
final class Invalidation {

  private static final int PAGE = 500;

  private final Caches caches;
  private final InstantSource clock;

  Invalidation(Caches caches, InstantSource clock) {
    this.caches = caches;
    this.clock = clock;
  }

  long operation(String name) {
    String tag = Tags.ofOperation(name);
    String before = caches.tags().generations(Set.of(tag)).getOrDefault(tag, "");
    caches.tags().renew(tag);
    Cache<String, StoredAnswer> cache = caches.operation(name).cache().get();
    Tags.Validity validity = caches.tags().validity();
    Set<String> invalid = new HashSet<>();
    long now = clock.millis();
    long count = 0;
    for (Cache.Entry<String, StoredAnswer> entry : cache) {
      StoredAnswer answer = entry.getValue();
      boolean inTime = answer.validMillis() == 0 || now < answer.validMillis();
      if (inTime && validity.held(answer.tags(), tag, before)) {
        count++;
      }
      if (!validity.holds(answer.tags())) {
        invalid.add(entry.getKey());
      }
      if (invalid.size() == PAGE) {
        cache.removeAll(invalid);
        invalid.clear();
      }
    }
    cache.removeAll(invalid);
    return count;
  }

  private void end(String name, Cache<String, StoredAnswer> cache) {
    try {
      cache.clear();
    } finally {
      caches.tags().renew(Tags.ofOperation(name));
    }
    sweep(cache);
  }

  private void sweep(Cache<String, StoredAnswer> cache) {
    Tags.Validity validity = caches.tags().validity();
    for (Cache.Entry<String, StoredAnswer> entry : cache) {
      StoredAnswer answer = entry.getValue();
      if (!validity.holds(answer.tags())) {
        cache.invoke(entry.getKey(), new RemoveOnly(answer.stamp()));
      }
    }
  }

  /** Removes an answer, and no other that has taken its place. */
  private record RemoveOnly(String stamp)
      implements EntryProcessor<String, StoredAnswer, Boolean>, Serializable {

    @Override
    public Boolean process(MutableEntry<String, StoredAnswer> entry, Object... arguments) {
      StoredAnswer there = entry.getValue();
      boolean same = there != null && there.stamp().equals(stamp);
      if (same) {
        entry.remove();
      }
      return same;
    }
  }

  void tag(String name) {
    caches.tags().renew(name);
  }

  long pattern(String glob) {
    long count = 0;
    for (String name : names()) {
      count += caches.platform().removeMatching(caches.operation(name).cache().get(), glob);
    }
    return count;
  }

  void all() {
    for (String name : names()) {
      end(name, caches.operation(name).cache().get());
    }
    caches.hits().clear();
  }

  private Set<String> names() {
    Set<String> names = new TreeSet<>(caches.tags().operations());
    caches.used().forEach(operation -> names.add(operation.name()));
    return names;
  }
}
