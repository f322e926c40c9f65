package io.larder.examples.answers;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the example as its users do, in a JVM of its own, and reads its figures. */
final class AiAnswersIT {

  private static final int DOCUMENTS = 2;
  private static final int BATCH = 4 * DOCUMENTS;
  /** Shown, two batches, sixteen at once, one after a failure, two streams. */
  private static final int ANSWERS = 4 + 2 * BATCH + 16 + 1 + 2;
  /** The batch, the one that all ask, the failure, the call after it, and a stream. */
  private static final int CALLS = BATCH + 1 + 1 + 1 + 1;

  private static final Pattern LAST = Pattern.compile(
      "answers: (\\d+), model calls: (\\d+), coalesced: (\\d+), saved tokens: (\\d+)");

  private static final Pattern AT_ONCE =
      Pattern.compile("[^:]+ model (\\d+), another's call (\\d+), cache (\\d+)");

  /** A slow machine is no matter of this test; answers come from Redis for a moment. */
  private static final String NOT_COMPARED =
      "the near cache is not read: it could not be compared with Redis in time";

  @TempDir
  Path folder;

  @BeforeEach
  void writeTexts() throws IOException {
    Path texts = Files.createDirectory(folder.resolve("texts"));
    Files.writeString(
        texts.resolve("a.md"),
        "# Caches\n\nA good cache is fast and simple. When a cache fails, the process goes on"
            + " without it.\nA cache of answers saves tokens.\n");
    Files.writeString(texts.resolve("b.txt"), "The pump crashed. A broken pump is a bad problem.");
    Files.write(texts.resolve("image.png"), new byte[] {0, 1, 2});
  }

  @Test
  void onTheHeapEachQuestionIsAskedOnce() throws Exception {
    Run run = Run.of(folder, Map.of(), "-Dnothing");
    assertThat(run.error()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.output())
        .startsWith("Document assistant: 2 documents, AI cache on, on the heap")
        .contains("summarize   A good cache is fast and simple.")
        .contains("sentiment   positive (3 good words, 1 bad ones)")
        .contains("qa          When a cache fails, the process goes on without it.")
        .containsPattern("attempt 1 +fails, and is not cached")
        .containsPattern("attempt 2 +model 1, another's call 0, cache 0")
        .containsPattern("a summary streams +\\d pieces from the model")
        .containsPattern("the same batch again +model 0, another's call 0, cache " + BATCH);
    assertThat(run.line("the same stream again").replace("the cache", "the model"))
        .endsWith(run.line("a summary streams").replaceAll("^\\D+", ""));
    assertThat(run.figure(1)).isEqualTo(ANSWERS);
    assertThat(run.figure(2)).isEqualTo(CALLS);
    Matcher atOnce = AT_ONCE.matcher(run.line("16 ask the same at once"));
    assertThat(atOnce.matches()).isTrue();
    assertThat(atOnce.group(1)).isEqualTo("1");
    int others = Integer.parseInt(atOnce.group(2));
    int found = Integer.parseInt(atOnce.group(3)); // by those who came after the call had ended
    assertThat(others + found).isEqualTo(15);
    assertThat(run.figure(3)).isEqualTo(others);
    assertThat(run.figure(4)).isPositive();
  }

  @Test
  void aSecondProcessOverRedisAsksTheModelNothing() throws Exception {
    String namespace = "-Dlarder.namespace=" + RedisServer.newNamespace();
    try (RedisServer redis = RedisServer.start()) {
      Map<String, String> shared = Map.of("CACHE_REDIS_URL", redis.url());
      Run first = Run.of(folder, shared, namespace);
      assertThat(first.error()).isEmpty();
      assertThat(first.output()).contains("AI cache on, shared over Redis");
      assertThat(first.figure(1)).isEqualTo(ANSWERS);
      assertThat(first.figure(2)).isEqualTo(CALLS);

      Run second = Run.of(folder, shared, namespace);
      assertThat(second.error()).isEmpty();
      assertThat(second.exitCode()).isZero();
      assertThat(second.figure(1)).isEqualTo(ANSWERS + 1); // what fails is not asked any more
      assertThat(second.figure(2)).isZero();
      assertThat(second.figure(3)).isZero();
      assertThat(second.figure(4)).isGreaterThan(first.figure(4));
      assertThat(shown(second)).isEqualTo(shown(first)).isNotEmpty();
    }
  }

  /** Whoever is first asks the model; only a call that fails may be made by both. */
  @Test
  void twoProcessesAtTheSameTimePayOnceInSum() throws Exception {
    String namespace = "-Dlarder.namespace=" + RedisServer.newNamespace();
    try (RedisServer redis = RedisServer.start()) {
      Map<String, String> shared = Map.of("CACHE_REDIS_URL", redis.url());
      List<Run> runs = new ArrayList<>();
      try (Started one = Started.of(folder, shared, namespace, "texts");
          Started two = Started.of(folder, shared, namespace, "texts")) {
        runs.add(one.finish());
        runs.add(two.finish());
      }
      int answers = 0;
      int calls = 0;
      int failed = 0;
      for (Run run : runs) {
        assertThat(run.error()).isEmpty();
        assertThat(run.exitCode()).isZero();
        answers += run.figure(1);
        calls += run.figure(2);
        failed += run.output().contains("fails, and is not cached") ? 1 : 0;
      }
      assertThat(failed).isBetween(1, 2);
      assertThat(calls).isEqualTo(CALLS - 1 + failed);
      assertThat(answers).isEqualTo(2 * (ANSWERS + 1) - failed);
      assertThat(shown(runs.get(0))).isEqualTo(shown(runs.get(1))).isNotEmpty();
    }
  }

  @Test
  void anotherPresetLeavesTheAnswersUncached() throws Exception {
    Run run = Run.of(folder, Map.of("CACHE_PRESET", "development"), "-Dnothing");
    assertThat(run.exitCode()).isZero();
    assertThat(run.output()).startsWith("Document assistant: 2 documents, AI cache off");
    assertThat(run.figure(2)).isEqualTo(ANSWERS + 1);
    assertThat(run.figure(4)).isZero();
  }

  @Test
  void aFolderWithoutTextIsToldInALine() throws Exception {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Run run = Run.of(folder, Map.of(), "-Dnothing", empty.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.output()).isEmpty();
    assertThat(run.error().lines()).singleElement().asString().contains("no text", "empty");
  }

  private static List<String> shown(Run run) {
    return run.output().lines().filter(line -> line.startsWith("  ")).toList();
  }

  /** A finished run of the example. */
  private record Run(int exitCode, String output, String error) {

    static Run of(Path folder, Map<String, String> variables, String option) throws Exception {
      return of(folder, variables, option, "texts");
    }

    static Run of(Path folder, Map<String, String> variables, String option, String argument)
        throws Exception {
      try (Started started = Started.of(folder, variables, option, argument)) {
        return started.finish();
      }
    }

    /** One of the numbers in the last line. */
    int figure(int group) {
      String last = output.lines().reduce((before, line) -> line).orElse("");
      Matcher matcher = LAST.matcher(last);
      assertThat(matcher.matches())
          .as("the last line of%n%s%n%s", output, error)
          .isTrue();
      return Integer.parseInt(matcher.group(group));
    }

    String line(String beginning) {
      return output
          .lines()
          .filter(line -> line.startsWith(beginning))
          .findFirst()
          .orElseThrow();
    }
  }

  /** A run that is under way; it ends when this is closed. */
  private record Started(Process process, Path output, Path error) implements AutoCloseable {

    /** With time to spare: a slow machine is no matter of this test. */
    static Started of(Path folder, Map<String, String> variables, String option, String argument)
        throws IOException {
      Path output = Files.createTempFile(folder, ".out", null);
      Path error = Files.createTempFile(folder, ".err", null);
      ProcessBuilder builder = new ProcessBuilder(List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:+IgnoreUnrecognizedVMOptions",
              "--enable-native-access=ALL-UNNAMED",
              "--sun-misc-unsafe-memory-access=allow",
              "-classpath",
              System.getProperty("java.class.path"),
              "-Dlarder.operation_timeout_ms=20000",
              "-Dlarder.connection_timeout=20",
              "-Dlarder.alerts.check_interval_seconds=3600", // longer than any run takes
              "-Dlarder.alerts.resource_interval_seconds=3600",
              option,
              AiAnswers.class.getName(),
              argument))
          .directory(folder.toFile())
          .redirectOutput(output.toFile())
          .redirectError(error.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("CACHE_"));
      builder.environment().putAll(variables);
      return new Started(builder.start(), output, error);
    }

    Run finish() throws Exception {
      assertThat(process.waitFor(120, TimeUnit.SECONDS))
          .as("ended within two minutes")
          .isTrue();
      String told = read(error)
          .lines()
          .filter(line -> !line.contains(NOT_COMPARED))
          .collect(Collectors.joining("\n"));
      return new Run(process.exitValue(), read(output), told);
    }

    private static String read(Path file) throws IOException {
      return Files.readString(file, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
