package io.larder.benchmarks;

import io.larder.testing.RedisServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Measures a group and writes what it found: {@code <group>.md} to read, {@code <group>.json} with
 * every iteration.
 */
public final class Report {

  private static final String USAGE =
      "arguments: hit|redis|answer short|long DIRECTORY (where results are written)";

  private Report() {}

  /** Measures. Arguments: group, length, directory for the results. */
  public static void main(String... arguments) throws IOException, RunnerException {
    if (arguments.length != 3) {
      throw new IllegalArgumentException(USAGE);
    }
    Group group = Group.valueOf(arguments[0].toUpperCase(Locale.ROOT));
    Length length = Length.valueOf(arguments[1].toUpperCase(Locale.ROOT));
    Path directory = Files.createDirectories(Path.of(arguments[2]));
    try (RedisServer redis = RedisServer.start()) {
      List<RunResult> results = group.run(length, redis.url());
      System.out.println(write(group, length, results, directory, redis));
    }
  }

  /** Writes both files, and answers the text of the first. */
  static String write(
      Group group, Length length, List<RunResult> results, Path directory, RedisServer redis)
      throws IOException {
    String name = group.name().toLowerCase(Locale.ROOT);
    try (PrintStream json =
        new PrintStream(directory.resolve(name + ".json").toFile(), StandardCharsets.UTF_8)) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, json).writeOut(results);
    }
    Figures figures = new Figures(results.stream().map(Figure::of).toList());
    String page = Page.of(group, length, figures, Machine.facts(redis));
    Files.writeString(directory.resolve(name + ".md"), page);
    return page;
  }
}
