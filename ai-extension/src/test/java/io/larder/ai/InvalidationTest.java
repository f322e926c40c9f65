package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.CacheManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Taking answers out takes out what was there, and not what is paid for meanwhile. */
final class InvalidationTest {

  private static final Map<String, Consumer<AiCache>> INVALIDATIONS =
      Map.of("operation", cache -> cache.invalidateByOperation("qa"), "clear", AiCache::clear);
  private static final String TAG_HAS_ANOTHER_GENERATION = "ai-tags put";
  private static final String CACHE_IS_CLEARED = "ai.qa clear";
  private static RedisServer redis;

  @BeforeAll
  static void startRedis() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  private final AtomicInteger calls = new AtomicInteger();
  private @Nullable Runnable meanwhile;

  private AiAnswer<String> model() {
    return AiAnswer.of("answer " + calls.incrementAndGet());
  }

  private String moment = "";

  /** After such a call on such a cache. */
  private void runOnce(String cache, String method) {
    Runnable now = meanwhile;
    if (now != null && moment.equals(cache + " " + method)) {
      meanwhile = null;
      now.run();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsAskedForWhileItIsUnderWayStays(Place place) throws Exception {
    for (Map.Entry<String, Consumer<AiCache>> kind : INVALIDATIONS.entrySet()) {
      try (AiCaches caches = AiCaches.in(place, redis);
          AiCache watched = AiCache.on(Watched.of(caches.manager(), this::runOnce))) {
        AiCaches mine = place.isShared() ? caches.peer() : caches;
        AiCache cache = mine.cache();
        AiRequest before = AiRequest.of("qa", "before");
        AiRequest both = AiRequest.of("qa", "before and after");
        AiRequest after = AiRequest.of("qa", "after");
        cache.getOrCompute(before, this::model);
        cache.getOrCompute(both, this::model);
        meanwhile = () -> {
          mine.awaitHeardOf(caches, both);
          cache.getOrCompute(both, this::model);
          cache.getOrCompute(after, this::model);
        };
        calls.set(10);
        moment = TAG_HAS_ANOTHER_GENERATION;
        kind.getValue().accept(watched);
        assertThat(meanwhile).isNull();
        assertThat(cache.get(before)).as(kind.getKey()).isEmpty();
        assertThat(cache.get(both).orElseThrow().value()).as(kind.getKey()).isEqualTo("answer 11");
        assertThat(cache.get(after).orElseThrow().value()).as(kind.getKey()).isEqualTo("answer 12");
        assertThat(keys(caches.manager())).hasSize(2);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatComesWhileAllIsClearedIsInvalidAndLeavesNothing(Place place) throws Exception {
    try (AiCaches caches = AiCaches.in(place, redis);
        AiCache watched = AiCache.on(Watched.of(caches.manager(), this::runOnce))) {
      AiCaches mine = place.isShared() ? caches.peer() : caches;
      AiCache cache = mine.cache();
      AiRequest request = AiRequest.of("qa", "before");
      cache.getOrCompute(request, this::model);
      meanwhile = () -> cache.getOrCompute(request, this::model);
      moment = CACHE_IS_CLEARED;
      watched.clear();
      assertThat(meanwhile).isNull();
      mine.awaitHeardOf(caches, request);
      assertThat(cache.get(request)).isEmpty();
      assertThat(keys(caches.manager())).isEmpty();
    }
  }

  private static List<String> keys(CacheManager manager) {
    List<String> keys = new ArrayList<>();
    for (Cache.Entry<String, StoredAnswer> entry :
        manager.getCache("ai.qa", String.class, StoredAnswer.class)) {
      keys.add(entry.getKey());
    }
    return keys;
  }
}
