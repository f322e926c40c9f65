package io.larder.ai.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.ai.AiCache;
import io.larder.ai.AiCaches;
import io.larder.ai.AiControl;
import io.larder.ai.Place;
import io.larder.ai.adapter.RequestShape;
import io.larder.testing.LogLines;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClient.AdvisorSpec;

/** One call says how it uses the cache. */
final class CacheParamsTest {

  private final AtomicLong now = new AtomicLong(1_000_000);
  private final AiCaches caches = AiCaches.in(Place.HEAP, null);
  private final AiCache cache =
      caches.cache(builder -> builder.clock(() -> Instant.ofEpochMilli(now.get())));
  private final CountingChatModel model = new CountingChatModel();
  private final ChatClient client =
      ChatClient.builder(model).defaultAdvisors(CachingChatAdvisor.of(cache)).build();

  @AfterEach
  void close() throws Exception {
    caches.close();
  }

  private String ask(Consumer<AdvisorSpec> params) {
    return client.prompt("Why?").advisors(params).call().content();
  }

  private String ask() {
    return ask(spec -> {});
  }

  private String ask(AiControl control) {
    return ask(CacheParams.control(control));
  }

  @Test
  void controlIsOfThisCall() {
    AiControl usual = AiControl.usual();
    assertThat(ask(usual.withReadOnly())).isEqualTo("call 1");
    assertThat(ask(usual.withNoStore())).isEqualTo("call 2");
    assertThat(ask()).isEqualTo("call 3");
    assertThat(ask(usual.withNoStore())).isEqualTo("call 3");
    assertThat(ask(usual.withReadOnly())).isEqualTo("call 3");
    assertThat(ask(usual.withRefresh())).isEqualTo("call 4");
    assertThat(ask()).isEqualTo("call 4");
    now.addAndGet(10_000);
    assertThat(ask(usual.withMaxAge(Duration.ofSeconds(20)))).isEqualTo("call 4");
    assertThat(ask(usual.withMaxAge(Duration.ofSeconds(5)))).isEqualTo("call 5");
    assertThat(ask(usual.withRefresh().withTtl(Duration.ofSeconds(30)))).isEqualTo("call 6");
    now.addAndGet(29_000);
    assertThat(ask()).isEqualTo("call 6");
    now.addAndGet(1_001);
    assertThat(ask()).isEqualTo("call 7");
  }

  @Test
  void controlIsOfThisStreamToo() {
    AiControl refresh = AiControl.usual().withRefresh();
    for (AiControl control : List.of(AiControl.usual(), refresh, AiControl.usual())) {
      client.prompt("Why?").advisors(CacheParams.control(control)).stream()
          .content()
          .blockLast();
    }
    assertThat(model.calls).hasValue(2);
  }

  @Test
  void tenantsShareNothing() {
    assertThat(ask(CacheParams.tenant("acme"))).isEqualTo("call 1");
    assertThat(ask(CacheParams.tenant("beta"))).isEqualTo("call 2");
    assertThat(ask(a -> a.param("larder.ai.tenant", "acme"))).isEqualTo("call 1");
    assertThat(ask()).isEqualTo("call 3");
    cache.invalidateByTenant("acme");
    assertThat(ask(CacheParams.tenant("acme"))).isEqualTo("call 4");
    assertThat(ask(CacheParams.tenant("beta"))).isEqualTo("call 2");
  }

  @Test
  void tagsAndOperationsTakeAnswersOut() {
    assertThat(ask(CacheParams.tags("help", "shop"))).isEqualTo("call 1");
    assertThat(ask()).isEqualTo("call 1");
    cache.invalidateByTag("shop");
    assertThat(ask(a -> a.param("larder.ai.tags", "one"))).isEqualTo("call 2");
    cache.invalidateByTag("one");
    assertThat(ask(CacheParams.operation("qa"))).isEqualTo("call 3");
    assertThat(ask()).isEqualTo("call 4");
    assertThat(cache.invalidateByOperation("qa")).isEqualTo(1);
    assertThat(ask(CacheParams.operation("qa"))).isEqualTo("call 5");
    cache.invalidateByModel("m-1");
    assertThat(ask()).isEqualTo("call 6");
  }

  @Test
  void optionsAreInTheKey() {
    assertThat(ask(CacheParams.options(Map.of("variant", 1)))).isEqualTo("call 1");
    assertThat(ask(CacheParams.options(Map.of("variant", 2)))).isEqualTo("call 2");
    assertThat(ask(CacheParams.options(Map.of("variant", 1)))).isEqualTo("call 1");
  }

  @Test
  void whatTheShapeAddsGivesWayToTheCall() {
    CachingChatAdvisor shaped = CachingChatAdvisor.of(
        cache, RequestShape.of("qa").with(key -> key.tenant("acme").option("endpoint", "b")));
    ChatClient other = ChatClient.builder(model).defaultAdvisors(shaped).build();
    assertThat(other.prompt("Why?").call().content()).isEqualTo("call 1");
    assertThat(other.prompt("Why?").advisors(CacheParams.tenant("beta")).call().content())
        .isEqualTo("call 2");
    assertThat(other.prompt("Why?").advisors(CacheParams.tenant("acme")).call().content())
        .isEqualTo("call 1");
    assertThat(cache.stats().operations()).containsOnlyKeys("qa");
  }

  @Test
  void aParameterThatIsMistypedIsRefused() {
    assertThatThrownBy(() -> ask(a -> a.param("larder.ai.tennant", "acme")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("larder.ai.tennant")
        .hasMessageContaining("larder.ai.tenant");
    assertThatThrownBy(() -> ask(a -> a.param(CacheParams.TENANT, 7)))
        .hasMessage("advisor parameter larder.ai.tenant was a java.lang.Integer but it must be of"
            + " type String");
    assertThatThrownBy(() -> ask(a -> a.param(CacheParams.TAGS, List.of(7))))
        .hasMessageContaining("a String or a collection of Strings");
    assertThatThrownBy(
            () -> client.prompt("Why?").advisors(a -> a.param("larder.ai.refresh", true)).stream()
                .content()
                .blockLast())
        .hasMessageContaining("larder.ai.refresh");
    assertThatThrownBy(() -> ask(a -> a.param(CacheParams.TAGS, Arrays.asList("a", null))))
        .hasMessage("advisor parameter larder.ai.tags had an element of type null but it must be a"
            + " String or a collection of Strings");
    assertThatThrownBy(() -> ask(a -> a.param(CacheParams.OPTIONS, Map.of(1, "one"))))
        .hasMessage("advisor parameter larder.ai.options had a key of type java.lang.Integer but it"
            + " must be a map whose keys are Strings");
    assertThatThrownBy(() -> ask(CacheParams.operation(" ")))
        .hasMessageStartingWith("operation was ' ' but it must be");
    assertThatThrownBy(() -> CacheParams.tags("a", null)).hasMessage("tag");
    assertThat(model.calls).hasValue(0);
  }

  @Test
  void anOptionWithoutAFormMakesTheCallBypassAndTheLogSaysWhichOne() {
    try (LogLines log = LogLines.listen()) {
      ask(CacheParams.options(Map.of("endpoint", new Object())));
      ask(CacheParams.options(Map.of("endpoint", new Object())));
      assertThat(model.calls).hasValue(2);
      assertThat(log.with("a call bypasses the AI cache: ").get(0).toString())
          .contains("option endpoint");
    }
    RequestShape failing = RequestShape.of("qa").with(key -> {
      throw new IllegalStateException("a secret prompt");
    });
    try (LogLines log = LogLines.listen()) {
      ChatClient.builder(model)
          .defaultAdvisors(CachingChatAdvisor.of(cache, failing))
          .build()
          .prompt("Why?")
          .call()
          .content();
      assertThat(log.with("a call bypasses the AI cache: ").get(0).toString())
          .contains("java.lang.IllegalStateException")
          .doesNotContain("secret");
    }
  }

  @Test
  void whatIsMissingOrMistypedIsNamedWhenTheAdvisorIsMade() {
    assertThatThrownBy(() -> CachingChatAdvisor.of(null)).hasMessage("cache");
    assertThatThrownBy(() -> CachingChatAdvisor.of(cache, null)).hasMessage("shape");
    assertThatThrownBy(() -> RequestShape.of("a\n")).hasMessageStartingWith("operation had a");
    assertThatThrownBy(() -> RequestShape.of("qa").ignoring((String[]) null)).hasMessage("names");
  }
}
