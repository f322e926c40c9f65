package io.larder.ai;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Which requests the current thread is making calls for, so that none waits for itself: a call that
 * asks for its own request makes a call of its own. Handed on to the threads that do what a call
 * asks for later. Thread-safe.
 */
final class Nesting {

  private final ThreadLocal<Set<String>> keys = ThreadLocal.withInitial(Set::of);

  /** The keys of the requests that the thread is making calls for. */
  Set<String> now() {
    return keys.get();
  }

  boolean contains(String key) {
    return keys.get().contains(key);
  }

  /** Those keys and one more. */
  Set<String> with(String key) {
    return with(Set.of(key));
  }

  /** Those keys and more. */
  Set<String> with(Collection<String> given) {
    Set<String> known = keys.get();
    if (known.containsAll(given)) {
      return known;
    }
    Set<String> more = new HashSet<>(known);
    more.addAll(given);
    return more;
  }

  /** Runs something as if within calls for those keys. */
  <T> T within(Set<String> given, Supplier<T> action) {
    Set<String> before = enter(given);
    try {
      return action.get();
    } finally {
      leave(before);
    }
  }

  /** From now on the thread is within calls for those keys; gives what it was before. */
  Set<String> enter(Set<String> given) {
    Set<String> before = keys.get();
    keys.set(given);
    return before;
  }

  /** Goes back to what it was before. */
  void leave(Set<String> before) {
    if (before.isEmpty()) {
      keys.remove();
    } else {
      keys.set(before);
    }
  }
}
