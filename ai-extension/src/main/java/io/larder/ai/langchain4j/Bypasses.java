package io.larder.ai.langchain4j;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of calls that bypass the cache: of the first aloud. */
final class Bypasses {

  private static final Logger LOG = LoggerFactory.getLogger(Bypasses.class);

  private final String operation;
  private final AtomicBoolean told = new AtomicBoolean();

  Bypasses(String operation) {
    this.operation = operation;
  }

  void tell(@Nullable String why) {
    if (told.compareAndSet(false, true)) {
      LOG.warn("{}: a call bypasses the AI cache: {}", operation, why);
    } else {
      LOG.debug("{}: a call bypasses the AI cache: {}", operation, why);
    }
  }
}
