package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.larder.ai.config.AiConfig;
import io.larder.ai.stats.AiFigures;
import io.larder.testing.RedisServer;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** What is counted is what happened, each thing once; and what goes by the cache costs nothing. */
final class CountsTest {

  @Test
  void eachOperationHasABean() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, null)) {
      AiCache cache = caches.cache();
      MBeanServer server = ManagementFactory.getPlatformMBeanServer();
      List<String> names = List.of("a.b", "a:b", "a=b", "a,b", "a*b", "a\"b");
      for (String name : names) {
        for (int i = 0; i <= names.indexOf(name); i++) {
          cache.getOrCompute(AiRequest.of(name, "why?"), () -> AiAnswer.of("a"));
        }
      }
      for (String name : names) {
        String shown = name.equals("a.b") ? name : ObjectName.quote(name);
        ObjectName bean = new ObjectName(
            "io.larder:type=AiStatistics,CacheManager=larder.ai-production,Operation=" + shown);
        assertThat(server.getAttribute(bean, "Hits")).isEqualTo((long) names.indexOf(name));
      }
    }
  }

  @Test
  void aTextThatIsTooLongCountsOnceForACall() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, null)) {
      AiCache cache =
          caches.cache(builder -> builder.config(AiConfig.defaults().withMaxTextLength(10)));
      AiRequest request = AiRequest.of("qa", "x".repeat(11));
      assertThat(cache.get(request)).isEmpty();
      cache.put(request, AiAnswer.of("a"));
      assertThat(cache.stats("qa").total().skippedForLength()).isEqualTo(1);
      cache.getOrCompute(request, () -> AiAnswer.of("a"));
      assertThat(cache.stats("qa").total().skippedForLength()).isEqualTo(2);
    }
  }

  @Test
  void whatGoesByTheCacheIsNotHashed() throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    String text = "x".repeat(20_000_000);
    try (AiCaches caches = AiCaches.in(Place.HEAP, null)) {
      AiCache small =
          caches.cache(builder -> builder.config(AiConfig.defaults().withMaxTextLength(10)));
      AiCache off = caches.cache(builder ->
          builder.config(AiConfig.defaults().withEnabled(false).withMaxTextLength(100_000_000)));
      for (AiCache cache : List.of(small, off)) {
        cache.getOrCompute(AiRequest.of("qa", "warm"), () -> AiAnswer.of("a"));
        long before = threads.getCurrentThreadAllocatedBytes();
        cache.getOrCompute(AiRequest.of("qa", text), () -> AiAnswer.of("a"));
        cache.put(AiRequest.of("qa", text), AiAnswer.of("a"));
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000_000);
      }
    }
  }

  @Test
  void allStreamsThatWaitedForAnotherProcessAreCounted() throws Exception {
    try (RedisServer redis = RedisServer.start();
        AiCaches caches = AiCaches.in(Place.REDIS, redis);
        AiCaches peer = caches.peer()) {
      AiRequest request = AiRequest.of("qa", "why?");
      AiCache other = AiCache.on(peer.manager());
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      Thread call = new Thread(() -> other.getOrCompute(request, () -> {
        begun.countDown();
        try {
          go.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
        return AiAnswer.of("answer").withUsage(7, 3);
      }));
      call.start();
      begun.await();
      AiCache cache = caches.cache();
      List<CompletableFuture<Void>> ends = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        ends.add(end(cache.streamText(request, () -> {
          throw new AssertionError("not to be asked");
        })));
      }
      while (cache.stats("qa").total().misses() < 4) {
        Thread.onSpinWait();
      }
      go.countDown();
      for (CompletableFuture<Void> end : ends) {
        end.get(60, TimeUnit.SECONDS);
      }
      call.join();
      other.close();
      awaitSaved(cache, 40);
      AiFigures figures = cache.stats("qa").total();
      assertThat(figures.coalesced()).isEqualTo(4);
      assertThat(figures.savedTokens()).isEqualTo(40);
    }
  }

  /** A stream may end before it is counted; its tokens are counted last. */
  private static void awaitSaved(AiCache cache, long tokens) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (cache.stats("qa").total().savedTokens() < tokens && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(5); // until all are counted
    }
  }

  private static CompletableFuture<Void> end(Flow.Publisher<String> publisher) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    publisher.subscribe(new Flow.Subscriber<>() {
      @Override
      public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
      }

      @Override
      public void onNext(String piece) {}

      @Override
      public void onError(Throwable e) {
        end.completeExceptionally(e);
      }

      @Override
      public void onComplete() {
        end.complete(null);
      }
    });
    return end;
  }

  @Test
  void aPutThatStoresNothingThrows() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, null)) {
      AiCache cache = caches.cache();
      caches.manager().close();
      assertThatThrownBy(() -> cache.put(AiRequest.of("qa", "why?"), AiAnswer.of("a")))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void tagsOnTheHeapHaveASizeOfTheirOwn() throws Exception {
    Properties few = new Properties();
    few.setProperty("memory_cache_size", "100");
    few.setProperty("caches", "{\"ai-tags\": {\"memory_cache_size\": 1000}}");
    try (AiCaches caches = AiCaches.in(Place.HEAP, null, few)) {
      AiCache cache = caches.cache();
      for (int i = 0; i < 80; i++) {
        AiRequest request = AiRequest.builder("qa")
            .text("why " + i)
            .tags("a" + i, "b" + i, "c" + i)
            .build();
        cache.getOrCompute(request, () -> AiAnswer.of("a"));
      }
      for (int i = 0; i < 80; i++) {
        assertThat(cache.get(AiRequest.of("qa", "why " + i))).isPresent();
      }
    }
  }
}
