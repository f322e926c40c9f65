package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.codec.ForbiddenTypeException;
import io.larder.testing.RedisServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every method of caches and managers says to what it cannot take. */
final class BadInputTest {

  private static RedisServer redis;

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  private static final EntryProcessor<Object, Object, Object> PROCESSOR =
      (entry, arguments) -> entry.getValue();
  private static final CacheEntryListenerConfiguration<Object, Object> LISTENER =
      new MutableCacheEntryListenerConfiguration<>(
          new FactoryBuilder.SingletonFactory<>(
              (CacheEntryCreatedListener<Object, Object>) events -> {}),
          null,
          false,
          false);

  /** A method with its arguments, named as in {@code put(k, null)}. */
  private record Call(String name, Consumer<Cache<Object, Object>> on) {}

  private static Call call(String name, Consumer<Cache<Object, Object>> on) {
    return new Call(name, on);
  }

  /** Every method that takes a key, with that key. */
  private static List<Call> withKey(Object key) {
    return List.of(
        call("get", cache -> cache.get(key)),
        call("containsKey", cache -> cache.containsKey(key)),
        call("put", cache -> cache.put(key, "v")),
        call("getAndPut", cache -> cache.getAndPut(key, "v")),
        call("putIfAbsent", cache -> cache.putIfAbsent(key, "v")),
        call("remove", cache -> cache.remove(key)),
        call("remove if equal", cache -> cache.remove(key, "v")),
        call("getAndRemove", cache -> cache.getAndRemove(key)),
        call("replace", cache -> cache.replace(key, "v")),
        call("replace if equal", cache -> cache.replace(key, "v", "w")),
        call("getAndReplace", cache -> cache.getAndReplace(key, "v")),
        call("invoke", cache -> cache.invoke(key, PROCESSOR)),
        call("getAll", cache -> cache.getAll(setOf(key))),
        call("putAll", cache -> cache.putAll(mapOf(key, "v"))),
        call("removeAll", cache -> cache.removeAll(setOf(key))),
        call("invokeAll", cache -> cache.invokeAll(setOf(key), PROCESSOR)),
        call("loadAll", cache -> cache.loadAll(setOf(key), false, null)));
  }

  /** Every method that takes a value, with that value in each of its places. */
  private static List<Call> withValue(Object value) {
    return List.of(
        call("put", cache -> cache.put(1, value)),
        call("getAndPut", cache -> cache.getAndPut(1, value)),
        call("putIfAbsent", cache -> cache.putIfAbsent(1, value)),
        call("remove if equal", cache -> cache.remove(1, value)),
        call("replace", cache -> cache.replace(1, value)),
        call("replace if equal, old", cache -> cache.replace(1, value, "w")),
        call("replace if equal, new", cache -> cache.replace(1, "v", value)),
        call("getAndReplace", cache -> cache.getAndReplace(1, value)),
        call("putAll", cache -> cache.putAll(mapOf(1, value))),
        call(
            "invoke",
            cache -> cache.invoke(1, (entry, arguments) -> {
              entry.setValue(value);
              return null;
            })),
        call(
            "invokeAll",
            cache -> cache
                .invokeAll(Set.of(1), (entry, arguments) -> {
                  entry.setValue(value);
                  return null;
                })
                .values()
                .forEach(result -> result.get())));
  }

  /** Null for whatever is neither key nor value. */
  private static List<Call> withNullArguments() {
    return List.of(
        call("getAll", cache -> cache.getAll(null)),
        call("putAll", cache -> cache.putAll(null)),
        call("removeAll", cache -> cache.removeAll(null)),
        call("invoke", cache -> cache.invoke(1, null)),
        call("invokeAll, keys", cache -> cache.invokeAll(null, PROCESSOR)),
        call("invokeAll, processor", cache -> cache.invokeAll(Set.of(1), null)),
        call("loadAll", cache -> cache.loadAll(null, false, null)),
        call("register", cache -> cache.registerCacheEntryListener(null)),
        call("deregister", cache -> cache.deregisterCacheEntryListener(null)),
        call("getConfiguration", cache -> cache.getConfiguration(null)),
        call("unwrap", cache -> cache.unwrap(null)));
  }

  private static List<Call> withoutArguments() {
    return List.of(
        call("removeAll", Cache::removeAll),
        call("clear", Cache::clear),
        call("iterator", cache -> assertThat(cache.iterator()).isNull()),
        call("register", cache -> cache.registerCacheEntryListener(LISTENER)),
        call("deregister", cache -> cache.deregisterCacheEntryListener(LISTENER)),
        call("stats", cache -> cache.unwrap(LarderCache.class).stats()));
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void nullIsRefusedByEveryMethodInTheCachesName(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<Object, Object> cache = integersToStrings(caches);
      cache.put(1, "v");

      List<Call> calls = new ArrayList<>(withKey(null));
      calls.addAll(withValue(null));
      calls.addAll(withNullArguments());
      assertThat(calls)
          .allSatisfy(call -> assertThatThrownBy(() -> call.on().accept(cache))
              .as(call.name())
              .satisfiesAnyOf(
                  e -> assertThat(e).isInstanceOf(NullPointerException.class),
                  e -> assertThat(e)
                      .isInstanceOf(EntryProcessorException.class)
                      .hasCauseInstanceOf(NullPointerException.class))
              .message()
              .contains("cache: "));

      assertThat(cache.get(1)).isEqualTo("v");
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void wrongTypesAreRefusedByEveryMethod(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<Object, Object> cache = integersToStrings(caches);
      cache.put(1, "v");

      assertThat(withKey("text"))
          .allSatisfy(call -> assertThatThrownBy(() -> call.on().accept(cache))
              .as(call.name())
              .isInstanceOf(ClassCastException.class)
              .hasMessageContaining("cache: a key of type java.lang.String")
              .hasMessageContaining("java.lang.Integer"));
      assertThat(withValue(2.5))
          .allSatisfy(call -> assertThatThrownBy(() -> call.on().accept(cache))
              .as(call.name())
              .satisfiesAnyOf(
                  e -> assertThat(e).isInstanceOf(ClassCastException.class),
                  e -> assertThat(e)
                      .isInstanceOf(EntryProcessorException.class)
                      .hasCauseInstanceOf(ClassCastException.class))
              .message()
              .contains("cache: "));

      assertThat(cache.get(1)).isEqualTo("v");
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void oneBadElementLeavesTheOthersAlone(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<Object, Object> cache = integersToStrings(caches);
      Map<Object, Object> map = new LinkedHashMap<>();
      map.put(1, "v");
      map.put(2, null);

      assertThatThrownBy(() -> cache.putAll(map)).isInstanceOf(NullPointerException.class);

      assertThat(cache.containsKey(1)).isFalse();
      cache.put(1, "v");
      assertThatThrownBy(() -> cache.removeAll(new HashSet<>(Arrays.asList(1, null))))
          .isInstanceOf(NullPointerException.class);
      assertThat(cache.containsKey(1)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void closedCacheRefusesEveryMethod(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<Object, Object> cache = integersToStrings(caches);
      var iterator = cache.iterator();
      cache.close();
      cache.close();

      List<Call> calls = new ArrayList<>(withKey(1));
      calls.addAll(withoutArguments());
      calls.addAll(withKey(null));
      calls.add(call("next", closed -> iterator.next()));
      calls.add(call("remove of iterator", closed -> iterator.remove()));
      assertThat(calls)
          .allSatisfy(call -> assertThatThrownBy(() -> call.on().accept(cache))
              .as(call.name())
              .isInstanceOf(IllegalStateException.class)
              .hasMessage("cache cache is closed"));
      assertThat(cache.isClosed()).isTrue();
      assertThat(cache.getName()).isEqualTo("cache");
      assertThat(cache.getCacheManager()).isSameAs(caches.manager());
    }
  }

  @Test
  void closedManagerRefusesEveryMethod() {
    try (TestCaches caches = TestCaches.in(Mode.HEAP, redis)) {
      CacheManager manager = caches.manager();
      manager.close();
      manager.close();
      Map<String, Runnable> calls = managerCalls(manager, "c");

      calls.forEach((name, call) -> assertThatThrownBy(call::run)
          .as(name)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("cache manager larder:development is closed"));
      assertThat(manager.isClosed()).isTrue();
    }
  }

  @Test
  void nullIsRefusedByEveryMethodOfTheManager() {
    try (TestCaches caches = TestCaches.in(Mode.HEAP, redis)) {
      CacheManager manager = caches.manager();
      Map<String, Runnable> calls = new HashMap<>(managerCalls(manager, null));
      calls.remove("getCacheNames");
      calls.put("configuration", () -> manager.createCache("c", null));
      calls.put("key type", () -> manager.getCache("c", null, String.class));
      calls.put("value type", () -> manager.getCache("c", String.class, null));
      calls.put("unwrap", () -> manager.unwrap(null));

      calls.forEach((name, call) ->
          assertThatThrownBy(call::run).as(name).isInstanceOf(NullPointerException.class));
    }
  }

  private static Map<String, Runnable> managerCalls(CacheManager manager, String cache) {
    return Map.of(
        "createCache", () -> manager.createCache(cache, new MutableConfiguration<>()),
        "getCache", () -> manager.getCache(cache),
        "getCache with types", () -> manager.getCache(cache, String.class, String.class),
        "getCacheNames", () -> manager.getCacheNames(),
        "destroyCache", () -> manager.destroyCache(cache),
        "enableManagement", () -> manager.enableManagement(cache, true),
        "enableStatistics", () -> manager.enableStatistics(cache, true));
  }

  /** A class that no line of the settings allows. */
  static final class Unlisted {

    final String text = "t";

    @Override
    public boolean equals(Object other) {
      return other instanceof Unlisted;
    }

    @Override
    public int hashCode() {
      return 1;
    }
  }

  static Stream<Mode> shared() {
    return Stream.of(Mode.REDIS, Mode.NEAR);
  }

  @ParameterizedTest
  @MethodSource("shared")
  void typesThatAreNotAllowedAreRefusedWithTheLineToAdd(Mode mode) {
    Properties closed = new Properties();
    closed.setProperty("allowed_classes", "java.lang.String");
    try (TestCaches caches = TestCaches.in(mode, redis, closed)) {
      Cache<Object, Object> cache = caches.cache(caches.configuration(Object.class, Object.class));
      cache.put(1, "v");
      List<Call> calls = new ArrayList<>(withKey(new Unlisted()));
      calls.removeIf(call -> call.name().equals("loadAll"));
      for (Call call : withValue(new Unlisted())) {
        if (!Set.of("remove if equal", "replace if equal, old").contains(call.name())) {
          calls.add(call);
        }
      }

      for (Call call : calls) {
        cache.remove(1);
        if (call.name().contains("eplace")) {
          cache.put(1, "v");
        }
        assertThatThrownBy(() -> {
              call.on().accept(cache);
              if (call.name().equals("invokeAll")) {
                cache.invokeAll(Set.of(new Unlisted()), PROCESSOR).values().forEach(r -> r.get());
              }
            })
            .as(call.name())
            .satisfies(e -> assertThat(Stream.iterate(e, t -> t != null, Throwable::getCause))
                .anySatisfy(cause -> assertThat(cause)
                    .isInstanceOf(ForbiddenTypeException.class)
                    .hasMessageContaining("cache: ")
                    .hasMessageContaining(Unlisted.class.getName())
                    .hasMessageContaining("allowed_classes")));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void largeKeysAndValuesWork(Mode mode) {
    byte[] noise = new byte[1 << 20];
    new Random(7).nextBytes(noise);
    String key = "k".repeat(10_000);
    try (TestCaches caches = TestCaches.in(mode, redis);
        TestCaches other = mode.isShared() ? caches.peer() : null) {
      Cache<String, byte[]> cache = caches.cache(caches.configuration(String.class, byte[].class));

      cache.put(key, noise);

      for (int i = 0; i < 3; i++) {
        assertThat(cache.get(key)).isEqualTo(noise);
      }
      assertThat(cache.get(key + "k")).isNull();
      if (other != null) {
        Cache<String, byte[]> theirs = other.cache(other.configuration(String.class, byte[].class));
        assertThat(theirs.get(key)).isEqualTo(noise);
        assertThat(theirs.iterator().next().getKey()).isEqualTo(key);
      }
      assertThat(cache.remove(key)).isTrue();
      assertThat(cache.containsKey(key)).isFalse();
    }
  }

  /** So that a method added to the API later is not forgotten here. */
  @Test
  void everyMethodOfCacheIsCovered() {
    Set<String> covered = new TreeSet<>(Set.of(
        "close",
        "isClosed",
        "getName",
        "getCacheManager",
        "registerCacheEntryListener",
        "deregisterCacheEntryListener",
        "forEach",
        "spliterator"));
    Stream.of(withKey(1), withValue("v"), withNullArguments(), withoutArguments())
        .flatMap(List::stream)
        .forEach(call -> covered.add(call.name().split("[ ,]")[0]));

    Set<String> all = new TreeSet<>();
    Stream.of(Cache.class.getMethods()).forEach(method -> all.add(method.getName()));
    all.removeAll(covered);

    assertThat(all).isEmpty();
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Cache<Object, Object> integersToStrings(TestCaches caches) {
    MutableConfiguration configuration = caches.configuration(Integer.class, String.class);
    return (Cache) caches.cache(configuration);
  }

  private static Set<Object> setOf(Object key) {
    return new HashSet<>(Arrays.asList(key));
  }

  private static Map<Object, Object> mapOf(Object key, Object value) {
    Map<Object, Object> map = new HashMap<>();
    map.put(key, value);
    return map;
  }
}
