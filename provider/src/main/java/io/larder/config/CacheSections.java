package io.larder.config;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The settings of caches by name: one section applies, the one of exactly that name, else the most
 * specific pattern that matches, else none.
 *
 * @param patterns most specific first
 */
record CacheSections(CacheSettings base, Map<String, CacheSettings> exact, List<Pattern> patterns)
    implements Function<String, CacheSettings> {

  record Pattern(Glob glob, CacheSettings settings) {}

  CacheSections {
    exact = Collections.unmodifiableMap(new TreeMap<>(exact));
    patterns = List.copyOf(patterns);
  }

  @Override
  public CacheSettings apply(String cacheName) {
    CacheSettings own = exact.get(cacheName);
    if (own != null) {
      return own;
    }
    for (Pattern pattern : patterns) {
      if (pattern.glob().matches(cacheName)) {
        return pattern.settings();
      }
    }
    return base;
  }
}
