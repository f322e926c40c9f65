package io.larder.event;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import javax.cache.CacheException;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.Factory;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryListener;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * One registered listener and the events that wait for it.
 *
 * <p>Each key has a queue; whoever finds it idle drains it, so that a listener hears the changes of
 * a key one at a time and in their order, and different keys do not wait for each other. A listener
 * that changes a cache does not wait for events that others deliver, or that are next in the queue
 * that its own thread is draining: two listeners that change each other's keys would wait for ever.
 */
final class Registration<K, V> {

  /** There for threads that are within a listener, of whatever cache. */
  private static final ThreadLocal<Boolean> DELIVERING = new ThreadLocal<>();

  private final CacheEntryListenerConfiguration<K, V> configuration;
  private final CacheEntryListener<? super K, ? super V> listener;
  private final @Nullable CacheEntryEventFilter<? super K, ? super V> filter;
  private final ConcurrentHashMap<K, Queue<K, V>> queues = new ConcurrentHashMap<>();

  /**
   * For listener and filter as the configuration's factories make them.
   *
   * @throws CacheException if a factory fails or makes null, or there is none of the listener
   */
  Registration(String cacheName, CacheEntryListenerConfiguration<K, V> configuration) {
    this.configuration = configuration;
    this.listener = made(cacheName, "listener", configuration.getCacheEntryListenerFactory());
    Factory<CacheEntryEventFilter<? super K, ? super V>> filters =
        configuration.getCacheEntryEventFilterFactory();
    try {
      this.filter = filters == null ? null : made(cacheName, "listener's filter", filters);
    } catch (RuntimeException | Error e) {
      closeAfter(e, listener);
      throw e;
    }
  }

  private static <T> T made(String cacheName, String what, @Nullable Factory<T> factory) {
    if (factory == null) {
      throw new CacheException(cacheName + ": the factory of a " + what + " is null");
    }
    String named = cacheName + ": factory " + factory.getClass().getName() + " of a " + what;
    T made;
    try {
      made = factory.create();
    } catch (RuntimeException e) {
      throw new CacheException(named + " failed: " + e, e);
    }
    if (made == null) {
      throw new CacheException(named + " made null");
    }
    return made;
  }

  private static void closeAfter(Throwable failure, Object made) {
    if (made instanceof Closeable closeable) {
      try {
        closeable.close();
      } catch (IOException | RuntimeException e) {
        failure.addSuppressed(e);
      }
    }
  }

  CacheEntryListenerConfiguration<K, V> configuration() {
    return configuration;
  }

  boolean isSynchronous() {
    return configuration.isSynchronous();
  }

  /** The listener and, if there is one, the filter. */
  List<Object> userObjects() {
    return filter == null ? List.of(listener) : List.of(listener, filter);
  }

  boolean wants(EventType type) {
    return switch (type) {
      case CREATED -> listener instanceof CacheEntryCreatedListener;
      case UPDATED -> listener instanceof CacheEntryUpdatedListener;
      case REMOVED -> listener instanceof CacheEntryRemovedListener;
      case EXPIRED -> listener instanceof CacheEntryExpiredListener;
    };
  }

  /** Puts the event in its key's queue; {@link #drain} delivers it. */
  Ticket<K, V> enqueue(LarderEvent<K, V> event) {
    Ticket<K, V> ticket = new Ticket<>(this, event);
    queues.compute(event.getKey(), (key, queue) -> {
      Queue<K, V> target = queue == null ? new Queue<>() : queue;
      target.waiting.addLast(ticket);
      return target;
    });
    return ticket;
  }

  /** Drains the key's queue unless another thread does so already. */
  void drain(K key) {
    boolean nested = isDelivering();
    DELIVERING.set(true);
    try {
      drainAll(key);
    } finally {
      if (!nested) {
        DELIVERING.remove();
      }
    }
  }

  /** Whether this thread is within a listener. */
  static boolean isDelivering() {
    return DELIVERING.get() != null;
  }

  private void drainAll(K key) {
    for (Ticket<K, V> next = take(key, true); next != null; next = take(key, false)) {
      try {
        call(next.event);
        next.done.complete(null);
      } catch (Throwable e) {
        next.done.completeExceptionally(e);
      }
    }
  }

  boolean isDrainedByThisThread(K key) {
    Queue<K, V> queue = queues.get(key);
    return queue != null && queue.drainer == Thread.currentThread();
  }

  private @Nullable Ticket<K, V> take(K key, boolean first) {
    List<Ticket<K, V>> taken = new ArrayList<>(1);
    queues.computeIfPresent(key, (k, queue) -> {
      if (first && queue.drainer != null) {
        return queue;
      }
      Ticket<K, V> head = queue.waiting.pollFirst();
      if (head == null) {
        return null;
      }
      queue.drainer = Thread.currentThread();
      taken.add(head);
      return queue;
    });
    return taken.isEmpty() ? null : taken.get(0);
  }

  private void call(LarderEvent<K, V> event) {
    if (!passes(event)) {
      return;
    }
    try {
      tell(List.of(event), event.getEventType());
    } catch (CacheEntryListenerException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failed(event, "listener", listener, e);
    }
  }

  private boolean passes(LarderEvent<K, V> event) {
    CacheEntryEventFilter<? super K, ? super V> test = filter;
    if (test == null) {
      return true;
    }
    try {
      return test.evaluate(event);
    } catch (CacheEntryListenerException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failed(event, "listener's filter", test, e);
    }
  }

  private static CacheEntryListenerException failed(
      LarderEvent<?, ?> event, String what, Object which, RuntimeException cause) {
    return new CacheEntryListenerException(
        event.getSource().getName() + ": " + what + " " + which.getClass().getName() + " failed",
        cause);
  }

  @SuppressWarnings("unchecked")
  private void tell(Iterable<CacheEntryEvent<? extends K, ? extends V>> events, EventType type) {
    switch (type) {
      case CREATED -> ((CacheEntryCreatedListener<K, V>) listener).onCreated(events);
      case UPDATED -> ((CacheEntryUpdatedListener<K, V>) listener).onUpdated(events);
      case REMOVED -> ((CacheEntryRemovedListener<K, V>) listener).onRemoved(events);
      case EXPIRED -> ((CacheEntryExpiredListener<K, V>) listener).onExpired(events);
    }
  }

  /**
   * The events that wait under one key. Guarded by the map's lock on that key, but for reading
   * {@code drainer}.
   */
  private static final class Queue<K, V> {
    private final Deque<Ticket<K, V>> waiting = new ArrayDeque<>(2);
    private volatile @Nullable Thread drainer;
  }

  /** One event on its way to one listener. */
  static final class Ticket<K, V> {

    private final Registration<K, V> registration;
    private final LarderEvent<K, V> event;
    private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

    private Ticket(Registration<K, V> registration, LarderEvent<K, V> event) {
      this.registration = registration;
      this.event = event;
    }

    Registration<K, V> registration() {
      return registration;
    }

    K key() {
      return event.getKey();
    }

    CompletableFuture<@Nullable Void> done() {
      return done;
    }
  }
}
