package io.larder.ai;

import io.larder.ai.Attempts.Attempt;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has to be known before the model is asked, for its answer to be kept.
 *
 * @param attempt tells whether anything newer was stored meanwhile
 * @param generations those of the request's tags; null if nothing is to be kept
 * @param millis when it began, as of 1970; later than all that this process had seen
 */
record Begun(Attempt attempt, @Nullable Map<String, String> generations, long millis)
    implements AutoCloseable {

  @Override
  public void close() {
    attempt.close();
  }
}
