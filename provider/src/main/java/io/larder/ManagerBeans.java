package io.larder;

import io.larder.management.CacheBeans;
import io.larder.management.CacheBeans.Kind;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The beans that one manager has in JMX. Thread-safe where calls for one cache are in turn. */
final class ManagerBeans {

  private record Name(Kind kind, String cacheName) {}

  private final CacheBeans beans;
  private final Map<Name, Runnable> registered = new ConcurrentHashMap<>();

  ManagerBeans(URI uri) {
    beans = new CacheBeans(uri);
  }

  /** Shows that bean in place of an earlier one, or none. */
  void show(Kind kind, String cacheName, @Nullable Object bean) {
    Name name = new Name(kind, cacheName);
    Runnable earlier = registered.remove(name);
    if (earlier != null) {
      earlier.run();
    }
    if (bean != null) {
      registered.put(name, beans.register(kind, cacheName, bean));
    }
  }

  /** Takes out all beans of a cache, also when one fails. */
  void hide(String cacheName) {
    Failures failures = new Failures(null);
    for (Kind kind : Kind.values()) {
      failures.collect(() -> show(kind, cacheName, null));
    }
    failures.throwIfAny();
  }
}
