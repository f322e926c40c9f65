package io.larder.benchmarks;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.ThreadParams;

/** Where in the order of keys a thread is. */
@State(Scope.Thread)
public class Position {

  private static final int APART = 4099;

  private int position;

  /** Lets each thread begin elsewhere. */
  @Setup
  public void begin(ThreadParams threads) {
    position = threads.getThreadIndex() * APART;
  }

  int next() {
    return position++;
  }
}
