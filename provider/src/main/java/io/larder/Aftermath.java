package io.larder;

import io.larder.event.EventDispatcher;
import io.larder.event.EventDispatcher.Pending;
import io.larder.stats.JCacheStatistics;
import io.larder.store.Outcome;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a change that the store has made: its event and its count.
 *
 * <p>An entry that would have been over at its creation was never there: no event, no put. One that
 * its update ended was updated, then expired.
 */
record Aftermath<K, V>(Parts<K, V> parts, Pending<K, V> pending) {

  /** What was done to one entry. */
  record Done<K, V>(
      K key, @Nullable V prior, @Nullable V value, Effect effect, Outcome outcome, long start) {}

  /** Counts and publishes. */
  void of(Done<K, V> done) {
    V value = done.value();
    if (value == null) {
      removed(done);
    } else if (done.outcome() != Outcome.NOTHING) {
      stored(done, value);
    }
  }

  private void removed(Done<K, V> done) {
    V prior = done.prior();
    if (prior != null) {
      parts.statistics().removal(1);
      parts.statistics().removed(done.start(), 1);
      if (!parts.events().isEmpty()) {
        V told = parts.copier().copy(prior);
        K key = parts.copier().copy(done.key());
        parts.events().publish(pending, EventType.REMOVED, key, told, told);
      }
    }
  }

  private void stored(Done<K, V> done, V value) {
    JCacheStatistics statistics = parts.statistics();
    if (done.effect() == Effect.PUT) {
      statistics.put(1);
      statistics.wrote(done.start(), 1);
    }
    EventDispatcher<K, V> events = parts.events();
    if (events.isEmpty()) {
      return;
    }
    V told = parts.copier().copy(value);
    K key = parts.copier().copy(done.key());
    V prior = done.prior() == null ? null : parts.copier().copy(done.prior());
    EventType type = prior == null ? EventType.CREATED : EventType.UPDATED;
    events.publish(pending, type, key, told, prior);
    if (done.outcome() == Outcome.REMOVED) {
      events.publish(pending, EventType.EXPIRED, key, told, told);
    }
  }
}
