package io.larder.ai.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import io.larder.LarderCachingProvider;
import io.larder.ai.AiCache;
import io.larder.ai.AiCaches;
import io.larder.ai.stats.AiFigures;
import io.larder.testing.RedisServer;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On the heap, and with a value that has to go through bytes, over Redis. */
final class CachingEmbeddingModelTest {

  private final LarderCachingProvider provider = new LarderCachingProvider();
  private final Counting counting = new Counting();
  private final List<AutoCloseable> open = new ArrayList<>();

  /** Embeds a text as its length and first letter, ten tokens each. */
  private static final class Counting implements EmbeddingModel {
    final List<List<String>> batches = new CopyOnWriteArrayList<>();
    String name = "e-1";
    Runnable during = () -> {};

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
      batches.add(segments.stream().map(TextSegment::text).toList());
      during.run();
      return Response.from(
          segments.stream().map(segment -> vector(segment.text())).toList(),
          new TokenUsage(10 * segments.size()));
    }

    @Override
    public EmbeddingResponse doEmbed(EmbeddingRequest request) {
      List<TextSegment> segments =
          request.inputs().stream().map(input -> TextSegment.from(input.text())).toList();
      Response<List<Embedding>> response = embedAll(segments);
      return EmbeddingResponse.builder()
          .embeddings(response.content())
          .tokenUsage(response.tokenUsage())
          .build();
    }

    @Override
    public Set<EmbeddingParameter<?>> supportedParameters() {
      return Set.of(
          EmbeddingRequestParameters.MODEL_NAME,
          EmbeddingRequestParameters.DIMENSIONS,
          EmbeddingRequestParameters.INPUT_TYPE);
    }

    @Override
    public String modelName() {
      return name;
    }

    static Embedding vector(String text) {
      return Embedding.from(new float[] {text.length(), text.charAt(0), 0.1f});
    }
  }

  private CachingEmbeddingModel model(boolean shared) {
    Properties properties = new Properties();
    if (shared) {
      RedisServer redis = RedisServer.start();
      open.add(redis);
      properties.setProperty("redis_url", redis.url());
      properties.setProperty("namespace", RedisServer.newNamespace());
      properties.setProperty("operation_timeout_ms", "20000");
    }
    AiCache cache = AiCache.on(provider.getCacheManager(
        URI.create("larder:ai-production"), getClass().getClassLoader(), properties));
    open.add(0, provider);
    open.add(0, cache);
    return CachingEmbeddingModel.of(cache, counting);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private static List<TextSegment> segments(String... texts) {
    return Stream.of(texts).map(TextSegment::from).toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ofABatchOnlyWhatIsMissingIsComputedAndOnce(boolean shared) {
    CachingEmbeddingModel model = model(shared);
    model.embedAll(segments("a", "bb"));
    Response<List<Embedding>> mixed = model.embedAll(segments("ccc", "a", "ccc", "dddd", "bb"));
    assertThat(counting.batches).containsExactly(List.of("a", "bb"), List.of("ccc", "dddd"));
    assertThat(mixed.content())
        .containsExactlyElementsOf(
            Stream.of("ccc", "a", "ccc", "dddd", "bb").map(Counting::vector).toList());
    mixed.content().get(0).normalize(); // changes that one only, not its equal
    assertThat(mixed.content().get(2)).isEqualTo(Counting.vector("ccc"));
    assertThat(mixed.tokenUsage().inputTokenCount()).isEqualTo(20);

    Response<List<Embedding>> known = model.embedAll(segments("bb", "a"));
    assertThat(known.content()).containsExactly(Counting.vector("bb"), Counting.vector("a"));
    assertThat(known.tokenUsage().totalTokenCount()).isZero();
    known.content().get(0).normalize(); // changes the caller's copy only
    assertThat(model.embed("bb").content()).isEqualTo(Counting.vector("bb"));
    assertThat(counting.batches).hasSize(2);
  }

  @Test
  void parametersAreInTheKeyAndAModelWithoutANameIsNotCached() {
    CachingEmbeddingModel model = model(false);
    List<EmbeddingRequest> different = List.of(
        EmbeddingRequest.builder().input("a").build(),
        EmbeddingRequest.builder().input("a").dimensions(3).build(),
        EmbeddingRequest.builder().input("a").modelName("e-2").build(),
        EmbeddingRequest.builder()
            .input("a")
            .inputType(EmbeddingInputType.QUERY)
            .build(),
        EmbeddingRequest.builder()
            .input("a")
            .inputType(EmbeddingInputType.DOCUMENT)
            .build());
    different.forEach(model::embed);
    different.forEach(model::embed);
    assertThat(counting.batches).hasSize(different.size());
    counting.name = "unknown";
    model.embed("a");
    model.embed("a");
    assertThat(counting.batches).hasSize(different.size() + 2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsInvalidatedWhileTheModelIsAtWorkIsNotStored(boolean shared) {
    CachingEmbeddingModel model = model(shared);
    AiCache cache = (AiCache) open.get(0);
    List<Runnable> invalidations = List.of(
        () -> cache.invalidateByOperation("embed"),
        () -> cache.invalidateByModel("e-1"),
        cache::clear,
        () -> cache.invalidatePattern("op:embed|txt:a|*"));
    for (Runnable invalidation : invalidations) {
      cache.clear();
      counting.batches.clear();
      counting.during = invalidation;
      model.embedAll(segments("a"));
      counting.during = () -> {};
      model.embedAll(segments("a"));
      model.embedAll(segments("a"));
      assertThat(counting.batches).containsExactly(List.of("a"), List.of("a"));
    }
  }

  @Test
  void concurrentBatchesComputeWhatTheyHaveInCommonOnce() throws Exception {
    CachingEmbeddingModel model = model(false);
    AiCache cache = (AiCache) open.get(0);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    counting.during = () -> {
      asked.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    };
    CompletableFuture<Response<List<Embedding>>> first =
        AiCaches.started(() -> model.embedAll(segments("a", "bb")));
    asked.await();
    CompletableFuture<Response<List<Embedding>>> second =
        AiCaches.started(() -> model.embedAll(segments("bb", "a")));
    while (cache.stats("embed").total().misses() < 4) {
      Thread.onSpinWait();
    }
    AiCaches.awaitAllWait();
    go.countDown();
    assertThat(first.get(1, TimeUnit.MINUTES).content())
        .containsExactly(Counting.vector("a"), Counting.vector("bb"));
    Response<List<Embedding>> shared = second.get(1, TimeUnit.MINUTES);
    assertThat(shared.content()).containsExactly(Counting.vector("bb"), Counting.vector("a"));
    assertThat(shared.tokenUsage().totalTokenCount()).isZero();
    assertThat(counting.batches).containsExactly(List.of("a", "bb"));
  }

  @Test
  void aBatchCountsAsOneModelCall() {
    CachingEmbeddingModel model = model(false);
    AiCache cache = (AiCache) open.get(0);
    model.embedAll(segments("a", "bb"));
    model.embedAll(segments("a", "bb", "ccc"));
    model.embedAll(segments("a"));
    AiFigures figures = cache.stats("embed").total();
    assertThat(figures.modelCalls()).isEqualTo(2);
    assertThat(figures.modelCall().count()).isEqualTo(2);
    assertThat(figures.hits()).isEqualTo(3);
    assertThat(figures.misses()).isEqualTo(3);
  }
}
