package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.config.AlertSettings;
import io.larder.config.AlertSettings.Levels;
import io.larder.stats.Alert;
import io.larder.stats.Alert.Level;
import io.larder.stats.JCacheStatistics;
import io.larder.testing.RedisServer;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** When alerts are raised and cleared, whom they reach, and what shows in JMX. */
final class AlertTest {

  private static final AlertSettings SETTINGS = new AlertSettings(
      new Levels(0.7, 0.5),
      new Levels(100, 200),
      new Levels(100_000, 500_000),
      new Levels(50, 100),
      3,
      Duration.ofSeconds(30),
      Duration.ofSeconds(60));

  private final JCacheStatistics statistics = new JCacheStatistics(false, true);
  private final AtomicLong memory = new AtomicLong();
  private final List<Alert> alerts = new ArrayList<>();
  private final CacheMonitor monitor =
      new CacheMonitor("books", SETTINGS, statistics, memory::get, alerts::add);
  private long now = System.nanoTime();

  @Test
  void levelIsRaisedWhenEnteredOrWorseAndClearedAtTheSecondGoodCheck() {
    AlertLevel level = new AlertLevel();

    assertThat(level.checked(Level.CLEARED)).isEmpty();
    assertThat(level.checked(Level.WARNING)).contains(Level.WARNING);
    assertThat(level.checked(Level.WARNING)).isEmpty();
    assertThat(level.checked(Level.CRITICAL)).contains(Level.CRITICAL);
    assertThat(level.checked(Level.WARNING)).isEmpty();
    assertThat(level.checked(Level.CRITICAL)).isEmpty();
    assertThat(level.checked(Level.CLEARED)).isEmpty();
    assertThat(level.checked(Level.WARNING)).isEmpty();
    assertThat(level.checked(Level.CLEARED)).isEmpty();
    assertThat(level.checked(Level.CLEARED)).contains(Level.CLEARED);
    assertThat(level.checked(Level.CLEARED)).isEmpty();
    assertThat(level.checked(Level.WARNING)).contains(Level.WARNING);
  }

  @Test
  void hitRatioBelowItsThresholds() {
    check(7, 3);
    assertThat(alerts).isEmpty();
    check(69, 31);
    assertAlert("hit_ratio", Level.WARNING, "the hit ratio of 100 reads is 0.69, below 0.7");
    check(50, 50);
    assertThat(alerts).isEmpty();
    check(49, 51);
    assertAlert("hit_ratio", Level.CRITICAL, "the hit ratio of 100 reads is 0.49, below 0.5");
    check(100, 0);
    check(100, 0);
    assertAlert("hit_ratio", Level.CLEARED, "the hit ratio of 100 reads is 1.00");
  }

  @Test
  void cacheWithoutTrafficHasNoHitRatioToComplainOf() {
    check(0, 0);
    check(0, 9);
    check(0, 0);
    assertThat(alerts).isEmpty();
    check(0, 1);
    assertAlert("hit_ratio", Level.CRITICAL, "the hit ratio of 10 reads is 0.00, below 0.5");
    check(0, 0);
    check(0, 0);
    assertThat(alerts).isEmpty();
  }

  @Test
  void cacheWhoseEntriesComeAndGoIsNotComplainedOfForThat() {
    statistics.expectChurn();
    check(0, 100);
    for (int i = 0; i < 200; i++) {
      statistics.removed(System.nanoTime(), 1);
    }
    check(0, 100);
    assertThat(alerts).isEmpty();
  }

  @Test
  void operationTimeAboveItsThresholds() {
    write(5, 90_000);
    assertThat(alerts).isEmpty();
    write(5, 200_000);
    assertThat(alerts).singleElement().satisfies(alert -> {
      assertThat(alert.metric()).isEqualTo("operation_time");
      assertThat(alert.level()).isEqualTo(Level.WARNING);
      assertThat(alert.cache()).isEqualTo("books");
    });
    write(5, 5_000_000);
    assertThat(alerts.get(1).level()).isEqualTo(Level.CRITICAL);
  }

  /** As long as the operations take here: they are timed by the machine's own clock. */
  private void write(int count, long millis) {
    for (int i = 0; i < count; i++) {
      statistics.put(1);
      statistics.wrote(System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(millis), 1);
    }
    monitor.check(now);
  }

  @Test
  void memoryAboveItsThresholds() {
    memory.set(100L << 20);
    monitor.checkMemory();
    assertThat(alerts).isEmpty();
    memory.set(101L << 20);
    monitor.checkMemory();
    assertAlert(
        "memory", Level.WARNING, "the entries in this process take about 101.0 MB, above 100");
    memory.set(201L << 20);
    monitor.checkMemory();
    assertAlert(
        "memory", Level.CRITICAL, "the entries in this process take about 201.0 MB, above 200");
  }

  @Test
  void invalidationsOfTheLastHour() {
    for (int minute = 0; minute < 120; minute++) {
      statistics.cleared();
      if (minute % 2 == 0) {
        now += TimeUnit.MINUTES.toNanos(3);
      }
      monitor.check(now);
    }
    assertThat(alerts).isEmpty();
    statistics.removal(30);
    monitor.check(now);
    assertThat(alerts).singleElement().satisfies(alert -> {
      assertThat(alert.metric()).isEqualTo("invalidations_per_hour");
      assertThat(alert.level()).isEqualTo(Level.WARNING);
    });
    now += TimeUnit.MINUTES.toNanos(61);
    monitor.check(now);
    now += TimeUnit.MINUTES.toNanos(61);
    monitor.check(now);
    monitor.check(now);
    assertThat(alerts.get(1).level()).isEqualTo(Level.CLEARED);
  }

  @Test
  void clearedStatisticsStartAgain() {
    check(0, 5);
    statistics.clear();
    check(0, 9);
    assertThat(alerts).isEmpty();
  }

  private void check(int hits, int misses) {
    for (int i = 0; i < hits; i++) {
      statistics.hit();
    }
    for (int i = 0; i < misses; i++) {
      statistics.miss();
    }
    monitor.check(now);
  }

  private void assertAlert(String metric, Level level, String message) {
    assertThat(alerts).singleElement().satisfies(alert -> {
      assertThat(alert.cache()).isEqualTo("books");
      assertThat(alert.metric()).isEqualTo(metric);
      assertThat(alert.level()).isEqualTo(level);
      assertThat(alert.message()).isEqualTo(message);
      assertThat(alert.time()).isNotNull();
    });
    alerts.clear();
  }

  @Test
  void alertsReachListenersThoughOneThrows() throws Exception {
    Properties often = often();
    try (TestCaches caches = TestCaches.in(Mode.HEAP, null, often)) {
      LarderCacheManager manager = caches.manager().unwrap(LarderCacheManager.class);
      List<Alert> heard = new CopyOnWriteArrayList<>();
      manager.addAlertListener(alert -> {
        throw new IllegalStateException("a listener of the test");
      });
      manager.addAlertListener(heard::add);
      LarderCache<String, String> cache = caches.cache(
          caches.configuration(String.class, String.class).setStatisticsEnabled(false));
      for (int i = 0; i < 20; i++) {
        cache.get("none" + i);
      }

      // A busy machine may have told of the time that the reads took, too.
      await(() -> heard.stream().anyMatch(alert -> alert.metric().equals("hit_ratio")));
      assertThat(heard)
          .filteredOn(alert -> alert.metric().equals("hit_ratio"))
          .first()
          .satisfies(alert -> assertThat(alert.level()).isEqualTo(Level.CRITICAL))
          .satisfies(alert -> assertThat(manager.alerts()).contains(alert));
      MBeanServer server = ManagementFactory.getPlatformMBeanServer();
      ObjectName name =
          new ObjectName("io.larder:type=Cache,CacheManager=larder.development,Cache=cache");
      assertThat((String[]) server.getAttribute(name, "LastAlerts"))
          .anyMatch(text -> text.contains("CRITICAL hit_ratio"));
      assertThat(server.getAttribute(name, "CacheMisses")).isEqualTo(20L);
      assertThat(server.getAttribute(name, "Rating")).isEqualTo("POOR");
      assertThat(server.getAttribute(name, "Statistics").toString()).contains("hit_ratio");
      assertThat(server.getAttribute(name, "Tiers").toString()).contains("L1");

      cache.close();
      assertThat(server.isRegistered(name)).isFalse();
    }
  }

  @Test
  void redisThatIsAwayIsWarnedOfThenCriticalThenCleared() {
    RedisServer server = RedisServer.startOwn();
    Properties often = often();
    often.setProperty("alerts.failures_critical", "2");
    try (TestCaches caches = TestCaches.in(Mode.REDIS, server, often)) {
      LarderCacheManager manager = caches.manager().unwrap(LarderCacheManager.class);
      caches.cache(caches.configuration(String.class, String.class));
      server.kill();

      await(() -> levels(manager).equals(List.of(Level.WARNING, Level.CRITICAL)));
      assertThat(manager.alerts().get(0).cache()).isEqualTo(Alert.ALL_CACHES);
      server.startAgain();
      await(() -> levels(manager).equals(List.of(Level.WARNING, Level.CRITICAL, Level.CLEARED)));
    } finally {
      server.close();
    }
  }

  private static List<Level> levels(LarderCacheManager manager) {
    return manager.alerts().stream()
        .filter(alert -> alert.metric().equals("connection"))
        .map(Alert::level)
        .toList();
  }

  @Test
  void withoutMonitoringThereIsNoCheckAndNoTimer() throws Exception {
    Properties off = often();
    off.setProperty("enable_monitoring", "false");
    off.setProperty("default_ttl", "0");
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    try (TestCaches caches = TestCaches.in(Mode.HEAP, null, off)) {
      LarderCache<String, String> cache = caches.cache(
          "unmonitored",
          caches.configuration(String.class, String.class).setStatisticsEnabled(false));
      cache.get("none");
      ObjectName names = new ObjectName("io.larder:type=Cache,Cache=unmonitored,*");

      assertThat(Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> !before.contains(thread))
              .map(Thread::getName))
          .noneMatch(thread -> thread.startsWith("larder-timer"));
      assertThat(ManagementFactory.getPlatformMBeanServer().queryNames(names, null))
          .isEmpty();
      caches.manager().enableStatistics("unmonitored", true);
      assertThat(ManagementFactory.getPlatformMBeanServer().queryNames(names, null))
          .hasSize(1);
    }
  }

  private static Properties often() {
    Properties often = new Properties();
    Map.of("check_interval_seconds", "1", "resource_interval_seconds", "1")
        .forEach((key, value) -> often.setProperty("alerts." + key, value));
    return often;
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("not within 30 s").isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }
}
