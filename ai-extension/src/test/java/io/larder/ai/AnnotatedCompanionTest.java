package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.ai.annotation.AiCacheResult;
import io.larder.ai.annotation.AiText;
import io.larder.ai.intercept.AiCaching;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What an annotated method gives along with its answer reaches all who share the call. */
final class AnnotatedCompanionTest {

  interface Assistant {

    @AiCacheResult(operation = "qa")
    AiAnswer<String> ask(@AiText String text);

    @AiCacheResult(operation = "qa")
    CompletionStage<AiAnswer<String>> later(@AiText String text);
  }

  private final AtomicInteger calls = new AtomicInteger();
  private final CountDownLatch go = new CountDownLatch(1);
  private final Object companion = new Object();

  private final class Model implements Assistant {

    @Override
    public AiAnswer<String> ask(String text) {
      calls.incrementAndGet();
      try {
        go.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return AiAnswer.of(text + "!").withCompanion(companion);
    }

    @Override
    public CompletionStage<AiAnswer<String>> later(String text) {
      return CompletableFuture.completedFuture(ask(text));
    }
  }

  @Test
  void whoWaitsGetsTheCompanionAndWhoComesLaterGetsNone() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, null)) {
      AiCache cache = caches.cache();
      Assistant assistant = AiCaching.proxy(Assistant.class, new Model(), cache);
      shared(cache, () -> assistant.ask("plain"));
      assertThat(assistant.ask("plain").companion()).isNull();
    }
  }

  @Test
  void soDoesWhoWaitsForAStage() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, null)) {
      AiCache cache = caches.cache();
      Assistant assistant = AiCaching.proxy(Assistant.class, new Model(), cache);
      shared(cache, () -> assistant.later("staged").toCompletableFuture().join());
      assertThat(assistant.later("staged").toCompletableFuture().join().companion())
          .isNull();
    }
  }

  /** Two ask at a time, one of them the model. */
  private void shared(AiCache cache, Supplier<AiAnswer<String>> asking) throws Exception {
    CompletableFuture<AiAnswer<String>> one = AiCaches.started(asking);
    CompletableFuture<AiAnswer<String>> other = AiCaches.started(asking);
    while (calls.get() == 0 || cache.stats("qa").total().misses() < 2) {
      Thread.onSpinWait();
    }
    AiCaches.awaitAllWait();
    go.countDown();
    assertThat(one.get(1, TimeUnit.MINUTES).companion()).isSameAs(companion);
    assertThat(other.get(1, TimeUnit.MINUTES).companion()).isSameAs(companion);
    assertThat(calls).hasValue(1);
  }
}
