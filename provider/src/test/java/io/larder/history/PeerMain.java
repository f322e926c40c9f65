package io.larder.history;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The main class of a child process: commands from stdin, answers to stdout, ends with stdin. */
final class PeerMain {

  /** Begins the answer of a command that failed. */
  static final String FAILED = "failed: ";

  private PeerMain() {}

  public static void main(String[] args) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Apart apart = new Apart();
    System.setErr(new ApartLog(System.err, apart::heard));
    System.setOut(System.err);
    PeerWork work = new PeerWork(apart);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.println(answer(work, line));
    }
    Runtime.getRuntime().halt(0);
  }

  private static String answer(PeerWork work, String line) {
    try {
      return work.answer(line);
    } catch (RuntimeException e) {
      e.printStackTrace();
      return FAILED + e;
    }
  }
}
