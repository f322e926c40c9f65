package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.stats.RedisStatus.Connection;
import io.larder.testing.RedisServer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.FactoryBuilder.SingletonFactory;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Writers and loaders of caches whose Redis is away, with the breaker open, and at the edge, when
 * the call itself finds that out: once an operation, and before anything is stored.
 */
final class DegradedIntegrationTest {

  private static final long TIMEOUT_MILLIS = 400;

  /** For a busy machine. */
  private static final long SLACK_MILLIS = 6_000;

  private static final Map<String, TestCaches> MANAGERS = new HashMap<>();

  private static RedisServer redis;

  private final Recorder recorder = new Recorder();

  /** What the writer and the loader were asked, in order. */
  private static final class Recorder
      implements CacheWriter<String, String>, CacheLoader<String, String> {

    private final List<String> calls = new ArrayList<>();
    private boolean fails;

    private void note(String call) {
      calls.add(call);
      if (fails) {
        throw new CacheWriterException("as told");
      }
    }

    @Override
    public void write(Cache.Entry<? extends String, ? extends String> entry) {
      note("write " + entry.getKey() + "=" + entry.getValue());
    }

    @Override
    public void writeAll(Collection<Cache.Entry<? extends String, ? extends String>> entries) {
      note("writeAll " + entries.size());
      entries.clear();
    }

    @Override
    public void delete(Object key) {
      note("delete " + key);
    }

    @Override
    public void deleteAll(Collection<?> keys) {
      note("deleteAll " + keys.size());
      keys.clear();
    }

    @Override
    public String load(String key) {
      calls.add("load " + key);
      return null;
    }

    @Override
    public Map<String, String> loadAll(Iterable<? extends String> keys) {
      int count = 0;
      for (String key : keys) {
        count++;
      }
      calls.add("loadAll " + count);
      return Map.of();
    }
  }

  private record Operation(String name, Consumer<Cache<String, String>> call, String... calls) {}

  private static List<Operation> operations() {
    return List.of(
        new Operation("put", cache -> cache.put("k", "1"), "write k=1"),
        new Operation("putAll", cache -> cache.putAll(Map.of("k", "1", "l", "1")), "writeAll 2"),
        new Operation("getAndPut", cache -> cache.getAndPut("k", "1"), "write k=1"),
        new Operation("putIfAbsent", cache -> cache.putIfAbsent("k", "1"), "write k=1"),
        new Operation("replace", cache -> cache.replace("k", "1")),
        new Operation("remove", cache -> cache.remove("k"), "delete k"),
        new Operation("getAndRemove", cache -> cache.getAndRemove("k"), "delete k"),
        new Operation("removeAll", cache -> cache.removeAll(Set.of("k", "l")), "deleteAll 2"),
        new Operation(
            "invoke",
            cache -> cache.invoke("k", (entry, given) -> {
              entry.setValue("1");
              return null;
            }),
            "write k=1"),
        new Operation("get", cache -> cache.get("k"), "load k"),
        new Operation("getAll", cache -> cache.getAll(Set.of("k", "l")), "loadAll 2"),
        new Operation(
            "invoke that reads",
            cache -> cache.invoke("k", (entry, given) -> entry.getValue()),
            "load k"));
  }

  static Stream<Arguments> cases() {
    return operations().stream()
        .flatMap(operation -> Stream.of("memory", "none", "edge")
            .map(kind -> Arguments.of(operation.name(), kind, operation)));
  }

  @BeforeAll
  static void beginWithoutRedis() {
    redis = RedisServer.startOwn();
    Properties atTheEdge = Outages.settings("memory", TIMEOUT_MILLIS);
    atTheEdge.setProperty("breaker_failures", "1000");
    TestCaches edge = TestCaches.in(Mode.NEAR, redis, atTheEdge);
    Outages.await(Outages.watch(edge), Connection.CONNECTED);
    MANAGERS.put("edge", edge);
    redis.pause();
    for (String fallback : List.of("memory", "none")) {
      TestCaches caches =
          TestCaches.in(Mode.NEAR, redis, Outages.settings(fallback, TIMEOUT_MILLIS));
      MANAGERS.put(fallback, caches);
    }
  }

  @AfterAll
  static void end() {
    redis.resume();
    MANAGERS.values().forEach(TestCaches::close);
    redis.close();
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  void calledOncePerOperation(String name, String kind, Operation operation) {
    Cache<String, String> cache = open(kind, name);
    long start = System.nanoTime();
    operation.call().accept(cache);
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    assertThat(recorder.calls).containsExactly(operation.calls());
    assertThat(millis).isLessThan(TIMEOUT_MILLIS + SLACK_MILLIS);
  }

  static Stream<Arguments> writes() {
    return cases().filter(arguments -> !arguments.get()[1].equals("edge")).filter(arguments -> {
      String[] calls = ((Operation) arguments.get()[2]).calls();
      return calls.length > 0 && !calls[0].startsWith("load");
    });
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("writes")
  void aWriterThatFailsLeavesNoEntry(String name, String kind, Operation operation) {
    Cache<String, String> cache = open(kind, name + " fails");
    recorder.fails = true;
    assertThatThrownBy(() -> operation.call().accept(cache))
        .isInstanceOf(CacheException.class)
        .hasStackTraceContaining("as told");
    recorder.fails = false;
    assertThat(cache.containsKey("k")).isFalse();
    assertThat(cache.iterator()).isExhausted();
  }

  private Cache<String, String> open(String kind, String name) {
    TestCaches caches = MANAGERS.get(kind);
    MutableConfiguration<String, String> configuration =
        caches.configuration(String.class, String.class);
    configuration
        .setWriteThrough(true)
        .setReadThrough(true)
        .setCacheWriterFactory(new SingletonFactory<>(recorder))
        .setCacheLoaderFactory(new SingletonFactory<>(recorder));
    return caches.cache(name, configuration);
  }
}
