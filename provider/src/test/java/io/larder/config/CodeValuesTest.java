package io.larder.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of several calls of a builder for one setting the later wins, however they name it. */
class CodeValuesTest {

  private static Settings built(LarderSettings.Builder builder) {
    return builder.build().settings();
  }

  @Test
  void anAliasIsTheSameSetting() {
    assertThat(built(LarderSettings.builder().set("l1_cache_size", 5).memoryCache(10))
            .cache("x")
            .memoryCacheSize())
        .isEqualTo(10);
    assertThat(built(LarderSettings.builder().memoryCache(10).set("l1_cache_size", "5"))
            .cache("x")
            .memoryCacheSize())
        .isEqualTo(5);
    assertThat(built(LarderSettings.builder()
                .cache("b", Map.of("l1_cache_size", 5))
                .set("caches.b.memory_cache_size", 7))
            .cache("b")
            .memoryCacheSize())
        .isEqualTo(7);
    // In one breath neither is the later.
    assertThatThrownBy(LarderSettings.builder()
            .cache("b", Map.of("l1_cache_size", 5, "memory_cache_size", 6))::build)
        .hasMessageContaining("must not be given twice");
  }

  @Test
  void dottedKeysAndMapsAreTheSameSettings() {
    Map<String, Object> map = Map.of("text_hash_threshold", 9, "max_text_length", 8);
    AiSettings later = built(
            LarderSettings.builder().set("ai_config", map).set("ai_config.text_hash_threshold", 0))
        .ai();
    assertThat(later.textHashThreshold()).isZero();
    assertThat(later.maxTextLength()).isEqualTo(8);
    AiSettings map2 = built(
            LarderSettings.builder().set("ai_config.text_hash_threshold", 0).set("ai_config", map))
        .ai();
    assertThat(map2.textHashThreshold()).isEqualTo(9);

    AiSettings text = built(LarderSettings.builder()
            .set("ai_config", "{\"operation_ttls\": {\"a.b\": 1, \"c\": 2}}")
            .set("ai_config.operation_ttls.a.b", "3"))
        .ai();
    assertThat(text.operationTtls())
        .containsEntry("a.b", Duration.ofSeconds(3))
        .containsEntry("c", Duration.ofSeconds(2));
  }

  @Test
  void durationsAndConstantsCountHoweverDeep() {
    Settings settings = built(LarderSettings.builder()
        .set("ai_config", Map.of("operation_ttls", Map.of("qa", Duration.ofHours(1))))
        .set(
            "caches",
            Map.of("a.b", Map.of("default_ttl", Duration.ofMinutes(2), "codec", CodecKind.JSON)))
        .defaults(Map.of("caches", Map.of("o", Map.of("default_ttl", Duration.ofMinutes(3))))));

    assertThat(settings.ai().operationTtls()).containsEntry("qa", Duration.ofHours(1));
    assertThat(settings.cache("a.b").defaultTtl()).hasMinutes(2);
    assertThat(settings.cache("a.b").codec()).isEqualTo(CodecKind.JSON);
    assertThat(settings.cache("o").defaultTtl()).hasMinutes(3);
    assertThatThrownBy(LarderSettings.builder()
            .set("caches", Map.of("a", Map.of("default_ttl", Duration.ofMillis(1500))))::build)
        .hasMessageContaining("caches.a.default_ttl = 1.5");
  }

  @Test
  void aSectionWithoutSettingsDeclaresItsCache() {
    assertThat(built(LarderSettings.builder()
                .cache("com.acme.Book", Map.of())
                .cache("books", Map.of())
                .cache("b*", Map.of()))
            .declaredCaches())
        .containsExactly("books", "com.acme.Book");
    Settings both = built(LarderSettings.builder()
        .cache("books", Map.of("default_ttl", "60", "allowed_classes", "a.B"))
        .cache("books", Map.of()));
    assertThat(both.cache("books").defaultTtl()).hasSeconds(60);
    assertThat(both.cache("books").allowedClasses()).isEqualTo(List.of("a.B"));
  }

  @Test
  void whatIsSetIsCopied() {
    Map<String, Object> section = new HashMap<>(Map.of("default_ttl", 60));
    Map<String, Object> caches = new HashMap<>(Map.of("b", section));
    LarderSettings.Builder builder = LarderSettings.builder().set("caches", caches);
    section.put("default_ttl", -1);
    caches.clear();

    assertThat(built(builder).cache("b").defaultTtl()).hasSeconds(60);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "default_ttl.",
        "default_ttl.x",
        "ai_config.",
        "ai_config.max_text_length.",
        "ai_config.max_text_lenght",
        "caches.",
        "caches.books.default_ttl.",
        "caches.books.nonsense",
        "nonsense",
        "nonsense.x",
        ".",
        "",
      })
  void noSuchKeyIsAFault(String key) {
    assertThatThrownBy(LarderSettings.builder().set(key, 77)::build)
        .isInstanceOfSatisfying(
            ConfigurationException.class, e -> assertThat(e.faults()).hasSize(1));
  }

  @Test
  void textThatIsNoObjectIsAFaultWhateverFollows() {
    assertThatThrownBy(
            LarderSettings.builder().set("ai_config", "{").set("ai_config.max_text_length", 5)
                ::build)
        .hasMessageContaining("ai_config = ***");
    assertThatThrownBy(LarderSettings.builder()
            .set("ai_config", "{\"max_text_length\":1,\"max_text_length\":2}")::build)
        .hasMessageContaining("must be given once");
  }

  @Test
  void anUnknownDottedNameIsShownWholeWithWhatItMayMean() {
    assertThatThrownBy(Sources.none().system("larder.redis.url", "redis://:hunter2@h")::read)
        .hasMessageContaining("redis.url = ***: is no key of Larder; did you mean redis_url?")
        .hasMessageNotContaining("hunter2");
    assertThatThrownBy(Sources.none().system("larder.ai_confg.max_text_length", "5")::read)
        .hasMessageContaining("ai_confg.max_text_length = ***")
        .hasMessageContaining("did you mean ai_config?");
  }
}
