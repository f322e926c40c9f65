package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.LogLines;
import io.larder.testing.RedisServer;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is stored comes back in another process as it was, whatever codec writes it. */
final class CodecTest {

  private static RedisServer redis;

  @BeforeAll
  static void startRedis() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  /** A part of an answer of the application's own. */
  record Finding(String label, double weight) {}

  /** An answer of the application's own. */
  record Report(String title, List<Finding> findings, Map<String, Long> counts) {}

  private static final String OWN = Report.class.getName() + "," + Finding.class.getName();

  private static final Report REPORT = new Report(
      "Ü | ja",
      List.of(new Finding("a", 0.5), new Finding("b", 1)),
      Map.of("words", 5_000_000_000L));

  private static AiCaches caches(String codec, String compression, String allowed) {
    Properties settings = new Properties();
    settings.setProperty("codec", codec);
    settings.setProperty("compression", compression);
    settings.setProperty("compression_threshold", "10");
    if (!allowed.isEmpty()) {
      settings.setProperty("allowed_classes", allowed);
    }
    settings.setProperty("connection_timeout", "30");
    return AiCaches.in(Place.REDIS, redis, settings);
  }

  private static AiRequest request(String text) {
    return AiRequest.builder("qa").text(text).model("m-1").tags("t").build();
  }

  @SuppressWarnings("unchecked")
  private static <T> void comesBack(AiCache here, AiCache there, T value) {
    AiRequest request = request(value.getClass().getName() + value);
    Class<T> type = (Class<T>) value.getClass();
    here.getOrCompute(
        request,
        type,
        () -> AiAnswer.of(value)
            .withUsage(5_000_000_000L, 7)
            .withCost(new BigDecimal("0.00120"))
            .withFinish(FinishReason.STOP));
    AiResult<T> found = there.get(request, type).orElseThrow();
    assertThat(found.value()).isEqualTo(value);
    assertThat(found.details().cost()).isEqualTo(new BigDecimal("0.00120"));
    assertThat(found.details().usage()).isEqualTo(new AiUsage(5_000_000_000L, 7));
    assertThat(found.details().model()).isEqualTo("m-1");
  }

  @ParameterizedTest
  @CsvSource({"json, none", "json, deflate", "kryo, zstd"})
  void textComesBack(String codec, String compression) throws Exception {
    try (AiCaches caches = caches(codec, compression, "");
        AiCaches others = caches.peer()) {
      AiCache here = caches.cache();
      AiCache there = others.cache();
      comesBack(here, there, "An answer with \"quotes\" and ümlauts. ".repeat(20));
      comesBack(here, there, 42);
      comesBack(here, there, 0.25);
      comesBack(here, there, true);
      List<String> words = List.of("one ", "two ", "three");
      stream(here, "words", String.class, words);
      assertThat(stream(there, "words", String.class, List.of("no"))).isEqualTo(words);
      here.invalidateByTag("t");
      assertThat(there.get(request("words"))).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"kryo, none", "kryo, zstd"})
  void answersComeBack(String codec, String compression) throws Exception {
    try (AiCaches caches = caches(codec, compression, OWN);
        AiCaches others = caches.peer()) {
      AiCache here = caches.cache();
      AiCache there = others.cache();
      comesBack(here, there, "An answer with \"quotes\" and ümlauts. ".repeat(20));
      comesBack(here, there, 42);
      comesBack(here, there, 5L);
      comesBack(here, there, 0.25);
      comesBack(here, there, true);
      comesBack(here, there, REPORT);
      comesBack(here, there, new ArrayList<>(List.of("a", "b")));
      comesBack(here, there, new LinkedHashMap<>(Map.of("a", "b")));
      here.invalidateByTag("t");
      assertThat(there.get(request(REPORT.getClass().getName() + REPORT), Report.class))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"kryo, deflate"})
  void streamsComeBackInTheirPieces(String codec, String compression) throws Exception {
    try (AiCaches caches = caches(codec, compression, OWN);
        AiCaches others = caches.peer()) {
      List<String> words = List.of("one ", "two ", "three");
      List<Finding> findings = REPORT.findings();
      stream(caches.cache(), "words", String.class, words);
      stream(caches.cache(), "findings", Finding.class, findings);
      AiCache there = others.cache();
      assertThat(stream(there, "words", String.class, List.of("no"))).isEqualTo(words);
      assertThat(stream(there, "findings", Finding.class, List.of())).isEqualTo(findings);
      assertThat(there.get(request("words")).orElseThrow().value()).isEqualTo("one two three");
    }
  }

  private static <T> List<T> stream(AiCache cache, String text, Class<T> type, List<T> pieces)
      throws Exception {
    return Pieces.all(cache.streamPieces(request(text), type, () -> Pieces.of(pieces)));
  }

  /** Not stored, with a line that says why; the callers have their answers. */
  @ParameterizedTest
  @CsvSource({
    "kryo, false, allowed_classes",
    "json, false, codec",
    "json, true, kryo",
    "string, true, codec",
    "bytes, true, codec"
  })
  void whatTheCodecCannotStoreIsSaid(String codec, boolean allowed, String said) throws Exception {
    try (AiCaches caches = caches(codec, "none", allowed ? OWN : "");
        LogLines log = LogLines.listen()) {
      AiCache cache = caches.cache();
      for (int i = 0; i < 3; i++) {
        AiResult<Report> result =
            cache.getOrCompute(request("report"), Report.class, () -> AiAnswer.of(REPORT));
        assertThat(result.value()).isEqualTo(REPORT);
        assertThat(result.isHit()).isFalse();
      }
      assertThat(cache.stats("qa").total().notStored()).isEqualTo(3);
      assertThat(log.with("; calls go to the model: "))
          .filteredOn(line -> line.contains(" ai.qa: "))
          .hasSize(1)
          .first()
          .asString()
          .contains(said);
    }
  }
}
