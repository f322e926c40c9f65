package io.larder.ai;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Which requests the current thread is making calls for, so that none waits for itself: a call that
 * asks for its own request makes a call of its own. Handed on to the threads that do what a call
 * asks for later. Thread-safe.
 *
 * <p><b>Design.</b> Answer caches that share leases would wait for each other, so what a thread is
 * within is known to all of them, in one thread-local: each key with the name of what is shared.
 * Whoever enters leaves, and what is left last leaves nothing behind.
 */
final class Nesting {

  private static final ThreadLocal<Set<Call>> CALLS = ThreadLocal.withInitial(Set::of);

  private final String shared;

  /**
   * For one answer cache.
   *
   * @param shared names what its answers and leases are in
   */
  Nesting(String shared) {
    this.shared = shared;
  }

  /** A request that a call is made for, and where its answer belongs. */
  record Call(String shared, String key) {}

  /** What the thread is making calls for. */
  Set<Call> now() {
    return CALLS.get();
  }

  boolean contains(String key) {
    return isIn(CALLS.get(), key);
  }

  /** Whether a request is among those. */
  boolean isIn(Set<Call> calls, String key) {
    return !calls.isEmpty() && calls.contains(new Call(shared, key));
  }

  /** What the thread is within, and one more. */
  Set<Call> with(String key) {
    return with(Set.of(key));
  }

  /** What the thread is within, and more. */
  Set<Call> with(Collection<String> keys) {
    Set<Call> more = new HashSet<>(CALLS.get());
    keys.forEach(key -> more.add(new Call(shared, key)));
    return more;
  }

  /** From now on the thread is within those calls; gives what it was before. */
  Set<Call> enter(Set<Call> given) {
    Set<Call> before = CALLS.get();
    CALLS.set(given);
    return before;
  }

  /** Goes back to what it was before. */
  void leave(Set<Call> before) {
    if (before.isEmpty()) {
      CALLS.remove();
    } else {
      CALLS.set(before);
    }
  }
}
