package io.larder.store;

/**
 * What a near tier tells those who let several callers share one running call (a load): from now on
 * nobody may join the calls that are running, since what they answer may be older than what this
 * process has seen. Must not block. Thread-safe.
 *
 * @param <K> the type of keys
 */
public interface FlightEnder<K> {

  /** Nobody may join the running call for that key any more. */
  void ended(K key);

  /** Nobody may join any running call any more. */
  void allEnded();

  /** For those who share no calls. */
  static <K> FlightEnder<K> none() {
    return new FlightEnder<>() {
      @Override
      public void ended(K key) {}

      @Override
      public void allEnded() {}
    };
  }
}
