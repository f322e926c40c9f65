package io.larder.event;

import io.larder.event.Registration.Ticket;
import io.larder.log.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import javax.cache.Cache;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * Tells listeners of the changes that this process makes to one cache (JSR-107 chapter 8).
 *
 * <ul>
 *   <li>A listener hears the changes of one key in the order in which they were made, one at a
 *       time.
 *   <li>Changes of different keys may be heard at the same time and in any order.
 *   <li>A synchronous listener is called by the thread of a caller, after the change is made and
 *       before the call that made it returns. Its exception reaches that caller as a
 *       {@link CacheEntryListenerException}; the change stays.
 *   <li>An asynchronous listener is called by the manager's executor; its exceptions are logged.
 *   <li>A listener may use any cache. What it causes itself is heard before its call returns,
 *       unless that key's events are being delivered already: it does not wait for that.
 * </ul>
 *
 * <p>The path of an event: {@link #publish} while the engine holds the key's lock puts it into the
 * key's queue of each listener that wants it; {@link Pending#await} after the lock is released
 * delivers.
 */
public final class EventDispatcher<K, V> {

  private final CopyOnWriteArrayList<Registration<K, V>> registrations =
      new CopyOnWriteArrayList<>();
  private final Cache<K, V> source;
  private final Executor executor;
  private final Log log;

  /** For events of that cache; calls asynchronous listeners on that executor. */
  public EventDispatcher(Cache<K, V> source, Executor executor, Log log) {
    this.log = log.from(EventDispatcher.class);
    this.source = source;
    this.executor = executor;
  }

  /** Whether nobody listens. */
  public boolean isEmpty() {
    return registrations.isEmpty();
  }

  /** Whether anybody wants events of that type. */
  public boolean wants(EventType type) {
    for (Registration<K, V> registration : registrations) {
      if (registration.wants(type)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Adds a listener.
   *
   * @throws javax.cache.CacheException if a factory fails or makes null
   * @throws IllegalArgumentException if an equal configuration is registered already
   */
  public void register(CacheEntryListenerConfiguration<K, V> configuration) {
    synchronized (registrations) {
      for (Registration<K, V> registration : registrations) {
        if (registration.configuration().equals(configuration)) {
          throw new IllegalArgumentException(source.getName()
              + ": this listener configuration is registered already: " + configuration);
        }
      }
      registrations.add(new Registration<>(source.getName(), configuration));
    }
  }

  /**
   * Takes a listener away.
   *
   * @return the listener and its filter; empty if no equal configuration is registered
   */
  public List<Object> deregister(CacheEntryListenerConfiguration<K, V> configuration) {
    synchronized (registrations) {
      for (Registration<K, V> registration : registrations) {
        if (registration.configuration().equals(configuration)) {
          registrations.remove(registration);
          return registration.userObjects();
        }
      }
    }
    return List.of();
  }

  /** All listeners and filters. */
  public List<Object> userObjects() {
    return registrations.stream().flatMap(r -> r.userObjects().stream()).toList();
  }

  /** Puts a change into the queues of those who want it; call in the order of the key's changes. */
  public void publish(
      Pending<K, V> pending, EventType type, K key, @Nullable V value, @Nullable V oldValue) {
    for (Registration<K, V> registration : registrations) {
      if (registration.wants(type)) {
        pending.add(registration.enqueue(new LarderEvent<>(source, type, key, value, oldValue)));
      }
    }
  }

  /** Events of one call that no listener has heard yet. */
  public Pending<K, V> pending() {
    return new Pending<>(log, executor);
  }

  /** The events that one call has published. Used by one thread. */
  public static final class Pending<K, V> {

    private final Log log;
    private final Executor executor;
    private final List<Ticket<K, V>> tickets = new ArrayList<>(2);

    private Pending(Log log, Executor executor) {
      this.log = log;
      this.executor = executor;
    }

    private void add(Ticket<K, V> ticket) {
      tickets.add(ticket);
    }

    /**
     * Has the events delivered; returns when the synchronous listeners have heard them. Call
     * without holding the key's lock.
     *
     * @throws CacheEntryListenerException if a synchronous listener failed; others heard their
     *     events all the same
     */
    public void await() {
      for (Ticket<K, V> ticket : tickets) {
        Registration<K, V> registration = ticket.registration();
        if (!registration.isSynchronous()) {
          deliverLater(ticket);
        } else if (!registration.isDrainedByThisThread(ticket.key())) {
          registration.drain(ticket.key());
        }
      }
      CacheEntryListenerException failure = null;
      for (Ticket<K, V> ticket : tickets) {
        if (ticket.registration().isSynchronous()) {
          failure = join(ticket, failure);
        }
      }
      tickets.clear();
      if (failure != null) {
        throw failure;
      }
    }

    private static <K, V> @Nullable CacheEntryListenerException join(
        Ticket<K, V> ticket, @Nullable CacheEntryListenerException earlier) {
      if (Registration.isDelivering() && !ticket.done().isDone()) {
        return earlier;
      }
      try {
        ticket.done().join();
        return earlier;
      } catch (CompletionException e) {
        if (!(e.getCause() instanceof CacheEntryListenerException failure)) {
          if (e.getCause() instanceof Error error) {
            throw error;
          }
          throw e;
        }
        if (earlier == null) {
          return failure;
        }
        if (earlier != failure) {
          earlier.addSuppressed(failure);
        }
        return earlier;
      }
    }

    /** When the manager has closed meanwhile, nobody is left to hear it. */
    private void deliverLater(Ticket<K, V> ticket) {
      try {
        executor.execute(() -> deliverQuietly(ticket));
      } catch (RejectedExecutionException e) {
        log.debug("closed before an asynchronous listener was told of a change", e);
      }
    }

    private void deliverQuietly(Ticket<K, V> ticket) {
      ticket.registration().drain(ticket.key());
      ticket.done().whenComplete((nothing, e) -> {
        if (e != null) {
          log.warn("asynchronous cache entry listener failed", e);
        }
      });
    }
  }
}
