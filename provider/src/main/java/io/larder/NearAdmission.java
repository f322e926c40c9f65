package io.larder;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The application's choice of what the near tier holds. Where it fails, nothing is held, and the
 * first time that is said.
 */
record NearAdmission<K, V>(
    String cacheName, BiPredicate<? super K, ? super V> chosen, AtomicBoolean said)
    implements BiPredicate<K, V> {

  private static final Logger LOG = LoggerFactory.getLogger(NearAdmission.class);

  NearAdmission(String cacheName, BiPredicate<? super K, ? super V> chosen) {
    this(cacheName, chosen, new AtomicBoolean());
  }

  @Override
  public boolean test(K key, V value) {
    try {
      return chosen.test(key, value);
    } catch (RuntimeException e) {
      if (said.compareAndSet(false, true)) {
        String type = chosen.getClass().getName();
        LOG.warn("{}: the near tier holds nothing for which {} fails", cacheName, type, e);
      }
      return false;
    }
  }
}
