package io.larder.benchmarks;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A cache under measurement. */
interface Contender extends AutoCloseable {

  int PORTION = 500;

  @Nullable
  Object get(String key);

  void put(String key, Object value);

  void putAll(Map<String, Object> entries);

  /** Puts a value for each key, in portions. */
  default void fill(Keys keys, Payload payload) {
    Map<String, Object> portion = new HashMap<>();
    for (int number = 0; number < keys.count(); number++) {
      portion.put(keys.key(number), payload.value(number));
      if (portion.size() == PORTION || number == keys.count() - 1) {
        putAll(portion);
        portion.clear();
      }
    }
  }

  /** Makes ready for the measurement: every key is there and, if that is measured, near. */
  default void settle(Keys keys) {
    for (int number = 0; number < keys.count(); number++) {
      if (get(keys.key(number)) == null) {
        throw new IllegalStateException("no value for the key " + keys.key(number));
      }
    }
  }

  /**
   * Looks whether the measurement measured what it says.
   *
   * @throws IllegalStateException if it did not
   */
  default void verify() {}

  @Override
  void close();
}
