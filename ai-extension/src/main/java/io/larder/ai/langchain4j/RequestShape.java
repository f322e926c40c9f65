package io.larder.ai.langchain4j;

import io.larder.ai.AiRequest;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What goes into an adapter's requests to the cache besides what LangChain4j knows of a call.
 *
 * @param operation whose cache, time to live and statistics are used
 * @param model the model's name, where the model itself does not tell it; without any the cache is
 *     not used
 * @param more adds to each request: tenant, tags, control, or what else of the model's own settings
 *     changes its answers; called on the caller's thread
 */
public record RequestShape(
    String operation, @Nullable String model, UnaryOperator<AiRequest.Builder> more) {

  public RequestShape {
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(more, "more");
  }

  /** That operation, and nothing else. */
  public static RequestShape of(String operation) {
    return new RequestShape(operation, null, builder -> builder);
  }

  /** The same for a model that does not tell its name. */
  public RequestShape withModel(String name) {
    return new RequestShape(operation, Objects.requireNonNull(name, "model"), more);
  }

  /** The same with more in each request. */
  public RequestShape with(UnaryOperator<AiRequest.Builder> addition) {
    return new RequestShape(operation, model, builder -> addition.apply(more.apply(builder)));
  }
}
