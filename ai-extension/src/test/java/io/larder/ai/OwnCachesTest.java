package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.LarderCacheManager;
import io.larder.stats.Alert;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.Test;

/** The caches that an answer cache has for its own use, as the manager's monitoring sees them. */
final class OwnCachesTest {

  @Test
  void whatIsNotThereInThemRaisesNoAlert() throws Exception {
    Properties often = new Properties();
    often.setProperty("alerts.check_interval_seconds", "1");
    try (AiCaches caches = AiCaches.in(Place.HEAP, null, often)) {
      AiCache cache = caches.cache();
      for (int i = 0; i < 200; i++) {
        AiRequest request =
            AiRequest.builder("qa").text("why " + i).tags("t" + i).build();
        cache.getOrCompute(request, () -> AiAnswer.of("answer"));
        cache.get(request);
      }
      cache.close(); // adds up the hits
      awaitCheck(caches.manager(), "before");
      awaitCheck(caches.manager(), "after"); // so the one before has looked at all caches
      assertThat(alerts(caches.manager()))
          .filteredOn(alert -> !alert.metric().equals("operation_time"))
          .extracting(Alert::cache)
          .doesNotContain(Caches.TAGS, Caches.HITS, Caches.LEASES);
    }
  }

  private static List<Alert> alerts(CacheManager manager) {
    return manager.unwrap(LarderCacheManager.class).alerts();
  }

  /** Returns when a check has seen a cache whose reads miss. */
  private static void awaitCheck(CacheManager manager, String name) {
    var plain = manager.createCache(name, new MutableConfiguration<>());
    for (int i = 0; i < 20; i++) {
      plain.get(i);
    }
    long start = System.nanoTime();
    while (alerts(manager).stream().noneMatch(alert -> alert.cache().equals(name))) {
      if (System.nanoTime() - start > TimeUnit.MINUTES.toNanos(1)) {
        throw new AssertionError("no alert for " + name);
      }
      LockSupport.parkNanos(1_000_000); // until it is checked
    }
  }
}
