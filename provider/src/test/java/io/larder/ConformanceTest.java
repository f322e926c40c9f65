package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.testing.RedisServer;
import java.io.Closeable;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.configuration.OptionalFeature;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheLoaderException;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;
import javax.cache.integration.CompletionListenerFuture;
import javax.cache.processor.EntryProcessorException;
import javax.cache.processor.EntryProcessorResult;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One test for each point of docs/jsr107-conformance.md, which names it. */
class ConformanceTest {

  static RedisServer redis;

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @Test
  void everyTestThatTheDocumentNamesExists() throws Exception {
    String document = Files.readString(Path.of("../docs/jsr107-conformance.md"));
    Matcher named = Pattern.compile("`(\\w+Test)#(\\w+)`").matcher(document);
    List<String> missing = new ArrayList<>();
    int count = 0;
    while (named.find()) {
      count++;
      Class<?> test = Class.forName("io.larder." + named.group(1));
      String method = named.group(2);
      if (Arrays.stream(test.getDeclaredMethods()).noneMatch(m -> m.getName().equals(method))) {
        missing.add(named.group());
      }
    }
    assertThat(missing).isEmpty();
    assertThat(count).isGreaterThan(20);
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"REDIS", "NEAR"})
  void cacheNamesAreThisManagersOwn(Mode mode) {
    try (TestCaches one = TestCaches.in(mode, redis);
        TestCaches other = one.peer()) {
      one.cache(strings(one)).put("k", "v");

      assertThat(other.manager().getCacheNames()).isEmpty();
      assertThat((Object) other.manager().getCache("cache")).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"REDIS", "NEAR"})
  void closeKeepsDestroyWipesForAll(Mode mode) {
    try (TestCaches one = TestCaches.in(mode, redis);
        TestCaches other = one.peer()) {
      Cache<String, String> first = one.cache(strings(one));
      Cache<String, String> second = other.cache(strings(other));
      first.put("k", "v");

      first.close();
      assertThat(second.get("k")).isEqualTo("v");

      one.cache(strings(one));
      one.manager().destroyCache("cache");
      awaitAbsent(second, "k");
      second.put("k", "again");
      assertThat(second.get("k")).isEqualTo("again");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"REDIS", "NEAR"})
  void listenersHearTheirOwnProcess(Mode mode) {
    try (TestCaches one = TestCaches.in(mode, redis);
        TestCaches other = one.peer()) {
      List<String> heard = new ArrayList<>();
      CacheEntryCreatedListener<String, String> listener =
          events -> events.forEach(event -> heard.add(event.getKey()));
      Cache<String, String> first = one.cache(strings(one));
      first.registerCacheEntryListener(synchronous(listener));
      Cache<String, String> second = other.cache(strings(other));

      second.put("theirs", "v");
      first.put("ours", "v");

      assertThat(heard).containsExactly("ours");
    }
  }

  @Test
  void storeByReferenceIsForTheHeap() {
    try (TestCaches caches = TestCaches.in(Mode.REDIS, redis)) {
      MutableConfiguration<String, String> byReference = strings(caches).setStoreByValue(false);
      assertThatThrownBy(() -> caches.manager().createCache("refs", byReference))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("refs")
          .hasMessageContaining("redis_url");
      assertThat(caches.manager().getCacheNames()).isEmpty();
    }
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      assertThat(provider.isSupported(OptionalFeature.STORE_BY_REFERENCE)).isTrue();
      System.setProperty("larder.default_ttl", "-1");
      assertThat(provider.isSupported(OptionalFeature.STORE_BY_REFERENCE)).isFalse();
    } finally {
      System.clearProperty("larder.default_ttl");
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void closeableUserObjectsAreClosedOnce(Mode mode) {
    CloseableLoaderAndWriter both = new CloseableLoaderAndWriter();
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      caches.cache(both.usedBy(strings(caches)));
    }
    assertThat(both.closed).hasValue(1);
  }

  @Test
  void newestBeanWinsAndCloseTakesOutItsOwn() throws Exception {
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    ObjectName name = new ObjectName(
        "javax.cache:type=CacheStatistics,CacheManager=larder.development,Cache=cache");
    TestCaches older = TestCaches.in(Mode.HEAP, redis);
    TestCaches newer = TestCaches.in(Mode.HEAP, redis);
    try (older;
        newer) {
      older.cache(strings(older)).put("k", "v");
      newer.cache(strings(newer));
      assertThat(beans.getAttribute(name, "CachePuts")).isEqualTo(0L);

      older.close();
      assertThat(beans.isRegistered(name)).isTrue();
      newer.close();
      assertThat(beans.isRegistered(name)).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void putIfAbsentOfWhatIsOverAtOnceAnswersFalse(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      LarderCache<String, String> cache = caches.cache(
          strings(caches).setExpiryPolicyFactory(TouchedExpiryPolicy.factoryOf(Duration.ZERO)));

      assertThat(cache.putIfAbsent("k", "v")).isFalse();
      assertThat(cache.stats().puts()).isZero();
      assertThat(cache.stats().misses()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void failingPolicyAnswersByDefault(Mode mode) {
    ExpiryPolicy broken = new ExpiryPolicy() {
      @Override
      public Duration getExpiryForCreation() {
        throw new IllegalStateException("creation");
      }

      @Override
      public Duration getExpiryForAccess() {
        throw new IllegalStateException("access");
      }

      @Override
      public Duration getExpiryForUpdate() {
        throw new IllegalStateException("update");
      }
    };
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<String, String> cache = caches.cache(
          strings(caches).setExpiryPolicyFactory(new FactoryBuilder.SingletonFactory<>(broken)));

      cache.put("k", "v");
      cache.put("k", "w");

      assertThat(cache.get("k")).isEqualTo("w");
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void oldValueIsAlwaysGiven(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      List<String> heard = new ArrayList<>();
      CacheEntryUpdatedListener<String, String> listener = events -> events.forEach(
          event -> heard.add(event.isOldValueAvailable() + " " + event.getOldValue()));
      Cache<String, String> cache = caches.cache(strings(caches));
      cache.registerCacheEntryListener(synchronous(listener));

      cache.put("k", "old");
      cache.put("k", "new");

      assertThat(heard).containsExactly("true old");
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void entryProcessorFailureChangesNothing(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<String, String> cache = caches.cache(strings(caches));
      cache.put("k", "old");

      assertThatThrownBy(() -> cache.invoke("k", (entry, arguments) -> {
            entry.setValue("new");
            throw new IllegalStateException("mine");
          }))
          .isInstanceOf(EntryProcessorException.class)
          .hasRootCauseMessage("mine");
      assertThatThrownBy(() -> cache.invoke("k", (entry, arguments) -> {
            throw new CacheException("as it is");
          }))
          .isExactlyInstanceOf(CacheException.class)
          .hasMessage("as it is");
      assertThat(cache.get("k")).isEqualTo("old");
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void entryProcessorRemovingNothingCountsNothing(Mode mode) {
    CloseableLoaderAndWriter writer = new CloseableLoaderAndWriter();
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      LarderCache<String, String> cache = caches.cache(writer.writtenBy(strings(caches)));

      cache.invoke("k", (entry, arguments) -> {
        entry.remove();
        return null;
      });
      assertThat(cache.stats().removals()).isZero();
      assertThat(writer.calls).containsExactly("delete k");

      writer.calls.clear();
      cache.invoke("k", (entry, arguments) -> {
        entry.setValue("v");
        entry.remove();
        return null;
      });
      assertThat(cache.stats().puts()).isZero();
      assertThat(writer.calls).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void invokeAllAnswersEachKeyByItself(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<String, String> cache = caches.cache(strings(caches));
      Map<String, EntryProcessorResult<String>> results =
          cache.invokeAll(Set.of("good", "bad", "none"), (entry, arguments) -> {
            if (entry.getKey().equals("bad")) {
              throw new IllegalStateException("bad key");
            }
            return entry.getKey().equals("none") ? null : "fine";
          });

      assertThat(results).containsOnlyKeys("good", "bad");
      assertThat(results.get("good").get()).isEqualTo("fine");
      assertThatThrownBy(() -> results.get("bad").get())
          .isInstanceOf(EntryProcessorException.class)
          .hasRootCauseMessage("bad key");
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void loaderThatHasNothingIsAMiss(Mode mode) {
    AtomicInteger calls = new AtomicInteger();
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      LarderCache<String, String> cache = caches.cache(loadedBy(strings(caches), loader(key -> {
        calls.incrementAndGet();
        return null;
      })));

      assertThat(cache.get("k")).isNull();
      assertThat(cache.getAll(Set.of("k"))).isEmpty();
      assertThat(calls).hasValue(2);
      assertThat(cache.stats().misses()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void loaderFailureIsNotRetried(Mode mode) {
    AtomicInteger calls = new AtomicInteger();
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<String, String> cache = caches.cache(loadedBy(strings(caches), loader(key -> {
        calls.incrementAndGet();
        throw new IllegalStateException("no source");
      })));

      assertThatThrownBy(() -> cache.get("k"))
          .isInstanceOf(CacheLoaderException.class)
          .hasRootCauseMessage("no source");
      assertThat(calls).hasValue(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void loadedValueIsNotStoredOverANewerChange(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      List<Cache<String, String>> self = new ArrayList<>();
      Cache<String, String> cache = caches.cache(loadedBy(strings(caches), loader(key -> {
        self.get(0).put(key, "newer");
        self.get(0).remove(key);
        return "loaded";
      })));
      self.add(cache);

      assertThat(cache.get("k")).isEqualTo("loaded");
      assertThat(cache.containsKey("k")).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void loadAllLeavesNewerWritesAlone(Mode mode) throws Exception {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      List<Cache<String, String>> self = new ArrayList<>();
      Cache<String, String> cache = caches.cache(loadedBy(strings(caches), loader(key -> {
        if (key.equals("raced")) {
          self.get(0).put(key, "newer");
        }
        return "loaded";
      })));
      self.add(cache);
      cache.put("raced", "old");
      cache.put("quiet", "old");

      CompletionListenerFuture done = new CompletionListenerFuture();
      cache.loadAll(Set.of("raced", "quiet"), true, done);
      done.get();

      assertThat(cache.get("raced")).isEqualTo("newer");
      assertThat(cache.get("quiet")).isEqualTo("loaded");
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void partlyFailedWriterStoresWhatItWrote(Mode mode) {
    CloseableLoaderAndWriter writer = new CloseableLoaderAndWriter();
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<String, String> cache = caches.cache(writer.writtenBy(strings(caches)));
      writer.refused = "bad";

      assertThatThrownBy(() -> cache.putAll(Map.of("good", "v", "bad", "v")))
          .isInstanceOf(CacheWriterException.class);
      assertThat(cache.containsKey("good")).isTrue();
      assertThat(cache.containsKey("bad")).isFalse();

      writer.refused = "";
      writer.leavesAll = true;
      cache.putAll(Map.of("bad", "v"));
      assertThat(cache.containsKey("bad")).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void containsKeyIsNoRead(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      LarderCache<String, String> cache = caches.cache(strings(caches));
      cache.put("k", "v");

      assertThat(cache.containsKey("k")).isTrue();
      assertThat(cache.containsKey("absent")).isFalse();
      assertThat(cache.stats().hits() + cache.stats().misses()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  @SuppressWarnings({"unchecked", "rawtypes"})
  void wrongTypesAreRefusedByName(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache cache = caches.cache(strings(caches));

      assertThatThrownBy(() -> cache.put("k", 1))
          .isInstanceOf(ClassCastException.class)
          .hasMessageContaining("cache")
          .hasMessageContaining("java.lang.Integer")
          .hasMessageContaining("java.lang.String");
      assertThatThrownBy(() -> cache.get(1)).isInstanceOf(ClassCastException.class);
      assertThatThrownBy(() -> cache.putAll(new HashMap<>(Map.of(1, "v"))))
          .isInstanceOf(ClassCastException.class);
    }
  }

  @Test
  void typedCacheIsFoundWithoutItsTypes() {
    try (TestCaches caches = TestCaches.in(Mode.HEAP, redis)) {
      caches.cache(strings(caches));

      assertThat((Object) caches.manager().getCache("cache")).isNotNull();
      assertThatThrownBy(() -> caches.manager().getCache("cache", String.class, Integer.class))
          .isInstanceOf(ClassCastException.class)
          .hasMessageContaining("cache");
    }
  }

  @Test
  void cacheThatExistsIsNotMadeAgain() {
    try (TestCaches caches = TestCaches.in(Mode.HEAP, redis)) {
      caches.cache(strings(caches));

      assertThatThrownBy(() -> caches.manager().createCache("cache", strings(caches)))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("cache");
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void presetBoundsEternalEntriesWithoutAnEvent(Mode mode) throws Exception {
    Properties oneSecond = new Properties();
    oneSecond.setProperty("default_ttl", "1");
    try (TestCaches caches = TestCaches.in(mode, redis, oneSecond)) {
      List<String> expired = new ArrayList<>();
      javax.cache.event.CacheEntryExpiredListener<String, String> listener =
          events -> events.forEach(event -> expired.add(event.getKey()));
      Cache<String, String> cache =
          caches.cache(strings(caches).setExpiryPolicyFactory(EternalExpiryPolicy.factoryOf()));
      cache.registerCacheEntryListener(synchronous(listener));
      cache.put("k", "v");

      awaitAbsent(cache, "k");

      assertThat(cache.get("k")).isNull();
      assertThat(expired).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void iteratorCountsHitsAndRemoves(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      LarderCache<String, String> cache = caches.cache(strings(caches));
      cache.putAll(Map.of("a", "1", "b", "2", "c", "3"));

      List<String> keys = new ArrayList<>();
      for (Iterator<Cache.Entry<String, String>> all = cache.iterator(); all.hasNext(); ) {
        keys.add(all.next().getKey());
        all.remove();
      }

      assertThat(keys).containsExactlyInAnyOrder("a", "b", "c");
      assertThat(cache.stats().hits()).isEqualTo(3);
      assertThat(cache.stats().removals()).isEqualTo(3);
      assertThat(cache.iterator().hasNext()).isFalse();
    }
  }

  @Test
  void managerIsOneForEachLoaderAndUri() throws Exception {
    try (LarderCachingProvider provider = new LarderCachingProvider();
        java.net.URLClassLoader other =
            new java.net.URLClassLoader(new java.net.URL[0], getClass().getClassLoader())) {
      ClassLoader loader = getClass().getClassLoader();
      URI uri = URI.create("larder:simple");
      Properties first = new Properties();
      first.setProperty("some.application.key", "kept");
      CacheManager manager = provider.getCacheManager(uri, loader, first);

      assertThat(provider.getCacheManager(uri, loader, new Properties())).isSameAs(manager);
      assertThat(manager.getProperties()).containsEntry("some.application.key", "kept");
      assertThat(provider.getCacheManager(uri, other)).isNotSameAs(manager);
      assertThat(provider.getCacheManager(URI.create("larder:minimal"), loader))
          .isNotSameAs(manager);

      manager.close();
      assertThat(provider.getCacheManager(uri, loader)).isNotSameAs(manager);
    }
  }

  @Test
  void uriThatNamesNoPresetIsRefused() {
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      assertThatThrownBy(() -> provider.getCacheManager(URI.create("larder:nonsense"), null))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("nonsense")
          .hasMessageContaining("production");
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void closedCacheAndManagerSayTheirNames(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<String, String> cache = caches.cache("orders", strings(caches));
      cache.close();
      assertThatThrownBy(() -> cache.get("k"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("orders");
      caches.close();
      assertThatThrownBy(() -> caches.manager().getCacheNames())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("larder:development");
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void storedByValueWhereConfigured(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<String, Basket> cache = caches.cache(caches.configuration(String.class, Basket.class));
      Basket mine = new Basket();
      mine.items.add("apple");
      cache.put("k", mine);
      mine.items.add("changed after put");
      Basket read = cache.get("k");

      assertThat(read.items.contains("changed after put")).isEqualTo(!mode.isByValue());
      read.items.add("changed after get");
      assertThat(cache.get("k").items.contains("changed after get")).isEqualTo(!mode.isByValue());
    }
  }

  /** A mutable value. */
  static final class Basket {
    private final List<String> items = new ArrayList<>();
  }

  private static MutableConfiguration<String, String> strings(TestCaches caches) {
    return caches.configuration(String.class, String.class);
  }

  private static void awaitAbsent(Cache<String, String> cache, String key) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (cache.containsKey(key)) {
      assertThat(System.nanoTime()).as("still there after 20 s").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static MutableCacheEntryListenerConfiguration<String, String> synchronous(
      javax.cache.event.CacheEntryListener<String, String> listener) {
    return new MutableCacheEntryListenerConfiguration<>(
        new FactoryBuilder.SingletonFactory<>(listener), null, false, true);
  }

  private static MutableConfiguration<String, String> loadedBy(
      MutableConfiguration<String, String> configuration, CacheLoader<String, String> loader) {
    return configuration
        .setReadThrough(true)
        .setCacheLoaderFactory(new FactoryBuilder.SingletonFactory<>(loader));
  }

  private static CacheLoader<String, String> loader(
      java.util.function.Function<String, String> source) {
    return new CacheLoader<>() {
      @Override
      public String load(String key) {
        return source.apply(key);
      }

      @Override
      public Map<String, String> loadAll(Iterable<? extends String> keys) {
        Map<String, String> loaded = new HashMap<>();
        keys.forEach(key -> loaded.put(key, source.apply(key)));
        return loaded;
      }
    };
  }

  /** A loader and writer in one object. */
  private static final class CloseableLoaderAndWriter
      implements CacheLoader<String, String>, CacheWriter<String, String>, Closeable {

    private final AtomicInteger closed = new AtomicInteger();
    private final List<String> calls = new ArrayList<>();
    private String refused = "";
    private boolean leavesAll;

    MutableConfiguration<String, String> usedBy(
        MutableConfiguration<String, String> configuration) {
      return loadedBy(writtenBy(configuration), this);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    MutableConfiguration<String, String> writtenBy(
        MutableConfiguration<String, String> configuration) {
      return configuration
          .setWriteThrough(true)
          .setCacheWriterFactory(
              (javax.cache.configuration.Factory) new FactoryBuilder.SingletonFactory<>(this));
    }

    @Override
    public String load(String key) {
      return null;
    }

    @Override
    public Map<String, String> loadAll(Iterable<? extends String> keys) {
      return new HashMap<>();
    }

    @Override
    public void write(Cache.Entry<? extends String, ? extends String> entry) {
      calls.add("write " + entry.getKey());
    }

    @Override
    public void writeAll(Collection<Cache.Entry<? extends String, ? extends String>> entries) {
      if (leavesAll) {
        return;
      }
      entries.removeIf(entry -> !entry.getKey().equals(refused));
      if (!entries.isEmpty()) {
        throw new IllegalStateException("refused");
      }
    }

    @Override
    public void delete(Object key) {
      calls.add("delete " + key);
    }

    @Override
    public void deleteAll(Collection<?> keys) {
      keys.clear();
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }
}
