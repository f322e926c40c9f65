package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Several processes with the same questions over one Redis: one call for each question. */
final class ProcessesTest {

  private static final int QUESTIONS = 1000;
  private static final int THREADS = 32;
  private static final int VICTIMS_CALLS = 100;
  private static RedisServer redis;

  @BeforeAll
  static void startRedis() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  private final String namespace = RedisServer.newNamespace();
  private final List<Process> processes = new ArrayList<>();

  private Process start(String name, int times, int millis, int ending) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
        "-cp",
        System.getProperty("java.class.path"),
        PeerMain.class.getName(),
        name,
        namespace,
        String.valueOf(THREADS),
        String.valueOf(QUESTIONS),
        String.valueOf(times),
        String.valueOf(millis),
        String.valueOf(ending));
    builder.environment().put("LARDER_TEST_REDIS_URL", redis.url());
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  private static void end(Process process) throws Exception {
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(process.inputReader().readLine()).isEqualTo("done");
  }

  private List<String> calls(String name, String what) {
    List<String> calls = new ArrayList<>();
    String list = namespace + ":" + name + ":" + what;
    for (Object question : (List<?>) redis.command("LRANGE", list, "0", "-1")) {
      calls.add(
          question instanceof byte[] bytes
              ? new String(bytes, StandardCharsets.UTF_8)
              : String.valueOf(question));
    }
    return calls;
  }

  private void awaitCalls(String name, String what, int count) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (calls(name, what).size() < count) {
      assertThat(System.nanoTime()).as("time to wait for calls %s", what).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(5); // until there are as many
    }
  }

  /** 64 threads in two JVMs, 1,000 questions, each asked 100 times. */
  @Test
  void oneCallForEachQuestion() throws Exception {
    Process one = start("one", 50, 20, Integer.MAX_VALUE);
    Process two = start("two", 50, 20, Integer.MAX_VALUE);
    end(one);
    end(two);
    List<String> calls = new ArrayList<>(calls("one", "begun"));
    calls.addAll(calls("two", "begun"));
    assertThat(calls).hasSize(QUESTIONS).doesNotHaveDuplicates();
  }

  /**
   * The same, one of them killed while it holds leases; only those questions may be asked once
   * more.
   */
  @Test
  void aKilledProcessCostsAtMostOneMoreCallForEachQuestionItHeld() throws Exception {
    Process victim = start("victim", 50, 100, VICTIMS_CALLS);
    // not before, or it might leave the victim too few calls
    awaitCalls("victim", "begun", 1);
    Process survivor = start("survivor", 50, 100, Integer.MAX_VALUE);
    // until it holds calls that do not end
    awaitCalls("victim", "begun", VICTIMS_CALLS + 1);
    awaitCalls("victim", "ended", VICTIMS_CALLS);
    victim.destroyForcibly().waitFor();
    end(survivor);
    List<String> again = calls("survivor", "begun");
    assertThat(again).doesNotHaveDuplicates();
    List<String> theirs = calls("victim", "begun");
    assertThat(theirs).doesNotHaveDuplicates();
    Set<String> held = new HashSet<>(theirs);
    held.removeAll(calls("victim", "ended"));
    Set<String> twice = new HashSet<>(again);
    twice.retainAll(theirs);
    assertThat(held).as("calls that the process was killed in").isNotEmpty();
    assertThat(twice).containsAll(held);
    // a call may have ended, and its answer not yet been stored
    assertThat(twice).hasSizeLessThanOrEqualTo(THREADS);
    again.addAll(theirs);
    assertThat(new HashSet<>(again)).hasSize(QUESTIONS);
  }

  @AfterEach
  void killAll() {
    processes.forEach(Process::destroyForcibly);
  }
}
