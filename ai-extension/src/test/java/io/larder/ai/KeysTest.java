package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.ai.config.AiConfig;
import io.larder.ai.key.KeyScheme;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Keys: one for each request, the same everywhere. */
final class KeysTest {

  private static final KeyScheme KEYS = new KeyScheme(AiConfig.defaults());

  private record Point(int x, Object y) {}

  private enum Mode {
    FAST,
    DEEP
  }

  private static String key(AiRequest.Builder builder) {
    return builder.build().key(KEYS);
  }

  @Test
  void textStandsReadableUpToTheThreshold() {
    String brief = "b".repeat(1000);
    assertThat(key(AiRequest.builder("qa").text(brief)))
        .startsWith("op:qa|txt:" + brief + "|opts:");
    assertThat(key(AiRequest.builder("qa").text(brief + "b")))
        .matches("op:qa\\|txt:hash:[0-9a-f]{64}\\|opts:[0-9a-f]{64}");
    assertThat(key(AiRequest.builder("qa").text("\uD83D\uDE00".repeat(1000))))
        .as("1000 code points")
        .doesNotContain("hash:");
    KeyScheme hashing =
        new KeyScheme(AiConfig.defaults().withTextHashThreshold(0).withHashAlgorithm("sha512"));
    assertThat(AiRequest.of("qa", "").key(hashing))
        .matches("op:qa\\|txt:hash:[0-9a-f]{128}\\|opts:[0-9a-f]{128}");
  }

  @Test
  void separatorsAreEscaped() {
    assertThat(key(AiRequest.builder("a|b:c").text("x|opts:y%7C\n\uD800 \u00E4\uD83D\uDE00")))
        .startsWith("op:a%7Cb%3Ac|txt:x%7Copts%3Ay%257C%0A%uD800 \u00E4\uD83D\uDE00|opts:");
    assertThat(key(AiRequest.builder("qa").text("hash:0"))).contains("|txt:hash%3A0|");
  }

  @Test
  void aSecretChangesEveryDigest() {
    AiConfig config = AiConfig.defaults().withTextHashThreshold(0);
    AiRequest request = AiRequest.builder("qa").text("yes").tenant("t").build();
    Set<String> parts = new java.util.HashSet<>();
    for (AiConfig one :
        List.of(config, config.withKeyHmacSecret("a"), config.withKeyHmacSecret("b"))) {
      parts.addAll(Arrays.asList(request.key(new KeyScheme(one)).split("[|]")));
      parts.add(new KeyScheme(one).tag("tenant", "t"));
    }
    assertThat(parts).hasSize(1 + 3 * 3);
  }

  @Test
  void localeTimeZoneAndMapOrderDoNotMatter() {
    Map<String, Object> forth = new LinkedHashMap<>();
    Map<String, Object> back = new LinkedHashMap<>();
    for (int i = 0; i < 50; i++) {
      forth.put("k" + i, Map.of("I", i, "d", 0.1 * i, "t", java.time.Instant.EPOCH));
      back.put(
          "k" + (49 - i),
          new HashMap<>(Map.of("t", java.time.Instant.EPOCH, "I", 49 - i, "d", 0.1 * (49 - i))));
    }
    String expected =
        key(AiRequest.builder("T\u0130TLE").text("I\u0131").option("m", forth).option("a", 1));
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr-TR-u-nu-arab"));
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
      assertThat(
              key(AiRequest.builder("T\u0130TLE").text("I\u0131").option("a", 1).option("m", back)))
          .isEqualTo(expected);
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
  }

  @Test
  void optionsAreTakenDownWhenTheyAreGiven() {
    List<String> stop = new ArrayList<>(List.of("a"));
    AiRequest.Builder builder = AiRequest.builder("qa").option("stop", stop);
    String before = key(builder);
    stop.add("b");
    assertThat(key(builder)).isEqualTo(before);
  }

  @Test
  void whatHasNoCanonicalFormIsRefusedByName() {
    assertThatThrownBy(() -> AiRequest.builder("qa").option("o", Map.of("a", new Object())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("option o")
        .hasMessageContaining("java.lang.Object");
    List<Object> circle = new ArrayList<>();
    circle.add(circle);
    assertThatThrownBy(() -> AiRequest.builder("qa").option("o", circle))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("option o");
  }

  /** The table in docs/ai.md: what is asked on the left is written out here, in the same order. */
  @Test
  void theDocumentedVectorsHold() throws Exception {
    KeyScheme hashing = new KeyScheme(AiConfig.defaults().withTextHashThreshold(0));
    KeyScheme secret =
        new KeyScheme(AiConfig.defaults().withTextHashThreshold(0).withKeyHmacSecret("pepper"));
    AiRequest full = AiRequest.builder("summarize")
        .text("The quick brown fox")
        .model("m-1")
        .systemPrompt("Be brief.")
        .history("h1")
        .tenant("acme")
        .schemaVersion("2")
        .option("temperature", 0.2)
        .option("max_tokens", 256)
        .option("stop", List.of("END"))
        .option("tools", Map.of("b", true, "a", 1L))
        .build();
    List<String> keys = List.of(
        AiRequest.of("qa", "Why?").key(KEYS),
        AiRequest.of("qa", "a|b: 100%").key(KEYS),
        AiRequest.builder("qa").text("Why?").option("n", 1).build().key(KEYS),
        full.key(KEYS),
        full.key(hashing),
        full.key(secret));
    List<String> documented = Files.readAllLines(Path.of("../docs/ai.md")).stream()
        .filter(line -> line.matches("op:[a-z]+\\|.*"))
        .toList();
    assertThat(documented).isEqualTo(keys);
  }

  @Test
  void nearMissesDoNotMeet() {
    List<String> nasty = List.of(
        "",
        " ",
        "a",
        "A",
        "a ",
        "a|b",
        "a%7Cb",
        "a:b",
        "hash:a",
        "a\0",
        "\uD800",
        "?",
        "\uDC00",
        "\uD83D\uDE00",
        "\u00E4",
        "a\u0308",
        "|opts:",
        "ab",
        "null",
        "1",
        "%",
        "%25",
        "%uD800",
        "b|txt:a",
        "\u0130",
        "op:a|txt:a|opts:",
        "a".repeat(1000),
        "a".repeat(1001),
        "a\n",
        "a\r\n",
        "\uFFFD",
        "\t");
    List<String> operations = List.of("a", "A", "a|txt:b", "a%7Ctxt%3Ab", "ab", "a|");
    List<Optional<String>> some =
        List.of(Optional.empty(), Optional.of(""), Optional.of("a"), Optional.of("null"));
    List<Object> values = values();
    long[] seen = IntStream.range(0, nasty.size() * operations.size())
        .parallel()
        .mapToObj(i -> {
          List<Long> found = new ArrayList<>();
          String text = nasty.get(i / operations.size());
          String operation = operations.get(i % operations.size());
          for (int fields = 0; fields < 256; fields++) {
            for (Object value : values) {
              AiRequest.Builder builder = AiRequest.builder(operation)
                  .text(text)
                  .model(some.get(fields & 3).orElse(null))
                  .systemPrompt(some.get(fields >> 2 & 3).orElse(null))
                  .tenant(some.get(fields >> 4 & 3).orElse(null))
                  .history(some.get(fields >> 6).orElse(null));
              if (value != values) {
                builder.option("o", value == this ? null : value);
              }
              found.add(digest(key(builder)));
            }
          }
          return found;
        })
        .flatMap(List::stream)
        .mapToLong(Long::longValue)
        .sorted()
        .toArray();
    assertThat(seen).hasSizeGreaterThan(2_000_000);
    for (int i = 1; i < seen.length; i++) {
      if (seen[i] == seen[i - 1]) {
        throw new AssertionError("two requests share the key with digest " + seen[i]);
      }
    }
  }

  /** Values that differ; this test stands for null and the list itself for no option. */
  private List<Object> values() {
    List<Object> values = new ArrayList<>(List.of(
        1,
        1L,
        (short) 1,
        (byte) 1,
        1.0,
        1.0f,
        "1",
        '1',
        true,
        "true",
        0.0,
        -0.0,
        Mode.FAST,
        Mode.DEEP,
        "FAST",
        BigInteger.ONE,
        BigDecimal.ONE,
        new BigDecimal("1.0"),
        List.of(),
        Map.of(),
        Set.of(),
        Optional.empty(),
        List.of(1),
        List.of(1L),
        List.of(List.of(1)),
        Set.of(1),
        new int[] {1},
        new Object[] {1},
        List.of("a", "b"),
        List.of("ab"),
        List.of("a,b"),
        List.of("b", "a"),
        Set.of("a", "b"),
        Map.of("a", "b"),
        Map.of("b", "a"),
        Map.of("a", 1),
        new Point(1, 2),
        new Point(2, 1),
        new byte[] {1},
        ""));
    values.add(this);
    values.add(values);
    return values;
  }

  private static long digest(String key) {
    long hash = 1125899906842597L;
    for (int i = 0; i < key.length(); i++) {
      hash = (hash ^ key.charAt(i)) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 29;
    }
    return hash;
  }
}
