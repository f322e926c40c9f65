package io.larder;

import io.larder.log.Log;
import java.io.Closeable;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import javax.cache.CacheException;
import javax.cache.configuration.Factory;
import org.jspecify.annotations.Nullable;

/**
 * What the application's factories have made for one cache: loader, writer, expiry policy,
 * listeners. Those that are {@link Closeable} are closed with the cache, each once (JSR-107,
 * {@code Cache.close}).
 */
final class UserObjects {

  private final String cacheName;
  private final Log log;
  private final Set<Object> objects = Collections.newSetFromMap(new IdentityHashMap<>());

  UserObjects(Log log) {
    this.cacheName = log.subject();
    this.log = log.from(UserObjects.class);
  }

  /**
   * What a factory makes.
   *
   * @throws CacheException if the factory fails
   * @throws IllegalArgumentException if there is no factory or it makes null
   */
  <T> T created(@Nullable Factory<? extends T> factory) {
    if (factory == null) {
      throw new IllegalArgumentException(
          cacheName + ": a factory is null that must be there (of the expiry policy)");
    }
    T made;
    try {
      made = factory.create();
    } catch (RuntimeException e) {
      throw new CacheException(
          cacheName + ": factory " + factory.getClass().getName() + " failed: " + e, e);
    }
    if (made == null) {
      throw new IllegalArgumentException(
          cacheName + ": factory " + factory.getClass().getName() + " made null");
    }
    add(made);
    return made;
  }

  <T> @Nullable T createdIfAny(@Nullable Factory<? extends T> factory) {
    return factory == null ? null : created(factory);
  }

  synchronized void add(Object made) {
    objects.add(made);
  }

  /** Closes objects whose use has ended before the cache's. */
  synchronized void closeNow(Collection<Object> ended) {
    for (Object object : ended) {
      if (object instanceof Closeable closeable) {
        closeQuietly(closeable);
      }
      objects.remove(object);
    }
  }

  synchronized void close() {
    closeNow(List.copyOf(objects));
  }

  /** One that fails must not keep the others open. */
  void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      log.warn("{} could not be closed", closeable.getClass().getName(), e);
    }
  }
}
