package io.larder.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the root's README to what it says. */
final class ReadmeIT {

  private static final Path ROOT = Path.of("").toAbsolutePath().resolve("../..").normalize();

  @TempDir
  Path folder;

  @Test
  void theFirstCodeRunsAsItStands() throws Exception {
    String code = "import javax.cache.*;\n"
        + "import javax.cache.configuration.*;\n"
        + "import javax.cache.expiry.*;\n"
        + "class Example { public static void main(String[] args) {\n"
        + first("(?s)```java\n(.*?)```")
        + "}}\n";
    Path source = Files.writeString(folder.resolve("Example.java"), code);
    Path output = folder.resolve("output");
    Path errors = folder.resolve("errors");
    ProcessBuilder builder = new ProcessBuilder(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-classpath",
            System.getProperty("java.class.path"),
            source.toString()))
        .redirectError(errors.toFile())
        .redirectOutput(output.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("CACHE_"));
    Process process = builder.start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(Files.readString(output)).isEqualToIgnoringNewLines("Paris");
    assertThat(Files.readAllLines(errors))
        .as("but for a later JVM's own warnings")
        .allMatch(line -> line.isBlank() || line.startsWith("WARNING: "));
    assertThat(process.exitValue()).isZero();
  }

  @Test
  void everyLinkIntoTheRepositoryLeadsSomewhere() throws Exception {
    assertThat(Pattern.compile("\\]\\((?!https?:)([^)#]+)")
            .matcher(readme())
            .results()
            .map(link -> ROOT.resolve(link.group(1))))
        .hasSizeGreaterThan(5)
        .allSatisfy(path -> assertThat(path).exists());
  }

  private static String first(String pattern) throws IOException {
    Matcher matcher = Pattern.compile(pattern).matcher(readme());
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }
}
