package io.larder.history;

import java.io.PrintStream;

/**
 * The log of a process, without the lines of calls that found Redis away: those are handed over, on
 * the thread of the call. It relies on the logging backend to print a line, its exception and a
 * flush, under a lock.
 */
final class ApartLog extends PrintStream {

  /** The options of a JVM that logs those lines. */
  static final String[] OPTIONS = {
    "-Dorg.slf4j.simpleLogger.log.io.larder.store.ResilientStore=debug",
    "-Dorg.slf4j.simpleLogger.logFile=System.err"
  };

  private final Runnable heard;
  private volatile Thread swallowing;

  ApartLog(PrintStream rest, Runnable heard) {
    super(rest, true);
    this.heard = heard;
  }

  @Override
  public void println(String line) {
    if (line != null && line.contains(Apart.LOGGED)) {
      swallowing = Thread.currentThread();
      heard.run();
    } else {
      super.println(line);
    }
  }

  /** A line of an exception. */
  @Override
  public void println(Object line) {
    if (swallowing != Thread.currentThread()) {
      super.println(line);
    }
  }

  @Override
  public void flush() {
    swallowing = null;
    super.flush();
  }
}
