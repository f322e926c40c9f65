package io.larder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What a JVM of its own said.
 *
 * @param answers lines of the form {@code name=value} on its standard output
 * @param log its standard error
 */
record Child(Map<String, String> answers, String log) {

  /** Runs a main class with these environment variables and none of Larder's else, to its end. */
  static Child run(Class<?> main, Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("CACHE_") || name.equals("ENABLE_AI_CACHE"));
    builder.environment().putAll(environment);
    try {
      Path log = Files.createTempFile("child", ".log");
      try {
        Process process = builder.redirectError(log.toFile()).start();
        Map<String, String> answers = new TreeMap<>();
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.contains("=")) // the JVM may warn there, too
            .forEach(line -> answers.put(
                line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
          process.destroyForcibly();
          throw new IllegalStateException("the child failed: " + Files.readString(log));
        }
        return new Child(answers, Files.readString(log));
      } finally {
        Files.delete(log);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
