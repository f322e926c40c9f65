package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.ai.annotation.AiCachePut;
import io.larder.ai.annotation.AiCacheRemove;
import io.larder.ai.annotation.AiCacheRemoveAll;
import io.larder.ai.annotation.AiCacheResult;
import io.larder.ai.annotation.AiHistory;
import io.larder.ai.annotation.AiIgnored;
import io.larder.ai.annotation.AiModel;
import io.larder.ai.annotation.AiOption;
import io.larder.ai.annotation.AiSystemPrompt;
import io.larder.ai.annotation.AiTag;
import io.larder.ai.annotation.AiTenant;
import io.larder.ai.annotation.AiText;
import io.larder.ai.annotation.AiValue;
import io.larder.ai.intercept.AiCaching;
import io.larder.testing.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What annotations do on an object that is wrapped by hand, with methods that answer at once. */
final class AnnotatedTest {

  /** All that a request consists of. */
  interface Assistant {

    @AiCacheResult(operation = "qa", tags = "faq", ttl = "PT1H", maxAge = "PT30M")
    String ask(
        @AiText String text,
        @AiOption("question") String question,
        @AiModel String model,
        @AiTenant String tenant,
        @AiSystemPrompt String prompt,
        @AiHistory String history,
        @AiTag String tag,
        @AiIgnored Object listener,
        AiControl control);

    @AiCacheResult(operation = "summarize")
    String summarize(@AiText String text) throws IOException;

    @AiCacheResult(operation = "score", model = "m-1", schemaVersion = "2")
    int score(@AiText CharSequence text, @AiOption("scale") int scale);

    @AiCacheResult(operation = "find")
    Optional<String> find(@AiText String text);

    @AiCacheResult(operation = "told")
    AiAnswer<String> told(@AiText String text, @AiOption("finish") FinishReason finish);

    @AiCachePut(operation = "summarize")
    String anew(@AiText String text);

    @AiCachePut(operation = "summarize")
    void store(@AiText String text, @AiValue String answer);

    @AiCacheRemove(operation = "summarize")
    void forget(@AiText String text) throws IOException;

    @AiCacheRemove(operation = "summarize", before = true)
    void forgetFirst(@AiText String text) throws IOException;

    @AiCacheRemoveAll(operation = "summarize")
    void forgetSummaries();

    @AiCacheRemoveAll
    void forgetTenant(@AiTenant String tenant);

    @AiCacheRemoveAll(tags = "faq")
    void forgetFaq();

    default String twice(String text) throws IOException {
      return summarize(text) + summarize(text);
    }

    String plain(String text);
  }

  private final AtomicInteger calls = new AtomicInteger();
  private AiCaches caches;
  private AiCache cache;
  private Assistant assistant;

  private final class Model implements Assistant {

    private String next(Object text) {
      return text + " " + calls.incrementAndGet();
    }

    @Override
    public String ask(
        String text,
        String question,
        String model,
        String tenant,
        String prompt,
        String history,
        String tag,
        Object listener,
        AiControl control) {
      return next(text);
    }

    @Override
    public String summarize(String text) throws IOException {
      String answer = next(text);
      if ("bad".equals(text)) {
        throw new IOException(answer);
      }
      return "none".equals(text) ? null : answer;
    }

    @Override
    public int score(CharSequence text, int scale) {
      return calls.incrementAndGet() * scale;
    }

    @Override
    public Optional<String> find(String text) {
      return text.isEmpty() ? Optional.empty() : Optional.of(next(text));
    }

    @Override
    public AiAnswer<String> told(String text, FinishReason finish) {
      calls.incrementAndGet();
      return AiAnswer.of(text).withUsage(10, 5).withFinish(finish);
    }

    @Override
    public String anew(String text) {
      return next(text);
    }

    @Override
    public void store(String text, String answer) {
      if (text.equals("bad")) {
        throw new IllegalStateException();
      }
    }

    @Override
    public void forget(String text) throws IOException {
      if (text.equals("kept")) {
        throw new IOException();
      }
    }

    @Override
    public void forgetFirst(String text) throws IOException {
      throw new IOException();
    }

    @Override
    public void forgetSummaries() {}

    @Override
    public void forgetTenant(String tenant) {}

    @Override
    public void forgetFaq() {}

    @Override
    public String plain(String text) {
      return next(text);
    }
  }

  private final Model model = new Model();

  @BeforeEach
  void wrap() {
    caches = AiCaches.in(Place.HEAP, null);
    cache = caches.cache();
    assistant = AiCaching.proxy(Assistant.class, model, cache);
  }

  @AfterEach
  void close() throws Exception {
    caches.close();
  }

  private String ask(String... parts) {
    String[] all = {"t", "q", "m", "a", "p", "h", "own"};
    System.arraycopy(parts, 0, all, 0, parts.length);
    return assistant.ask(
        all[0], all[1], all[2], all[3], all[4], all[5], all[6], new Object(), AiControl.usual());
  }

  @Test
  void answersFromTheSameRequestThatOneMakesByHand() {
    String first = ask();
    AiRequest same = AiRequest.builder("qa")
        .text("t")
        .option("question", "q")
        .model("m")
        .tenant("a")
        .systemPrompt("p")
        .history("h")
        .build();
    assertThat(ask()).isEqualTo(first).isEqualTo("t 1");
    assertThat(cache.get(same).orElseThrow().value()).isEqualTo(first);
    assertThat(calls).hasValue(1);
  }

  @Test
  void eachPartMakesAnotherRequestButTagsAndIgnored() {
    ask();
    ask("t2");
    ask("t", "q2");
    ask("t", "q", "m2");
    ask("t", "q", "m", "a2");
    ask("t", "q", "m", "a", "p2");
    ask("t", "q", "m", "a", "p", "h2");
    assertThat(calls).hasValue(7);
    ask("t", "q", "m", "a", "p", "h", "other");
    ask("t", "q", null, null, null, null, null);
    ask("t", "q", null, null, null, null, null);
    assertThat(calls).hasValue(8);
  }

  @Test
  void control() {
    ask();
    Object any = new Object();
    AiControl refresh = AiControl.usual().withRefresh();
    assertThat(assistant.ask("t", "q", "m", "a", "p", "h", null, any, refresh)).isEqualTo("t 2");
    assertThat(assistant.ask("t", "q", "m", "a", "p", "h", null, any, null)).isEqualTo("t 2");
    AiControl none = AiControl.usual().withNoStore().withMaxAge(Duration.ZERO);
    assertThat(assistant.ask("new", "q", "m", "a", "p", "h", null, any, none)).isEqualTo("new 3");
    assertThat(assistant.ask("new", "q", "m", "a", "p", "h", null, any, null)).isEqualTo("new 4");
  }

  @Test
  void passesWhatIsThrownAndCallsOnce() throws Exception {
    for (int i = 1; i <= 2; i++) {
      assertThatThrownBy(() -> assistant.summarize("bad"))
          .isExactlyInstanceOf(IOException.class)
          .hasMessage("bad " + i);
    }
    assertThat(calls).hasValue(2);
    assertThat(assistant.summarize("none")).isNull();
    assertThat(assistant.summarize("none")).isNull();
    assertThat(assistant.summarize(null)).isEqualTo("null 5");
    assertThat(assistant.summarize(null)).isEqualTo("null 6");
  }

  @Test
  void primitivesOptionalsAndAnswers() {
    assertThat(assistant.score("s", 10)).isEqualTo(10);
    assertThat(assistant.score("s", 10)).isEqualTo(10);
    assertThat(assistant.score("s", 100)).isEqualTo(200);
    assertThat(assistant.find("f")).contains("f 3");
    assertThat(assistant.find("f")).contains("f 3");
    assertThat(assistant.find("")).isEmpty();
    assertThat(cache.get(AiRequest.of("find", "f")).orElseThrow().value()).isEqualTo("f 3");
    assertThat(assistant.told("x", FinishReason.STOP).usage()).isEqualTo(new AiUsage(10, 5));
    AiAnswer<String> hit = assistant.told("x", FinishReason.STOP);
    assertThat(hit.value()).isEqualTo("x");
    assertThat(hit.usage()).isEqualTo(AiUsage.NONE);
    assertThat(hit.finish()).isEqualTo(FinishReason.STOP);
    assistant.told("x", FinishReason.LENGTH);
    assistant.told("x", FinishReason.LENGTH);
    assertThat(calls).hasValue(6);
  }

  @Test
  void puts() throws Exception {
    assertThat(assistant.summarize("t")).isEqualTo("t 1");
    assertThat(assistant.anew("t")).isEqualTo("t 2");
    assertThat(assistant.anew("t")).isEqualTo("t 3");
    assertThat(assistant.summarize("t")).isEqualTo("t 3");
    assistant.store("t", "given");
    assertThat(assistant.summarize("t")).isEqualTo("given");
    assistant.store("t", null);
    assertThat(assistant.summarize("t")).isEqualTo("given");
    assertThatThrownBy(() -> assistant.store("bad", "given"))
        .isInstanceOf(IllegalStateException.class);
    assertThat(cache.get(AiRequest.of("summarize", "bad"))).isEmpty();
  }

  @Test
  void removes() throws Exception {
    assistant.summarize("t");
    assistant.summarize("kept");
    assistant.forget("t");
    assertThat(assistant.summarize("t")).isEqualTo("t 3");
    assertThatThrownBy(() -> assistant.forget("kept")).isInstanceOf(IOException.class);
    assertThat(assistant.summarize("kept")).isEqualTo("kept 2");
    assertThatThrownBy(() -> assistant.forgetFirst("kept")).isInstanceOf(IOException.class);
    assertThat(assistant.summarize("kept")).isEqualTo("kept 4");
    assistant.forgetSummaries();
    assertThat(assistant.summarize("t")).isEqualTo("t 5");
  }

  @Test
  void removesByTenantAndTag() {
    ask();
    ask("t", "q", "m", "b");
    assistant.forgetTenant("a");
    ask();
    ask("t", "q", "m", "b");
    assertThat(calls).hasValue(3);
    assistant.forgetFaq();
    ask();
    ask("t", "q", "m", "b");
    assertThat(calls).hasValue(5);
  }

  @Test
  void leavesOtherMethodsAlone() throws Exception {
    assertThat(assistant.plain("p")).isEqualTo("p 1");
    assertThat(assistant.plain("p")).isEqualTo("p 2");
    assertThat(assistant.twice("d")).isEqualTo("d 3d 4");
    Assistant same = AiCaching.proxy(Assistant.class, model, cache);
    assertThat(assistant).isEqualTo(same).isNotEqualTo(model);
    assertThat(assistant).isNotEqualTo(AiCaching.proxy(Assistant.class, new Model(), cache));
    assertThat(assistant).hasSameHashCodeAs(same).hasToString(model.toString());
  }

  @Test
  void sharesTheCallsOfManyThreads() throws Exception {
    int threads = 8;
    var pool = Executors.newFixedThreadPool(threads);
    CountDownLatch start = new CountDownLatch(1);
    var answers = ConcurrentHashMap.<String>newKeySet();
    try {
      var tasks = java.util.stream.IntStream.range(0, threads)
          .<Callable<Boolean>>mapToObj(i -> () -> {
            start.await();
            return answers.add(assistant.summarize("t"));
          })
          .map(pool::submit)
          .toList();
      start.countDown();
      for (var task : tasks) {
        task.get();
      }
    } finally {
      pool.shutdown();
    }
    assertThat(answers).containsExactly("t 1");
  }

  @Test
  void goesByACacheThatIsOff() throws Exception {
    AiCache off = caches.cache(builder -> builder.config(cache.config().withEnabled(false)));
    Assistant direct = AiCaching.proxy(Assistant.class, model, off);
    assertThat(direct.summarize("t")).isEqualTo("t 1");
    assertThat(direct.summarize("t")).isEqualTo("t 2");
  }

  @Test
  void sharesAnswersOfProcessesInNearMode() throws Exception {
    try (RedisServer redis = RedisServer.start();
        AiCaches near = AiCaches.in(Place.NEAR, redis);
        AiCaches peer = near.peer()) {
      Assistant here = AiCaching.proxy(Assistant.class, model, near.cache());
      Assistant there = AiCaching.proxy(Assistant.class, model, peer.cache());
      assertThat(here.summarize("t")).isEqualTo("t 1");
      assertThat(there.summarize("t")).isEqualTo("t 1");
      there.anew("t");
      there.forget("t");
      near.awaitHeardOf(peer, AiRequest.of("summarize", "t"));
      assertThat(here.summarize("t")).isEqualTo("t 3");
      assertThat(there.summarize("t")).isEqualTo("t 3");
    }
  }
}
