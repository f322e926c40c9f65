package io.larder.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the example as its users do, in a JVM of its own, on the jars that were built. */
final class QuickstartIT {

  private static final int ASKS = 3000;

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

  /** A finished run of the example. */
  private record Run(int exitCode, String output, String error) {

    static Run of(Path folder, String argument) throws Exception {
      Path output = Files.createTempFile(folder, ".out", null);
      Path error = Files.createTempFile(folder, ".err", null);
      ProcessBuilder builder = new ProcessBuilder(List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-classpath",
              System.getProperty("java.class.path"),
              Quickstart.class.getName(),
              argument))
          .directory(folder.toFile())
          .redirectOutput(output.toFile())
          .redirectError(error.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("CACHE_"));
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
