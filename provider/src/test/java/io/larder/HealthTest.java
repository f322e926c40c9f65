package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.stats.CacheStats;
import io.larder.stats.Diagnosis;
import io.larder.stats.Diagnosis.Area;
import io.larder.stats.Diagnosis.Finding;
import io.larder.stats.Diagnosis.Severity;
import io.larder.stats.Health;
import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.expiry.CreatedExpiryPolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Health, ping and diagnosis: with a Redis that is there, away, and tight with its rights. */
final class HealthTest {

  private static RedisServer redis;

  @BeforeAll
  static void start() {
    redis = RedisServer.startOwn();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void healthyCacheIsLeftAsItWas(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis);
        RespConnection connection = redis.connect()) {
      AtomicInteger heard = new AtomicInteger();
      CacheEntryCreatedListener<String, String> listener =
          events -> events.forEach(event -> heard.incrementAndGet());
      LarderCache<String, String> cache = caches.cache(caches
          .configuration(String.class, String.class)
          .addCacheEntryListenerConfiguration(new MutableCacheEntryListenerConfiguration<>(
              new FactoryBuilder.SingletonFactory<>(listener), null, false, true)));
      cache.put("k", "v");
      cache.get("k");
      heard.set(0);
      CacheStats before = cache.stats();
      String namespace =
          caches.manager().unwrap(LarderCacheManager.class).settings().namespace();
      TreeSet<String> keys = keys(connection, namespace);

      Health health = cache.health();

      assertThat(health.subject()).isEqualTo("cache");
      assertThat(health.checks())
          .extracting("name")
          .containsExactly("connectivity", "round_trip", "performance", "memory");
      for (String name : List.of("connectivity", "round_trip")) {
        assertThat(health.check(name).orElseThrow().outcome()).isEqualTo(Health.Outcome.OK);
      }
      assertThat(health.status()).isNotEqualTo(Health.Status.UNHEALTHY);
      assertThat(health.check("performance").orElseThrow().message())
          .startsWith("30 operations of");
      assertThat(health.check("performance").orElseThrow().duration()).isPositive();
      assertThat(caches.manager().unwrap(LarderCacheManager.class).health().status())
          .isNotEqualTo(Health.Status.UNHEALTHY);
      assertThat(cache.ping()).isTrue();
      assertThat(keys(connection, namespace)).isEqualTo(keys);
      assertThat(cache.stats().asMap()).isEqualTo(before.asMap());
      assertThat(cache.stats().tiers()).isEqualTo(before.tiers());
      assertThat(heard).hasValue(0);
      assertThat(cache.get("k")).isEqualTo("v");
      cache.close();
      assertThatThrownBy(cache::health).isInstanceOf(IllegalStateException.class);
    }
  }

  /** All but those of caches of other tests, of which some may just be ending. */
  private static TreeSet<String> keys(RespConnection connection, String namespace) {
    return ((List<?>) connection.command("KEYS", "*"))
        .stream()
            .map(RespConnection::text)
            .filter(key -> key.contains(namespace) || !key.startsWith("larder:{t"))
            .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void anyFailureIsUnhealthyAndAnyWarningDegraded() {
    Health.Check ok = new Health.Check("a", Health.Outcome.OK, "", Duration.ZERO);
    Health.Check warning = new Health.Check("b", Health.Outcome.WARNING, "", Duration.ZERO);
    Health.Check failed = new Health.Check("c", Health.Outcome.FAILED, "", Duration.ZERO);

    assertThat(health(ok, ok)).isEqualTo(Health.Status.HEALTHY);
    assertThat(health(ok, warning)).isEqualTo(Health.Status.DEGRADED);
    assertThat(health(warning, failed)).isEqualTo(Health.Status.UNHEALTHY);
  }

  private static Health.Status health(Health.Check... checks) {
    return new Health("x", java.time.Instant.EPOCH, List.of(checks)).status();
  }

  @Test
  void redisThatIsAwayIsReportedInTime() {
    try (RedisServer own = RedisServer.startOwn()) {
      Properties more = new Properties();
      more.setProperty("operation_timeout_ms", "2000");
      try (TestCaches caches = TestCaches.in(Mode.NEAR, own, more)) {
        LarderCache<String, String> cache =
            caches.cache(caches.configuration(String.class, String.class));
        own.kill();

        long start = System.nanoTime();
        Health health = cache.health();
        Duration took = Duration.ofNanos(System.nanoTime() - start);

        assertThat(health.status()).isEqualTo(Health.Status.UNHEALTHY);
        assertThat(health.check("connectivity").orElseThrow().outcome())
            .isEqualTo(Health.Outcome.FAILED);
        assertThat(took).isLessThan(Duration.ofSeconds(15));
        assertThat(cache.ping()).isFalse();
        Diagnosis diagnosis = cache.diagnose();
        assertThat(diagnosis.problems()).anyMatch(found -> found.area() == Area.CONNECTION);
        assertThat(caches.manager().unwrap(LarderCacheManager.class).health().status())
            .isEqualTo(Health.Status.UNHEALTHY);
      }
    }
  }

  @Test
  void largeEntriesDegradeMemory() {
    Properties more = new Properties();
    more.setProperty("alerts.memory_warning_mb", "1");
    try (TestCaches caches = TestCaches.in(Mode.HEAP, redis, more)) {
      LarderCache<Integer, String> cache =
          caches.cache(caches.configuration(Integer.class, String.class));
      cache.put(1, "x".repeat(2_000_000));

      assertThat(cache.health().check("memory").orElseThrow().outcome())
          .isEqualTo(Health.Outcome.WARNING);
      assertThat(cache.health().status()).isEqualTo(Health.Status.DEGRADED);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HEAP", "NEAR"})
  void keysThatDifferByCaseOrSpacesAreFound(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      LarderCache<String, String> cache =
          caches.cache(caches.configuration(String.class, String.class));
      cache.put("Paris", "v");
      cache.put("paris ", "v");
      cache.put("Rome", "v");
      cache.get("PARIS");

      Diagnosis diagnosis = cache.diagnose();

      assertThat(messages(diagnosis, Area.HIT_RATIO, Severity.PROBLEM))
          .anyMatch(text -> text.equals("none of 1 reads found an entry"))
          .anyMatch(text -> text.startsWith("1 of 3 keys differ from another"));
      assertThat(messages(diagnosis, Area.HIT_RATIO, Severity.OK))
          .anyMatch(text -> text.startsWith("a round trip works"))
          .anyMatch(text -> text.startsWith("times to live work"));
      assertThat(diagnosis.recommendations()).anyMatch(text -> text.contains("one form"));
    }
  }

  @Test
  void connectionIsDescribedAndLargeEntriesAreFound() {
    try (TestCaches caches = TestCaches.in(Mode.REDIS, redis)) {
      LarderCache<String, String> cache =
          caches.cache(caches.configuration(String.class, String.class));
      cache.put("k", "x".repeat(20_000));
      cache.get("k");

      Diagnosis diagnosis = cache.diagnose();

      assertThat(messages(diagnosis, Area.CONNECTION, Severity.OK))
          .anyMatch(text -> text.startsWith("Redis answers in "))
          .anyMatch(text -> text.matches("Redis: version \\d+\\..*"))
          .anyMatch(text -> text.startsWith("Redis: memory in use "))
          .anyMatch(text -> text.matches("Redis: \\d+ clients are connected"));
      assertThat(messages(diagnosis, Area.PERFORMANCE, Severity.PROBLEM))
          .contains("entries have 20 kB on average");
    }
  }

  @Test
  void userWithoutTheRightToAskIsAFindingAndNoFailure() {
    try (RespConnection connection = redis.connect()) {
      connection.command("ACL", "SETUSER", "plain", "on", ">pw", "~*", "&*", "+@all", "-info");
      Properties more = new Properties();
      more.setProperty("redis_url", redis.url().replace("://", "://plain:pw@"));
      try (TestCaches caches = TestCaches.in(Mode.REDIS, redis, more)) {
        LarderCache<String, String> cache =
            caches.cache(caches.configuration(String.class, String.class));

        Diagnosis diagnosis = cache.diagnose();

        assertThat(messages(diagnosis, Area.CONNECTION, Severity.NOTICE))
            .hasSize(3)
            .allMatch(text -> text.startsWith("Redis does not tell of its "));
        assertThat(diagnosis.recommendations()).anyMatch(text -> text.contains("+info"));
        assertThat(cache.health().status()).isNotEqualTo(Health.Status.UNHEALTHY);
      }
    }
  }

  @Test
  void policyThatStoresNothingIsFound() {
    try (TestCaches caches = TestCaches.in(Mode.HEAP, redis)) {
      LarderCache<String, String> cache = caches.cache(caches
          .configuration(String.class, String.class)
          .setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(javax.cache.expiry.Duration.ZERO)));
      cache.put("k", "v");
      cache.get("k");

      assertThat(messages(cache.diagnose(), Area.HIT_RATIO, Severity.PROBLEM))
          .anyMatch(text -> text.contains("nothing is stored"));
    }
  }

  private static List<String> messages(Diagnosis diagnosis, Area area, Severity severity) {
    return diagnosis.findings().stream()
        .filter(found -> found.area() == area && found.severity() == severity)
        .map(Finding::message)
        .toList();
  }
}
