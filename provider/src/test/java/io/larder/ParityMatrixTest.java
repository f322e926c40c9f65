package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.testing.RedisServer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.configuration.Factory;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** All sibling operations through one corner each, in every mode. */
class ParityMatrixTest {

  static RedisServer redis;
  private static final java.time.Duration HOUR = java.time.Duration.ofHours(1);

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  /** An operation that stores "new" under 1, given that 1 holds "old" or nothing. */
  enum Store {
    PUT(true, true),
    GET_AND_PUT(true, true),
    PUT_ALL(true, true),
    PUT_IF_ABSENT(true, false),
    PUT_OWN_TTL(true, true),
    PUT_IF_ABSENT_OWN_TTL(true, false),
    REPLACE(false, true),
    REPLACE_IF_EQUAL(false, true),
    GET_AND_REPLACE(false, true),
    INVOKE(true, true),
    INVOKE_ALL(true, true);

    final boolean creates;
    final boolean updates;

    Store(boolean creates, boolean updates) {
      this.creates = creates;
      this.updates = updates;
    }

    /** Whether the expiry policy is asked. */
    boolean asksPolicy() {
      return this != PUT_OWN_TTL && this != PUT_IF_ABSENT_OWN_TTL;
    }

    @SuppressWarnings("unchecked")
    private static CacheExtensions<Integer, String> larder(Cache<Integer, String> cache) {
      return cache.unwrap(CacheExtensions.class);
    }

    void on(Cache<Integer, String> cache) {
      switch (this) {
        case PUT -> cache.put(1, "new");
        case GET_AND_PUT -> cache.getAndPut(1, "new");
        case PUT_ALL -> cache.putAll(Map.of(1, "new"));
        case PUT_IF_ABSENT -> cache.putIfAbsent(1, "new");
        case PUT_OWN_TTL -> larder(cache).put(1, "new", HOUR);
        case PUT_IF_ABSENT_OWN_TTL -> larder(cache).putIfAbsent(1, "new", HOUR);
        case REPLACE -> cache.replace(1, "new");
        case REPLACE_IF_EQUAL -> cache.replace(1, "old", "new");
        case GET_AND_REPLACE -> cache.getAndReplace(1, "new");
        case INVOKE ->
          cache.invoke(1, (entry, args) -> {
            entry.setValue("new");
            return null;
          });
        case INVOKE_ALL ->
          cache
              .invokeAll(Set.of(1), (entry, args) -> {
                entry.setValue("new");
                return "done";
              })
              .values()
              .forEach(result -> result.get());
      }
    }
  }

  /** An operation that removes 1, which holds "old". */
  enum Removal {
    REMOVE,
    REMOVE_IF_EQUAL,
    GET_AND_REMOVE,
    REMOVE_ALL_KEYS,
    REMOVE_ALL,
    INVOKE,
    ITERATOR;

    void on(Cache<Integer, String> cache) {
      switch (this) {
        case REMOVE -> cache.remove(1);
        case REMOVE_IF_EQUAL -> cache.remove(1, "old");
        case GET_AND_REMOVE -> cache.getAndRemove(1);
        case REMOVE_ALL_KEYS -> cache.removeAll(Set.of(1));
        case REMOVE_ALL -> cache.removeAll();
        case INVOKE ->
          cache.invoke(1, (entry, args) -> {
            entry.remove();
            return null;
          });
        case ITERATOR -> {
          var all = cache.iterator();
          all.next();
          all.remove();
        }
      }
    }
  }

  static Stream<Arguments> stores() {
    return Stream.of(Mode.values())
        .flatMap(mode -> Stream.of(Store.values()).map(store -> Arguments.of(mode, store)));
  }

  static Stream<Arguments> storesByPolicy() {
    return stores().filter(arguments -> ((Store) arguments.get()[1]).asksPolicy());
  }

  static Stream<Arguments> removals() {
    return Stream.of(Mode.values())
        .flatMap(mode -> Stream.of(Removal.values()).map(removal -> Arguments.of(mode, removal)));
  }

  @ParameterizedTest
  @MethodSource("stores")
  void storing(Mode mode, Store store) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Heard heard = new Heard();
      LarderCache<Integer, String> cache = caches.cache(heard.listenedTo(config(caches)));

      store.on(cache);
      assertThat(cache.get(1)).isEqualTo(store.creates ? "new" : null);
      assertThat(heard.take()).isEqualTo(store.creates ? List.of("CREATED new null") : List.of());

      cache.clear();
      cache.put(1, "old");
      heard.take();
      long puts = cache.stats().puts();
      store.on(cache);
      assertThat(cache.get(1)).isEqualTo(store.updates ? "new" : "old");
      assertThat(heard.take()).isEqualTo(store.updates ? List.of("UPDATED new old") : List.of());
      assertThat(cache.stats().puts() - puts).isEqualTo(store.updates ? 1 : 0);
    }
  }

  @ParameterizedTest
  @MethodSource("removals")
  void removing(Mode mode, Removal removal) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Heard heard = new Heard();
      LarderCache<Integer, String> cache = caches.cache(heard.listenedTo(config(caches)));
      cache.put(1, "old");
      heard.take();

      removal.on(cache);

      assertThat(cache.containsKey(1)).isFalse();
      assertThat(heard.take()).containsExactly("REMOVED old old");
      assertThat(cache.stats().removals()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("storesByPolicy")
  void zeroCreationExpiryStoresNothing(Mode mode, Store store) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Heard heard = new Heard();
      LarderCache<Integer, String> cache = caches.cache(heard.listenedTo(
          config(caches).setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(Duration.ZERO))));

      store.on(cache);

      assertThat(cache.containsKey(1)).isFalse();
      assertThat(cache.get(1)).isNull();
      assertThat(heard.take()).isEmpty();
      assertThat(cache.stats().puts()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("storesByPolicy")
  void zeroUpdateExpiryRemoves(Mode mode, Store store) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Heard heard = new Heard();
      LarderCache<Integer, String> cache = caches.cache(heard.listenedTo(config(caches)
          .setExpiryPolicyFactory(
              new FactoryBuilder.SingletonFactory<>(new Fixed(Duration.ETERNAL, Duration.ZERO)))));
      cache.put(1, "old");
      heard.take();

      store.on(cache);

      assertThat(cache.containsKey(1)).isEqualTo(!store.updates);
      assertThat(heard.take())
          .isEqualTo(store.updates ? List.of("UPDATED new old", "EXPIRED new new") : List.of());
    }
  }

  @ParameterizedTest
  @MethodSource("stores")
  void failingWriterChangesNothing(Mode mode, Store store) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Writer writer = new Writer();
      Heard heard = new Heard();
      LarderCache<Integer, String> cache =
          caches.cache(heard.listenedTo(written(config(caches), writer)));
      cache.put(1, "old");
      heard.take();
      writer.failing = true;

      if (store.updates) {
        assertThatThrownBy(() -> store.on(cache))
            .isInstanceOfAny(
                CacheWriterException.class, javax.cache.processor.EntryProcessorException.class)
            .rootCause()
            .hasMessage("refused");
      } else {
        store.on(cache);
      }

      assertThat(cache.get(1)).isEqualTo("old");
      assertThat(heard.take()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("stores")
  void writerIsCalledOnce(Mode mode, Store store) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Writer writer = new Writer();
      LarderCache<Integer, String> cache = caches.cache(written(config(caches), writer));
      cache.put(1, "old");
      writer.calls.clear();

      store.on(cache);

      assertThat(writer.calls).isEqualTo(store.updates ? List.of("write 1=new") : List.of());
    }
  }

  @ParameterizedTest
  @MethodSource("removals")
  void failingDeleteChangesNothing(Mode mode, Removal removal) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Writer writer = new Writer();
      Heard heard = new Heard();
      LarderCache<Integer, String> cache =
          caches.cache(heard.listenedTo(written(config(caches), writer)));
      cache.put(1, "old");
      heard.take();
      writer.failing = true;

      assertThatThrownBy(() -> removal.on(cache)).isInstanceOf(CacheWriterException.class);

      assertThat(cache.get(1)).isEqualTo("old");
      assertThat(heard.take()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("stores")
  void expiredPriorIsToldAndThenCreated(Mode mode, Store store) throws InterruptedException {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Heard heard = new Heard();
      LarderCache<Integer, String> cache = caches.cache(heard.listenedTo(config(caches)
          .setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(
              new Duration(java.util.concurrent.TimeUnit.MILLISECONDS, 60)))));
      cache.put(1, "old");
      heard.take();
      // The deadline is kept by Redis' clock, which no test can move.
      while (cache.containsKey(1)) {
        Thread.sleep(5);
      }

      store.on(cache);

      assertThat(heard.take())
          .isEqualTo(
              store.creates
                  ? List.of("EXPIRED old old", "CREATED new null")
                  : List.of("EXPIRED old old"));
    }
  }

  @ParameterizedTest
  @MethodSource("stores")
  void failingSynchronousListenerLeavesTheChange(Mode mode, Store store) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      LarderCache<Integer, String> cache = caches.cache(config(caches));
      cache.put(1, "old");
      CacheEntryUpdatedListener<Integer, String> broken = events -> {
        throw new IllegalStateException("broken listener");
      };
      cache.registerCacheEntryListener(new MutableCacheEntryListenerConfiguration<>(
          new FactoryBuilder.SingletonFactory<>(broken), null, false, true));

      if (store.updates) {
        assertThatThrownBy(() -> store.on(cache)).hasRootCauseMessage("broken listener");
      } else {
        store.on(cache);
      }

      assertThat(cache.get(1)).isEqualTo(store.updates ? "new" : "old");
    }
  }

  private static MutableConfiguration<Integer, String> config(TestCaches caches) {
    return caches.configuration(Integer.class, String.class);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static MutableConfiguration<Integer, String> written(
      MutableConfiguration<Integer, String> configuration, Writer writer) {
    Factory factory = new FactoryBuilder.SingletonFactory<>(writer);
    return configuration.setWriteThrough(true).setCacheWriterFactory(factory);
  }

  /** Keeps what synchronous listeners are told. */
  private static final class Heard
      implements CacheEntryCreatedListener<Integer, String>,
          CacheEntryUpdatedListener<Integer, String>,
          CacheEntryRemovedListener<Integer, String>,
          CacheEntryExpiredListener<Integer, String> {

    private final List<String> told = new ArrayList<>();

    MutableConfiguration<Integer, String> listenedTo(
        MutableConfiguration<Integer, String> configuration) {
      return configuration.addCacheEntryListenerConfiguration(
          new MutableCacheEntryListenerConfiguration<>(
              new FactoryBuilder.SingletonFactory<>(this), null, true, true));
    }

    synchronized List<String> take() {
      List<String> taken = List.copyOf(told);
      told.clear();
      return taken;
    }

    private synchronized void hear(
        Iterable<CacheEntryEvent<? extends Integer, ? extends String>> events) {
      events.forEach(e -> told.add(e.getEventType() + " " + e.getValue() + " " + e.getOldValue()));
    }

    @Override
    public void onCreated(Iterable<CacheEntryEvent<? extends Integer, ? extends String>> events) {
      hear(events);
    }

    @Override
    public void onUpdated(Iterable<CacheEntryEvent<? extends Integer, ? extends String>> events) {
      hear(events);
    }

    @Override
    public void onRemoved(Iterable<CacheEntryEvent<? extends Integer, ? extends String>> events) {
      hear(events);
    }

    @Override
    public void onExpired(Iterable<CacheEntryEvent<? extends Integer, ? extends String>> events) {
      hear(events);
    }
  }

  private static final class Writer implements CacheWriter<Integer, String> {

    private final List<String> calls = new ArrayList<>();
    private boolean failing;

    private void call(String call) {
      if (failing) {
        throw new IllegalStateException("refused");
      }
      calls.add(call);
    }

    @Override
    public void write(Cache.Entry<? extends Integer, ? extends String> entry) {
      call("write " + entry.getKey() + "=" + entry.getValue());
    }

    @Override
    public void writeAll(Collection<Cache.Entry<? extends Integer, ? extends String>> entries) {
      entries.forEach(this::write);
    }

    @Override
    public void delete(Object key) {
      call("delete " + key);
    }

    @Override
    public void deleteAll(Collection<?> keys) {
      keys.forEach(this::delete);
    }
  }

  private record Fixed(Duration creation, Duration update) implements ExpiryPolicy {

    @Override
    public Duration getExpiryForCreation() {
      return creation;
    }

    @Override
    public Duration getExpiryForAccess() {
      return null;
    }

    @Override
    public Duration getExpiryForUpdate() {
      return update;
    }
  }
}
