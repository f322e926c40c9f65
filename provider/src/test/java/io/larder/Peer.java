package io.larder;

import io.larder.testing.RedisServer;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** One process that shares caches with others and does what it is told, a line at a time. */
interface Peer extends AutoCloseable {

  /** Has a {@link PeerWork} command done, and answers what came of it. */
  String ask(String command);

  @Override
  void close();

  /** This process. */
  static Peer here(RedisServer redis, String namespace) {
    PeerWork work = new PeerWork("here", redis, namespace);
    return new Peer() {
      @Override
      public String ask(String command) {
        return work.answer(command);
      }

      @Override
      public void close() {
        work.close();
      }
    };
  }

  /** A JVM of its own, on this one's class path; it ends with {@link #close}. */
  static Peer child(String name, RedisServer redis, String namespace) {
    ProcessBuilder builder = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
        "-cp",
        System.getProperty("java.class.path"),
        PeerMain.class.getName(),
        name,
        namespace);
    builder.environment().put("LARDER_TEST_REDIS_URL", redis.url());
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    try {
      return new Child(name, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A child process; one command at a time. */
  final class Child implements Peer {

    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter commands;

    private Child(String name, Process process) {
      this.name = name;
      this.process = process;
      this.answers = process.inputReader();
      this.commands = process.outputWriter();
    }

    @Override
    public synchronized String ask(String command) {
      try {
        commands.write(command + "\n");
        commands.flush();
        String answer = answers.readLine();
        if (answer == null || answer.startsWith(PeerMain.FAILED)) {
          throw new IllegalStateException(name + ", " + command + ": " + answer);
        }
        return answer;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      try {
        process.destroyForcibly().waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }
}
