package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.ai.annotation.AiCacheRemoveAll;
import io.larder.ai.annotation.AiCacheResult;
import io.larder.ai.annotation.AiText;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;
import org.junit.jupiter.api.Test;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;

/** The annotations on beans of a CDI container. */
final class CdiTest {

  interface Summaries {
    @AiCacheResult(operation = "summarize")
    String summarize(@AiText String text) throws IOException;
  }

  @ApplicationScoped
  static class Bean implements Summaries {
    private final AtomicInteger calls = new AtomicInteger();

    @Override
    public String summarize(String text) throws IOException {
      if (text.equals("bad")) {
        throw new IOException("bad " + calls.incrementAndGet());
      }
      return text + " " + calls.incrementAndGet();
    }

    @AiCacheResult(operation = "qa")
    public CompletionStage<String> askLater(@AiText String text) {
      return CompletableFuture.completedFuture(text + " " + calls.incrementAndGet());
    }

    @AiCacheResult(operation = "stream")
    public Flow.Publisher<String> stream(@AiText String text) {
      return JdkFlowAdapter.publisherToFlowPublisher(
          Flux.just(text, " " + calls.incrementAndGet()));
    }

    @AiCacheRemoveAll(operation = "summarize")
    public void forget() {}
  }

  @ApplicationScoped
  static class Producers {
    @Produces
    @Singleton
    AiCaches caches() {
      return AiCaches.in(Place.HEAP, null);
    }

    void close(@Disposes AiCaches caches) throws Exception {
      caches.close();
    }

    @Produces
    @Singleton
    AiCache cache(AiCaches caches) {
      return caches.cache();
    }
  }

  @ApplicationScoped
  static class Broken {
    @AiCacheResult(operation = "qa")
    public void ask(@AiText String text) {}
  }

  private static WeldContainer start(Class<?>... beans) {
    return new Weld().beanClasses(beans).initialize();
  }

  @Test
  void methodsThatAnswerAtOnce() throws Exception {
    try (WeldContainer container = start(Producers.class, Bean.class)) {
      Bean bean = container.select(Bean.class).get();
      assertThat(bean.summarize("t")).isEqualTo("t 1");
      assertThat(bean.summarize("t")).isEqualTo("t 1");
      AiCache cache = container.select(AiCache.class).get();
      assertThat(cache.get(AiRequest.of("summarize", "t"))).isPresent();
      assertThatThrownBy(() -> bean.summarize("bad"))
          .isExactlyInstanceOf(IOException.class)
          .hasMessage("bad 2");
      bean.forget();
      assertThat(container.select(Summaries.class).get().summarize("t")).isEqualTo("t 3");
    }
  }

  @Test
  void methodsThatAnswerLater() {
    try (WeldContainer container = start(Producers.class, Bean.class)) {
      Bean bean = container.select(Bean.class).get();
      assertThat(bean.askLater("t").toCompletableFuture().join()).isEqualTo("t 1");
      assertThat(bean.askLater("t").toCompletableFuture().join()).isEqualTo("t 1");
      Flux<String> stream = JdkFlowAdapter.flowPublisherToFlux(bean.stream("s"));
      assertThat(stream.collectList().block()).containsExactly("s", " 2");
      assertThat(stream.collectList().block()).containsExactly("s", " 2");
      container.select(AiCache.class).get().clear();
      assertThat(stream.collectList().block()).containsExactly("s", " 3");
    }
  }

  @Test
  void failsAtItsStart() {
    assertThatThrownBy(() -> start(Bean.class).close())
        .hasMessageContaining("there is no bean of type io.larder.ai.AiCache");
    assertThatThrownBy(() -> start(Producers.class, Broken.class).close())
        .hasMessageContaining(Broken.class.getName() + ".ask(String), @AiCacheResult: ")
        .hasMessageContaining("it returns nothing");
  }
}
