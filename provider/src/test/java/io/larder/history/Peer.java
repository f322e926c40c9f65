package io.larder.history;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One process that shares caches with others and does what it is told, a line at a time. */
public interface Peer extends AutoCloseable {

  /** Has a {@link PeerWork} command done, and answers what came of it. */
  String ask(String command);

  @Override
  void close();

  /** This process. */
  static Peer here() {
    PeerWork work = new PeerWork(new Apart());
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

  /**
   * A JVM of its own, on this one's class path; it ends with {@link #close}.
   *
   * @param before what its command line begins with
   */
  static Child child(String name, String... before) {
    return child(name, List.of(before), List.of());
  }

  /**
   * The same.
   *
   * @param options of the JVM
   */
  static Child child(String name, List<String> before, List<String> options) {
    List<String> command = new ArrayList<>(before);
    command.addAll(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xmx256m",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel="
            + System.getProperty("larderTest.childLogLevel", "error")));
    command.addAll(List.of(ApartLog.OPTIONS));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), PeerMain.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command);
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

    /** Stops it where it stands. */
    public void pause() {
      signal("-STOP");
    }

    /** Lets it go on. */
    public void resume() {
      signal("-CONT");
    }

    private void signal(String signal) {
      try {
        new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
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
