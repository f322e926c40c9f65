package io.larder.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.results.RunResult;

/** Every benchmark, once and briefly, on the built jar: shows that each still runs. */
class EachBenchmarkOnceIT {

  private static RedisServer redis;

  @TempDir
  private Path directory;

  @BeforeAll
  static void start() {
    System.setProperty("jmh.ignoreLock", "true");
    redis = RedisServer.start();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @Test
  void hit() throws Exception {
    Set<String> expected = new TreeSet<>();
    for (HitPeer peer : HitPeer.values()) {
      expected.add("get STRING, 1 thread: " + peer);
      expected.add("get OBJECT, 1 thread: " + peer);
    }
    check(Group.HIT, expected);
  }

  @Test
  void redis() throws Exception {
    Set<String> expected = new TreeSet<>();
    for (RedisPeer peer : RedisPeer.values()) {
      for (String threads : List.of("1 thread", "2 threads", "16 threads")) {
        expected.add("get, " + threads + ": " + peer);
        expected.add("put, " + threads + ": " + peer);
      }
    }
    check(Group.REDIS, expected);
  }

  @Test
  void answer() throws Exception {
    Set<String> expected = new TreeSet<>();
    for (AnswerPeer peer : AnswerPeer.values()) {
      for (Prompt prompt : Prompt.values()) {
        expected.add("find " + prompt + ", 1 thread: " + peer);
      }
    }
    check(Group.ANSWER, expected);
  }

  private void check(Group group, Set<String> expected) throws Exception {
    List<RunResult> results = group.run(Length.ONCE, redis.url());

    List<Figure> figures = results.stream().map(Figure::of).toList();
    assertThat(figures.stream().map(figure -> figure.subject() + ": " + figure.peer()))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(figures).allSatisfy(figure -> assertThat(figure.score()).isPositive());
    String page = Report.write(group, Length.ONCE, results, directory, redis);
    assertThat(page).contains("## Aims").contains(group.baseline().name());
    assertThat(directory).isDirectoryContaining("glob:**.md").isDirectoryContaining("glob:**.json");
  }
}
