package io.larder.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.LarderCache;
import io.larder.testing.RedisServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the example as its users do, in a JVM of its own, on the jars that were built. */
final class QuickstartIT {

  private static final int ASKS = 3000;
  private static final String NO_OPTION = "-Dnothing";

  @TempDir
  Path folder;

  @BeforeEach
  void writeTexts() throws IOException {
    Path texts = Files.createDirectory(folder.resolve("texts"));
    Files.writeString(texts.resolve("one.txt"), "A near cache keeps copies. A near cache forgets.");
    Files.writeString(texts.resolve("two.txt"), "Redis keeps what the processes share.");
    Files.write(texts.resolve("image.png"), new byte[] {0, 1, 2});
  }

  @Test
  void eachQuestionIsComputedOnceAndServedFromTheHeapFromThenOn() throws Exception {
    Run run = Run.of(folder, "texts");
    assertThat(run.error()).isEmpty();
    assertThat(run.exitCode()).isZero();
    int distinct = run.number("asks, (\\S+) different questions");
    assertThat(distinct).isEqualTo(3 * 6); // two documents and both together
    assertThat(run.output())
        .startsWith("Larder, preset development, tier heap\n".replace("\n", System.lineSeparator()))
        .contains("2 documents, 6 questions about each", "1 skipped, not text: image.png")
        .contains(String.format(Locale.ROOT, "computed %d, heap %,d", distinct, ASKS - distinct))
        .contains("checked: each cached answer equals a computed one");
    assertThat(run.number("\\bgets (\\S+)")).isEqualTo(ASKS);
    assertThat(run.number("\\bhits (\\S+)")).isEqualTo(ASKS - distinct);
    assertThat(run.number("\\bmisses (\\S+)")).isEqualTo(distinct);
    assertThat(run.number("\\bputs (\\S+)")).isEqualTo(distinct);
    assertThat(run.output().lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
  }

  @Test
  void theSecondRunFindsInRedisWhatTheFirstComputed() throws Exception {
    // Long enough that the first run goes on after the near copies have come into use.
    Files.writeString(folder.resolve("texts/one.txt"), longText(1));
    Files.writeString(folder.resolve("texts/two.txt"), longText(2));
    String namespace = "-Dlarder.namespace=" + RedisServer.newNamespace();
    try (RedisServer redis = RedisServer.start()) {
      Map<String, String> shared = Map.of("CACHE_REDIS_URL", redis.url());
      Run first = Run.of(folder, shared, namespace, "texts");
      assertThat(first.error()).isEmpty();
      assertThat(first.exitCode()).isZero();
      assertThat(first.output())
          .startsWith("Larder, preset development, tiers near, redis at redis")
          .contains("checked: each cached answer equals a computed one")
          .doesNotContain("a warm start");
      int distinct = first.number("asks, (\\S+) different questions");
      assertThat(first.served("computed")).isEqualTo(distinct).isEqualTo(3 * 6);
      assertThat(first.served("near")).isPositive();
      assertThat(first.served("near") + first.served("redis")).isEqualTo(ASKS - distinct);

      Run second = Run.of(folder, shared, namespace, "texts");
      assertThat(second.error()).isEmpty();
      assertThat(second.exitCode()).isZero();
      assertThat(second.output())
          .contains("a warm start: every answer was there before this run")
          .contains("checked: each cached answer equals a computed one");
      assertThat(second.served("computed")).isZero();
      assertThat(second.served("redis")).isGreaterThanOrEqualTo(distinct);
      assertThat(second.served("near") + second.served("redis")).isEqualTo(ASKS);
      assertThat(second.number("\\bmisses (\\S+)")).isZero();
    }
  }

  @Test
  void itRunsOnTheBuiltJarWhichEmbedsTheRedisClient() {
    String source =
        LarderCache.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    assertThat(source).matches(".*/provider/target/larder-provider-[^/]*\\.jar");
    assertThat(Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> Path.of(entry).getFileName().toString()))
        .noneMatch(name -> name.startsWith("redisson"));
  }

  @Test
  void thePresetSaysThatThereIsNoRedis() throws Exception {
    Map<String, String> variables = Map.of("CACHE_PRESET", "disabled");
    Run run = Run.of(folder, variables, NO_OPTION, "texts");
    assertThat(run.exitCode()).isZero();
    assertThat(run.output()).startsWith("Larder, preset disabled, tier heap");
  }

  @Test
  void aWrongPresetIsToldWithoutAStackTrace() throws Exception {
    Run run = Run.of(folder, Map.of("CACHE_PRESET", "prodcution"), NO_OPTION, "texts");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output()).isEmpty();
    assertThat(run.error())
        .startsWith("quickstart: 1 fault in the configuration of Larder:")
        .contains("preset = 'prodcution'", "production", "[CACHE_PRESET]")
        .doesNotContain("\tat ");
  }

  @Test
  void withoutItsRedisItWorksOnAndSaysSo() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    String url = "redis://127.0.0.1:" + port;
    Run run = Run.of(folder, Map.of("CACHE_REDIS_URL", url), NO_OPTION, "texts");
    assertThat(run.exitCode()).isZero();
    assertThat(run.output()).contains("asks");
    assertThat(run.error())
        .contains("Redis at " + url + " cannot be reached (")
        .doesNotContain("\tat ");
  }

  @Test
  void withoutAnArgumentItAsksAboutTheMarkdownOfTheFolderItRunsIn() throws Exception {
    Files.writeString(folder.resolve("GUIDE.md"), "# Guide\n\nRead this.\n");
    Run run = Run.of(folder, "");
    assertThat(run.exitCode()).isZero();
    assertThat(run.output())
        .contains("1 document, 6 questions about each", "What came out for GUIDE.md");
  }

  @Test
  void anEmptyFileIsAnswered() throws Exception {
    Files.createFile(folder.resolve("empty.txt"));
    Run run = Run.of(folder, "empty.txt");
    assertThat(run.exitCode()).isZero();
    assertThat(run.output())
        .contains("no words", "no sentences", "3,000 asks, 6 different questions");
  }

  @Test
  void aMissingPathIsAnErrorOfOneLine() throws Exception {
    Run run = Run.of(folder, "nowhere");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.output()).isEmpty();
    assertThat(run.error())
        .isEqualToIgnoringNewLines(
            "quickstart: 'nowhere' does not exist; give a text file or a folder of them");
  }

  /** Words drawn at random, the same for each seed. */
  private static String longText(int seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 30_000; i++) {
      text.append("word").append((char) ('a' + random.nextInt(26))).append(random.nextInt(50));
      text.append(random.nextInt(12) == 0 ? ". The " : " ");
    }
    return text.toString();
  }

  /** A finished run of the example. */
  private record Run(int exitCode, String output, String error) {

    static Run of(Path folder, String argument) throws Exception {
      return of(folder, Map.of(), NO_OPTION, argument);
    }

    static Run of(Path folder, Map<String, String> variables, String option, String argument)
        throws Exception {
      Path output = Files.createTempFile(folder, ".out", null);
      Path error = Files.createTempFile(folder, ".err", null);
      ProcessBuilder builder = new ProcessBuilder(List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:+IgnoreUnrecognizedVMOptions",
              "--enable-native-access=ALL-UNNAMED",
              "--sun-misc-unsafe-memory-access=allow",
              "-classpath",
              System.getProperty("java.class.path"),
              option,
              Quickstart.class.getName(),
              argument))
          .directory(folder.toFile())
          .redirectOutput(output.toFile())
          .redirectError(error.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("CACHE_"));
      builder.environment().putAll(variables);
      Process process = builder.start();
      try {
        assertThat(process.waitFor(120, TimeUnit.SECONDS))
            .as("ended within two minutes")
            .isTrue();
      } finally {
        process.destroyForcibly();
      }
      return new Run(process.exitValue(), read(output), read(error));
    }

    /** How many answers of the whole run came from there. */
    int served(String tier) {
      String total =
          output.lines().filter(line -> line.contains(" asks, ")).findFirst().orElseThrow();
      Matcher matcher = Pattern.compile("\\b" + tier + " ([0-9,]+)").matcher(total);
      return matcher.find()
          ? Integer.parseInt(matcher.group(1).replaceAll(",$", "").replace(",", ""))
          : 0;
    }

    int number(String pattern) {
      Matcher matcher = Pattern.compile(pattern).matcher(output);
      assertThat(matcher.find()).as("'%s' in%n%s", pattern, output).isTrue();
      return Integer.parseInt(matcher.group(1).replace(",", ""));
    }

    private static String read(Path file) throws IOException {
      return Files.readString(file, StandardCharsets.UTF_8);
    }
  }
}
