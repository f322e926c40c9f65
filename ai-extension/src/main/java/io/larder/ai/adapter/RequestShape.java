package io.larder.ai.adapter;

import io.larder.ai.AiRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What goes into an adapter's requests to the cache besides what its library knows of a call.
 *
 * @param operation whose cache, time to live and statistics are used
 * @param model the model's name, where the model itself does not tell it; without any the cache is
 *     not used
 * @param more adds to each request: tenant, tags, control, or what else of the model's own settings
 *     changes its answers; called on the caller's thread
 * @param ignored names of settings and metadata of a model's own that change no answer: see
 *     {@link #ignoring}
 */
public record RequestShape(
    String operation,
    @Nullable String model,
    UnaryOperator<AiRequest.Builder> more,
    Set<String> ignored) {

  /**
   * Checks the operation's name, and copies the names.
   *
   * @throws IllegalArgumentException if that is no valid name of an operation
   */
  public RequestShape {
    AiRequest.Builder unused = AiRequest.builder(operation); // refuses what is no name of one
    Objects.requireNonNull(more, "more");
    ignored = Set.copyOf(ignored);
  }

  /**
   * That operation, and nothing else.
   *
   * @throws IllegalArgumentException if it is no name of one: {@link AiRequest#builder}
   */
  public static RequestShape of(String operation) {
    return new RequestShape(operation, null, builder -> builder, Set.of());
  }

  /** The same for a model that does not tell its name. */
  public RequestShape withModel(String name) {
    return new RequestShape(operation, Objects.requireNonNull(name, "model"), more, ignored);
  }

  /**
   * The same with more in each request. If it throws, the call bypasses the cache and a line in the
   * log says so.
   */
  public RequestShape with(UnaryOperator<AiRequest.Builder> addition) {
    Objects.requireNonNull(addition, "addition");
    return new RequestShape(
        operation, model, builder -> addition.apply(more.apply(builder)), ignored);
  }

  /**
   * The same without some of what a model has beyond its library's common settings: no part of the
   * key, and no reason to bypass the cache. Only for what changes no answer.
   *
   * @param names of fields that parameters or options have themselves, or of entries of the
   *     metadata of messages and responses; what is called so deeper within these, or in messages
   *     and tools, stays
   */
  public RequestShape ignoring(String... names) {
    Objects.requireNonNull(names, "names");
    Set<String> all = new HashSet<>(ignored);
    all.addAll(List.of(names));
    return new RequestShape(operation, model, more, all);
  }
}
