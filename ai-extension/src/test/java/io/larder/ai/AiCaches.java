package io.larder.ai;

import io.larder.LarderCachingProvider;
import io.larder.ai.key.KeyScheme;
import io.larder.ai.platform.Platform;
import io.larder.testing.RedisServer;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;

/** A manager of its own for one test; its data in Redis is in a namespace of its own. */
public final class AiCaches implements AutoCloseable {

  private final CachingProvider provider;
  private final CacheManager manager;
  private final Properties properties;
  private final List<AutoCloseable> open = new ArrayList<>();

  private AiCaches(CachingProvider provider, Properties properties) {
    this.provider = provider;
    this.properties = properties;
    this.manager = provider.getCacheManager(
        provider instanceof LarderCachingProvider
            ? URI.create("larder:ai-production")
            : provider.getDefaultURI(),
        AiCaches.class.getClassLoader(),
        properties);
  }

  /** Something that is done on a thread of its own, which may wait for others that are. */
  public static <T> CompletableFuture<T> started(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, task -> {
      Thread thread = new Thread(task, "started");
      thread.setDaemon(true);
      thread.start();
    });
  }

  /**
   * Returns when all that was {@link #started}, and all that was begun by it, waits for something.
   */
  public static void awaitAllWait() throws InterruptedException {
    long start = System.nanoTime();
    while (!Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches("started|larder-ai .*"))
        .map(Thread::getState)
        .allMatch(state -> state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING)) {
      if (System.nanoTime() - start > TimeUnit.MINUTES.toNanos(1)) {
        throw new AssertionError("not all wait");
      }
      TimeUnit.MILLISECONDS.sleep(5); // until they wait
    }
  }

  public static AiCaches in(Place place, RedisServer redis) {
    return in(place, redis, new Properties());
  }

  /** Caches in that place, with more settings of Larder's. */
  public static AiCaches in(Place place, RedisServer redis, Properties more) {
    Properties properties = new Properties();
    if (place == Place.CAFFEINE) {
      return new AiCaches(
          new com.github.benmanes.caffeine.jcache.spi.CaffeineCachingProvider(), properties);
    }
    if (place.isShared()) {
      properties.setProperty("redis_url", redis.url());
      properties.setProperty("namespace", RedisServer.newNamespace());
      properties.setProperty("enable_l1_cache", String.valueOf(place == Place.NEAR));
      properties.setProperty("operation_timeout_ms", "5000");
    }
    properties.setProperty("log_level", "WARNING");
    more.stringPropertyNames().forEach(key -> properties.setProperty(key, more.getProperty(key)));
    return new AiCaches(new LarderCachingProvider(), properties);
  }

  /** Another manager, as of another process, that shares the data. */
  public AiCaches peer() {
    AiCaches peer = new AiCaches(new LarderCachingProvider(), properties);
    open.add(peer);
    return peer;
  }

  /**
   * Returns when this process reads the tags, and the answer to that request, as another does that
   * has changed them: a near tier hears of others' changes in messages, which take their time.
   */
  void awaitHeardOf(AiCaches other, AiRequest request) {
    long start = System.nanoTime();
    while (other != this && !readsAs(other, request)) {
      if (System.nanoTime() - start > TimeUnit.MINUTES.toNanos(1)) {
        throw new AssertionError("another process' change is not seen: " + request);
      }
      LockSupport.parkNanos(1_000_000); // until the message is there
    }
  }

  private boolean readsAs(AiCaches other, AiRequest request) {
    String name = Caches.PREFIX + request.operation();
    String key = request.key(new KeyScheme(Platform.of(manager).config()));
    Cache<String, StoredAnswer> mine = manager.getCache(name);
    Cache<String, StoredAnswer> theirs = // null if it has not been used there
        other.manager.getCache(name);
    Cache<String, String> tags = manager.getCache(Caches.TAGS);
    Cache<String, String> theirTags = other.manager.getCache(Caches.TAGS);
    return (theirs == null || Objects.equals(stamp(mine.get(key)), stamp(theirs.get(key))))
        && StreamSupport.stream(theirTags.spliterator(), false)
            .allMatch(tag -> tag.getValue().equals(tags.get(tag.getKey())));
  }

  private static @Nullable String stamp(@Nullable StoredAnswer answer) {
    return answer == null ? null : answer.stamp();
  }

  public CacheManager manager() {
    return manager;
  }

  String namespace() {
    return properties.getProperty("namespace");
  }

  /** An answer cache with the manager's settings. */
  public AiCache cache() {
    return cache(builder -> builder);
  }

  public AiCache cache(UnaryOperator<AiCache.Builder> more) {
    AiCache cache = more.apply(AiCache.builder(manager)).build();
    open.add(cache);
    return cache;
  }

  @Override
  public void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
    provider.close();
  }
}
