package io.larder.ai.adapter;

import io.larder.ai.AiRequest;
import io.larder.ai.key.CanonicalForm;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of calls that bypass the cache: of the first aloud; and counts them. Thread-safe. */
public final class Bypasses {

  private static final Logger LOG = LoggerFactory.getLogger(Bypasses.class);

  private final String operation;
  private final AtomicBoolean told = new AtomicBoolean();
  private final LongAdder count = new LongAdder();

  /** None so far, of that operation. */
  public Bypasses(String operation) {
    this.operation = operation;
  }

  /** One more, for that reason. */
  public void tell(@Nullable String why) {
    count.increment();
    if (told.compareAndSet(false, true)) {
      LOG.warn("{}: a call bypasses the AI cache: {}", operation, why);
    } else {
      LOG.debug("{}: a call bypasses the AI cache: {}", operation, why);
    }
  }

  /**
   * One more, for what making its key threw. What the request's builder threw names what is wrong
   * and quotes no value; of others only the class is told.
   */
  public void tell(String what, RuntimeException e) {
    StackTraceElement[] trace = e.getStackTrace();
    String thrower = trace.length == 0 ? "" : trace[0].getClassName();
    boolean builder = thrower.startsWith(AiRequest.class.getName())
        || thrower.startsWith(CanonicalForm.class.getName());
    tell(what + ": " + (builder ? e.getMessage() : e.getClass().getName()));
  }

  /** How many there were. */
  public long count() {
    return count.sum();
  }
}
