package io.larder.store;

/** The two clocks of this machine that a near tier reads. */
interface NearClock {

  /** {@link System#nanoTime()}: steady, but standing still while the machine sleeps. */
  long nanos();

  /** {@link System#currentTimeMillis()}: goes on while the machine sleeps, and is set at times. */
  long millis();

  /** This machine's own. */
  NearClock SYSTEM = new NearClock() {
    @Override
    public long nanos() {
      return System.nanoTime();
    }

    @Override
    public long millis() {
      return System.currentTimeMillis();
    }
  };
}
