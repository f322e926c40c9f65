package io.larder.store.model;

import java.util.ArrayList;
import java.util.List;

/**
 * What each key held and when it ceased to hold it, as an outside observer saw it: what answers are
 * judged by. A state of a key is called by its index. Eviction is no change: what was evicted is
 * missing, not untrue. Where Redis itself loses writes, whoever sees that may see them once more
 * for as long as a proof lives.
 */
final class Truth {

  private static final int STILL = Integer.MAX_VALUE;

  private record State(int value, int deadline, int end, int since) {}

  private final List<List<State>> history = new ArrayList<>();

  Truth() {
    for (int key = 0; key < Redis.KEYS; key++) {
      history.add(new ArrayList<>(List.of(new State(0, STILL, STILL, 0))));
    }
  }

  Truth(Truth other) {
    other.history.forEach(states -> history.add(new ArrayList<>(states)));
  }

  /** For each key the oldest state that may be seen by who has seen the present one. */
  int[] indexes() {
    int[] indexes = new int[Redis.KEYS];
    for (int key = 0; key < indexes.length; key++) {
      indexes[key] = last(key).since;
    }
    return indexes;
  }

  int value(int key) {
    return last(key).value;
  }

  int[] values() {
    int[] values = new int[Redis.KEYS];
    for (int key = 0; key < values.length; key++) {
      values[key] = value(key);
    }
    return values;
  }

  /** The key holds another value from now on. */
  void change(int key, int value, int deadline, int now) {
    change(key, new State(value, deadline, STILL, history.get(key).size()), now);
  }

  /** Redis has lost what the key held after that state, and holds another value, or none. */
  void lose(int key, int value, int after, int now) {
    change(key, new State(value, deadline(key, value), STILL, after), now);
  }

  private void change(int key, State next, int now) {
    List<State> states = history.get(key);
    State last = last(key);
    states.set(states.size() - 1, new State(last.value, last.deadline, now, last.since));
    states.add(next);
  }

  /** Values whose deadline has come end. */
  void expire(int now) {
    for (int key = 0; key < Redis.KEYS; key++) {
      if (last(key).value != 0 && last(key).deadline <= now) {
        change(key, 0, STILL, now);
      }
    }
  }

  int deadline(int key, int value) {
    if (value == 0) {
      return STILL;
    }
    for (State state : history.get(key)) {
      if (state.value == value) {
        return state.deadline;
      }
    }
    return STILL;
  }

  /**
   * The oldest state that may be seen by who sees that value: the first, not before the given one,
   * in which the key held it, and held it no longer ago than a proof lives; or -1.
   */
  int find(int key, int value, int from, int now) {
    List<State> states = history.get(key);
    for (int i = from; i < states.size(); i++) {
      State state = states.get(i);
      if (state.value == value && (state.end == STILL || now - state.end <= NearModel.LIFETIME)) {
        return Math.max(from, state.since);
      }
    }
    return -1;
  }

  private State last(int key) {
    List<State> states = history.get(key);
    return states.get(states.size() - 1);
  }

  void encode(StringBuilder out) {
    for (List<State> states : history) {
      for (State state : states) {
        out.append(state.value).append('.').append(state.deadline).append('.').append(state.end);
        out.append('.').append(state.since).append(' ');
      }
      out.append('|');
    }
  }
}
