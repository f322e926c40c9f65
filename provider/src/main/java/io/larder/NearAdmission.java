package io.larder;

import io.larder.log.Log;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiPredicate;

/**
 * The application's choice of what the near tier holds. Where it fails, nothing is held, and the
 * first time that is said.
 */
record NearAdmission<K, V>(Log log, BiPredicate<? super K, ? super V> chosen, AtomicBoolean said)
    implements BiPredicate<K, V> {

  NearAdmission(Log log, BiPredicate<? super K, ? super V> chosen) {
    this(log.from(NearAdmission.class), chosen, new AtomicBoolean());
  }

  @Override
  public boolean test(K key, V value) {
    try {
      return chosen.test(key, value);
    } catch (RuntimeException e) {
      if (said.compareAndSet(false, true)) {
        String type = chosen.getClass().getName();
        log.warn("the near tier holds nothing for which {} fails: {}", type, e.toString());
      }
      return false;
    }
  }
}
