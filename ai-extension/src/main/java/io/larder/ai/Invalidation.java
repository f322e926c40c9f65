package io.larder.ai;

import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;
import javax.cache.Cache;

/**
 * Takes answers out of the caches. Thread-safe.
 *
 * <p><b>Design.</b> An operation's answers carry its tag, so giving that another generation ends
 * them all at once; then those that were valid until then are counted, and the cache is cleared of
 * what nobody can read any more.
 */
final class Invalidation {

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
    long now = clock.millis();
    long count = 0;
    for (Cache.Entry<String, StoredAnswer> entry : cache) {
      StoredAnswer answer = entry.getValue();
      if ((answer.validMillis() == 0 || now < answer.validMillis())
          && validity.held(answer.tags(), tag, before)) {
        count++;
      }
    }
    cache.clear();
    return count;
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
      caches.tags().renew(Tags.ofOperation(name));
      caches.operation(name).cache().get().clear();
    }
    caches.hits().clear();
  }

  private Set<String> names() {
    Set<String> names = new TreeSet<>(caches.tags().operations());
    caches.used().forEach(operation -> names.add(operation.name()));
    return names;
  }
}
