package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.config.FallbackKind;
import io.larder.store.redis.RedisUnavailableException;
import io.larder.testing.RedisServer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.integration.CompletionListenerFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each operation answers while Redis is away, with each fallback: the table of
 * docs/consistency.md. Before each, "there" was put without Redis.
 */
final class DegradedOperationsTest {

  private static final Map<FallbackKind, TestCaches> MANAGERS = new EnumMap<>(FallbackKind.class);

  private static RedisServer redis;

  /**
   * An operation, and what it answers over a fallback that keeps entries, and over one that does
   * not.
   */
  private record Operation(
      String name, Function<Cache<String, String>, Object> call, Object memory, Object none) {}

  private static List<Operation> operations() {
    List<Operation> all = new ArrayList<>();
    reads(all);
    writes(all);
    many(all);
    processors(all);
    return all;
  }

  private static void reads(List<Operation> all) {
    all.add(new Operation("get", cache -> cache.get("there"), "1", null));
    all.add(new Operation("get absent", cache -> cache.get("absent"), null, null));
    all.add(new Operation("containsKey", cache -> cache.containsKey("there"), true, false));
    all.add(new Operation(
        "getAll",
        cache -> cache.getAll(Set.of("there", "absent")),
        Map.of("there", "1"),
        Map.of()));
    all.add(
        new Operation("iterator", DegradedOperationsTest::entries, Map.of("there", "1"), Map.of()));
  }

  private static void writes(List<Operation> all) {
    all.add(new Operation("put", then(cache -> cache.put("there", "2")), "2", null));
    all.add(new Operation("getAndPut", cache -> cache.getAndPut("there", "2"), "1", null));
    all.add(new Operation("putIfAbsent", cache -> cache.putIfAbsent("there", "2"), false, true));
    all.add(new Operation("putIfAbsent absent", cache -> cache.putIfAbsent("a", "2"), true, true));
    all.add(new Operation("replace", cache -> cache.replace("there", "2"), true, false));
    all.add(new Operation("replace if", cache -> cache.replace("there", "1", "2"), true, false));
    all.add(
        new Operation("replace other", cache -> cache.replace("there", "9", "2"), false, false));
    all.add(new Operation("getAndReplace", cache -> cache.getAndReplace("there", "2"), "1", null));
    all.add(new Operation("remove", cache -> cache.remove("there"), true, false));
    all.add(new Operation("remove if", cache -> cache.remove("there", "1"), true, false));
    all.add(new Operation("getAndRemove", cache -> cache.getAndRemove("there"), "1", null));
    all.add(new Operation("remove, get", then(cache -> cache.remove("there")), null, null));
  }

  private static void many(List<Operation> all) {
    all.add(new Operation("putAll", then(cache -> cache.putAll(Map.of("there", "3"))), "3", null));
    all.add(new Operation(
        "removeAll keys", then(cache -> cache.removeAll(Set.of("there"))), null, null));
    all.add(new Operation("removeAll", then(Cache::removeAll), null, null));
    all.add(new Operation("clear", then(Cache::clear), null, null));
    all.add(new Operation("loadAll without a loader", DegradedOperationsTest::loadAll, "1", null));
    all.add(new Operation("removeMatching", cache -> larder(cache).removeMatching("the*"), 1L, 0L));
    all.add(new Operation("clearAndCount", cache -> larder(cache).clearAndCount(), 1L, 0L));
  }

  private static void processors(List<Operation> all) {
    all.add(new Operation(
        "invoke", cache -> cache.invoke("there", (entry, given) -> entry.getValue()), "1", null));
    all.add(new Operation(
        "invoke that sets",
        then(cache -> cache.invoke("there", (entry, given) -> {
          entry.setValue("4");
          return null;
        })),
        "4",
        null));
    all.add(new Operation(
        "invokeAll",
        cache -> cache
            .invokeAll(Set.of("there"), (entry, given) -> entry.exists())
            .get("there")
            .get(),
        true,
        false));
  }

  private static Function<Cache<String, String>, Object> then(
      java.util.function.Consumer<Cache<String, String>> call) {
    return cache -> {
      call.accept(cache);
      return cache.get("there");
    };
  }

  private static Object entries(Cache<String, String> cache) {
    Map<String, String> found = new TreeMap<>();
    cache.forEach(entry -> found.put(entry.getKey(), entry.getValue()));
    return found;
  }

  private static Object loadAll(Cache<String, String> cache) {
    CompletionListenerFuture done = new CompletionListenerFuture();
    cache.loadAll(Set.of("there"), true, done);
    try {
      done.get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return cache.get("there");
  }

  @SuppressWarnings("unchecked")
  private static LarderCache<String, String> larder(Cache<String, String> cache) {
    return cache.unwrap(LarderCache.class);
  }

  static Stream<Arguments> cases() {
    return operations().stream()
        .flatMap(operation -> Stream.of(FallbackKind.values())
            .map(kind -> Arguments.of(operation.name(), kind, operation)));
  }

  @BeforeAll
  static void beginWithoutRedis() {
    redis = RedisServer.startOwn();
    redis.kill();
    for (FallbackKind kind : FallbackKind.values()) {
      Properties settings = Outages.settings(kind.name().toLowerCase(Locale.ROOT), 5000);
      MANAGERS.put(kind, TestCaches.in(Mode.NEAR, redis, settings));
    }
  }

  @AfterAll
  static void end() {
    MANAGERS.values().forEach(TestCaches::close);
    redis.close();
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  void answers(String name, FallbackKind kind, Operation operation) {
    TestCaches caches = MANAGERS.get(kind);
    Cache<String, String> cache =
        caches.cache(name, caches.configuration(String.class, String.class));
    if (kind == FallbackKind.FAIL) {
      assertThatThrownBy(() -> operation.call().apply(cache))
          .satisfies(thrown -> assertThat(root(thrown))
              .isInstanceOf(RedisUnavailableException.class)
              .hasMessageContaining(name + ": Redis at redis://127.0.0.1"));
      return;
    }
    cache.put("there", "1");
    Object expected = kind == FallbackKind.MEMORY ? operation.memory() : operation.none();
    assertThat(operation.call().apply(cache)).isEqualTo(expected);
  }

  /** Exceptions of an entry's processor come wrapped, as JSR-107 has it. */
  private static Throwable root(Throwable thrown) {
    Throwable cause = thrown;
    while (!(cause instanceof RedisUnavailableException) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
