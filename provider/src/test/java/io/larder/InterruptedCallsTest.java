package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.stats.RedisStatus.Connection;
import io.larder.testing.RedisServer;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A thread that is interrupted while its call waits for a Redis that hangs: it throws soon, is
 * interrupted still, and its change is journalled.
 */
final class InterruptedCallsTest {

  private static RedisServer redis;
  private static TestCaches caches;

  /**
   * A call whose first step is a write has that journalled; one that reads first was interrupted
   * there.
   *
   * @param journals how many keys more, or whole caches, are in the journal then
   */
  private record Operation(
      String name, long journals, Consumer<LarderCache<String, String>> call) {}

  private static List<Operation> operations() {
    return List.of(
        new Operation("get", 0, cache -> cache.get("k")),
        new Operation("getAll", 0, cache -> cache.getAll(Set.of("k", "l"))),
        new Operation("containsKey", 0, cache -> cache.containsKey("k")),
        new Operation("iterator", 0, cache -> cache.forEach(entry -> {})),
        new Operation("put", 1, cache -> cache.put("k", "2")),
        new Operation("putAll", 2, cache -> cache.putAll(Map.of("k", "2", "l", "2"))),
        new Operation("putIfAbsent", 0, cache -> cache.putIfAbsent("k", "2")),
        new Operation("getAndPut", 0, cache -> cache.getAndPut("k", "2")),
        new Operation("replace", 0, cache -> cache.replace("k", "2")),
        new Operation("remove", 1, cache -> cache.remove("k")),
        new Operation("getAndRemove", 0, cache -> cache.getAndRemove("k")),
        new Operation("removeAll of keys", 2, cache -> cache.removeAll(Set.of("k", "l"))),
        new Operation("removeAll", 0, Cache::removeAll),
        new Operation("removeMatching", 0, cache -> cache.removeMatching("k*")),
        new Operation("clear", 1, Cache::clear),
        new Operation("clearAndCount", 1, LarderCache::clearAndCount),
        new Operation(
            "invoke",
            0,
            cache -> cache.invoke("k", (entry, given) -> {
              entry.setValue("2");
              return null;
            })),
        new Operation("getOrCompute", 0, cache -> cache.getOrCompute("c", key -> "2")));
  }

  static Stream<Arguments> cases() {
    return operations().stream().map(operation -> Arguments.of(operation.name(), operation));
  }

  @BeforeAll
  static void start() {
    redis = RedisServer.startOwn();
    // Until that is over nothing is replayed: what is in the journal stays there.
    Properties settings = Outages.settings("memory", 300_000);
    settings.setProperty("breaker_failures", "1000");
    caches = TestCaches.in(Mode.REDIS, redis, settings);
  }

  @AfterAll
  static void end() {
    caches.close();
    redis.close();
  }

  private static boolean waitsForRedis(Thread caller) {
    return caller.getState() == Thread.State.TIMED_WAITING
        && Stream.of(caller.getStackTrace())
            .anyMatch(frame -> frame.getClassName().equals("io.larder.store.redis.Caller"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void throwsSoonAndStaysInterrupted(String name, Operation operation) throws Exception {
    LarderCache<String, String> cache =
        caches.cache(name, caches.configuration(String.class, String.class));
    RedisWatch watch = Outages.watch(caches);
    cache.put("k", "1");
    long before = watch.status().journalledKeys() + watch.status().journalledClears();
    redis.pause();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    AtomicBoolean interrupted = new AtomicBoolean();
    Thread caller = new Thread(() -> {
      thrown.set(Assertions.catchThrowable(() -> operation.call().accept(cache)));
      interrupted.set(Thread.currentThread().isInterrupted());
    });
    caller.start();
    Outages.await(() -> waitsForRedis(caller), "it waits");
    caller.interrupt();
    caller.join(TimeUnit.SECONDS.toMillis(20));
    long journalled = watch.status().journalledKeys() + watch.status().journalledClears() - before;
    redis.resume();
    assertThat(caller.isAlive()).as("waits still").isFalse();
    assertThat(thrown.get()).isInstanceOf(CacheException.class).hasMessageContaining("interrupted");
    assertThat(interrupted).isTrue();
    assertThat(journalled).isEqualTo(operation.journals());
    assertThat(watch.status().connection()).isEqualTo(Connection.CONNECTED);
  }
}
