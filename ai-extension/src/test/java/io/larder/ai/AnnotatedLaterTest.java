package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.ai.annotation.AiCachePut;
import io.larder.ai.annotation.AiCacheRemove;
import io.larder.ai.annotation.AiCacheResult;
import io.larder.ai.annotation.AiText;
import io.larder.ai.annotation.AiValue;
import io.larder.ai.intercept.AiCaching;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What annotations do on methods that answer later, or in pieces. */
final class AnnotatedLaterTest {

  interface Later {

    @AiCacheResult(operation = "qa")
    CompletionStage<String> stage(@AiText String text);

    @AiCacheResult(operation = "maybe")
    CompletableFuture<Optional<String>> future(@AiText String text);

    @AiCachePut(operation = "qa")
    CompletionStage<String> anew(@AiText String text);

    @AiCachePut(operation = "qa")
    CompletionStage<Void> store(@AiText String text, @AiValue String value);

    @AiCacheRemove(operation = "qa")
    CompletionStage<Integer> forget(@AiText String text);

    @AiCacheResult(operation = "flow")
    Flow.Publisher<String> flow(@AiText String text);

    @AiCacheResult(operation = "chunks")
    Flow.Publisher<AiChunk<String>> chunks(@AiText String text);

    @AiCacheResult(operation = "numbers")
    Flow.Publisher<Integer> numbers(@AiText String text);

    @AiCacheResult(operation = "qa")
    Mono<String> mono(@AiText String text);

    @AiCacheRemove(operation = "qa")
    Mono<Void> monoForget(@AiText String text);

    @AiCacheResult(operation = "flow")
    Flux<String> flux(@AiText String text);

    @AiCacheResult(operation = "flow")
    Publisher<String> publisher(@AiText String text);

    @AiCacheRemove(operation = "flow")
    Flux<Integer> fluxForget(@AiText String text);
  }

  private final AtomicInteger calls = new AtomicInteger();
  private AiCaches caches;
  private AiCache cache;
  private Later later;

  private final class Model implements Later {

    private String next(String text) {
      return text + " " + calls.incrementAndGet();
    }

    @Override
    public CompletionStage<String> stage(String text) {
      String answer = next(text);
      if (text.equals("thrown")) {
        throw new IllegalStateException(answer);
      }
      return switch (text) {
        case "bad" -> CompletableFuture.failedFuture(new IOException(answer));
        case "null" -> null;
        default -> CompletableFuture.supplyAsync(() -> answer);
      };
    }

    @Override
    public CompletableFuture<Optional<String>> future(String text) {
      return CompletableFuture.completedFuture(Optional.of(next(text)));
    }

    @Override
    public CompletionStage<String> anew(String text) {
      return stage(text);
    }

    @Override
    public CompletionStage<Void> store(String text, String value) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Integer> forget(String text) {
      return text.equals("bad")
          ? CompletableFuture.failedFuture(new IOException())
          : CompletableFuture.completedFuture(7);
    }

    @Override
    public Flow.Publisher<String> flow(String text) {
      return JdkFlowAdapter.publisherToFlowPublisher(flux(text));
    }

    @Override
    public Flow.Publisher<AiChunk<String>> chunks(String text) {
      String answer = next(text);
      FinishReason finish = text.equals("cut") ? FinishReason.LENGTH : FinishReason.STOP;
      return JdkFlowAdapter.publisherToFlowPublisher(
          Flux.just(AiChunk.of(answer), AiChunk.end(finish, new AiUsage(1, 2))));
    }

    @Override
    public Flow.Publisher<Integer> numbers(String text) {
      return JdkFlowAdapter.publisherToFlowPublisher(Flux.just(calls.incrementAndGet(), 50, 60));
    }

    @Override
    public Mono<String> mono(String text) {
      return switch (text) {
        case "bad" -> Mono.error(() -> new IOException(next(text)));
        case "empty" -> Mono.fromRunnable(calls::incrementAndGet);
        case "context" -> Mono.deferContextual(context -> Mono.just(context.get("who")));
        default -> Mono.fromSupplier(() -> next(text));
      };
    }

    @Override
    public Mono<Void> monoForget(String text) {
      return text.equals("bad") ? Mono.error(new IOException()) : Mono.empty();
    }

    @Override
    public Flux<String> flux(String text) {
      String answer = next(text);
      return text.equals("bad")
          ? Flux.concat(Flux.just("half"), Flux.error(new IOException(answer)))
          : Flux.just(answer, ", ", "end");
    }

    @Override
    public Publisher<String> publisher(String text) {
      return flux(text);
    }

    @Override
    public Flux<Integer> fluxForget(String text) {
      return text.equals("bad") ? Flux.error(new IOException()) : Flux.just(1, 2);
    }
  }

  @BeforeEach
  void wrap() {
    caches = AiCaches.in(Place.HEAP, null);
    cache = caches.cache();
    later = AiCaching.proxy(Later.class, new Model(), cache);
  }

  @AfterEach
  void close() throws Exception {
    caches.close();
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get();
  }

  private static <T> List<T> all(Flow.Publisher<T> publisher) {
    return JdkFlowAdapter.flowPublisherToFlux(publisher).collectList().block();
  }

  @Test
  void stages() throws Exception {
    assertThat(get(later.stage("t"))).isEqualTo("t 1");
    assertThat(get(later.stage("t"))).isEqualTo("t 1");
    assertThat(later.future("f").get()).contains("f 2");
    assertThat(later.future("f").get()).contains("f 2");
    assertThat(get(later.anew("t"))).isEqualTo("t 3");
    assertThat(get(later.stage("t"))).isEqualTo("t 3");
    get(later.store("t", "given"));
    assertThat(get(later.stage("t"))).isEqualTo("given");
    assertThat(get(later.forget("t"))).isEqualTo(7);
    assertThat(get(later.stage("t"))).isEqualTo("t 4");
  }

  @Test
  void stagesThatFail() throws Exception {
    for (int i = 1; i <= 2; i++) {
      assertThatThrownBy(() -> get(later.stage("bad")))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isExactlyInstanceOf(IOException.class)
          .hasMessage("bad " + i);
    }
    assertThatThrownBy(() -> get(later.stage("thrown")))
        .cause()
        .isExactlyInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> get(later.stage("null")))
        .cause()
        .hasMessageContaining("must not return null");
    assertThat(calls).hasValue(4);
    cache.put(AiRequest.of("qa", "bad"), AiAnswer.of("kept"));
    assertThatThrownBy(() -> get(later.forget("bad"))).cause().isInstanceOf(IOException.class);
    assertThat(get(later.stage("bad"))).isEqualTo("kept");
  }

  @Test
  void streams() {
    assertThat(all(later.flow("t"))).containsExactly("t 1", ", ", "end");
    assertThat(all(later.flow("t"))).containsExactly("t 1", ", ", "end");
    assertThat(cache.get(AiRequest.of("flow", "t")).orElseThrow().value()).isEqualTo("t 1, end");
    assertThat(all(later.numbers("n"))).containsExactly(2, 50, 60);
    assertThat(all(later.numbers("n"))).containsExactly(2, 50, 60);
    assertThat(all(later.chunks("c")).get(1).end().usage()).isEqualTo(new AiUsage(1, 2));
    assertThat(all(later.chunks("c"))).allMatch(AiChunk::replayed);
    all(later.chunks("cut"));
    assertThat(all(later.chunks("cut"))).noneMatch(AiChunk::replayed);
    assertThat(calls).hasValue(5);
  }

  @Test
  void monos() {
    Mono<String> mono = later.mono("t");
    assertThat(calls).hasValue(0);
    assertThat(mono.block()).isEqualTo("t 1");
    assertThat(mono.block()).isEqualTo("t 1");
    assertThat(later.mono("t").block()).isEqualTo("t 1");
    assertThat(later.mono("empty").block()).isNull();
    assertThat(later.mono("empty").block()).isNull();
    assertThat(calls).hasValue(3);
    assertThatThrownBy(() -> later.mono("bad").block())
        .hasCauseExactlyInstanceOf(IOException.class)
        .hasStackTraceContaining("bad 4");
    assertThatThrownBy(() -> later.mono("bad").block()).hasStackTraceContaining("bad 5");
    Mono<String> context = later.mono("context").contextWrite(all -> all.put("who", "me"));
    assertThat(context.block()).isEqualTo("me");
    later.monoForget("t").block();
    assertThat(later.mono("t").block()).isEqualTo("t 6");
    assertThatThrownBy(() -> later.monoForget("bad").block())
        .hasCauseExactlyInstanceOf(IOException.class);
  }

  @Test
  void fluxes() {
    assertThat(later.flux("t").collectList().block()).containsExactly("t 1", ", ", "end");
    assertThat(later.flux("t").collectList().block()).containsExactly("t 1", ", ", "end");
    assertThat(Flux.from(later.publisher("t")).blockFirst()).isEqualTo("t 1");
    assertThatThrownBy(() -> later.flux("bad").collectList().block())
        .hasStackTraceContaining("bad 2");
    assertThatThrownBy(() -> later.flux("bad").collectList().block())
        .hasStackTraceContaining("bad 3");
    assertThat(later.fluxForget("t").collectList().block()).containsExactly(1, 2);
    assertThat(later.flux("t").blockFirst()).isEqualTo("t 4");
  }
}
