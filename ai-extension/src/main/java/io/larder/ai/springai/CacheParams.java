package io.larder.ai.springai;

import io.larder.ai.AiControl;
import io.larder.ai.AiRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.client.ChatClient.AdvisorSpec;

/**
 * The advisor parameters by which one call says how it uses the cache, and the names under which a
 * response tells where it came from. Give them by these methods,
 * {@code prompt.advisors(CacheParams.tenant("acme"))}, or by name, {@code advisors(a ->
 * a.param(CacheParams.TENANT, "acme"))}.
 *
 * <p>A call with a parameter of the wrong type, or with another one whose name begins with
 * {@code larder.ai.}, throws an {@link IllegalArgumentException}: a mistyped tenant must not share.
 */
public final class CacheParams {

  /** The {@link AiControl} of the call. */
  public static final String CONTROL = "larder.ai.control";

  /** The operation, a string, in place of the advisor's. */
  public static final String OPERATION = "larder.ai.operation";

  /** For whom it is asked: a string. */
  public static final String TENANT = "larder.ai.tenant";

  /** What the answer can be invalidated by: a string, or a collection of strings. */
  public static final String TAGS = "larder.ai.tags";

  /** What else changes the answer: a map from names to values that keys have a form for. */
  public static final String OPTIONS = "larder.ai.options";

  /**
   * Where a response came from, an {@link io.larder.ai.AiResult.Source}: in its context, and on a
   * hit in the metadata of the chat response, too.
   */
  public static final String SOURCE = "larder.ai.source";

  /**
   * What is known of a response that came whole: {@link io.larder.ai.AiDetails}, in its context.
   */
  public static final String DETAILS = "larder.ai.details";

  private static final String PREFIX = "larder.ai.";
  private static final Set<String> KNOWN =
      Set.of(CONTROL, OPERATION, TENANT, TAGS, OPTIONS, SOURCE, DETAILS);

  private CacheParams() {}

  /** Has the call use the cache in that way. */
  public static Consumer<AdvisorSpec> control(AiControl control) {
    return spec -> spec.param(CONTROL, control);
  }

  /** Has the call be of that operation. */
  public static Consumer<AdvisorSpec> operation(String operation) {
    return spec -> spec.param(OPERATION, operation);
  }

  /** Has the call be for that tenant. */
  public static Consumer<AdvisorSpec> tenant(String tenant) {
    return spec -> spec.param(TENANT, tenant);
  }

  /** Has the answer be invalidated by those tags. */
  public static Consumer<AdvisorSpec> tags(String... tags) {
    List<String> all = new ArrayList<>();
    for (String tag : tags) {
      all.add(Objects.requireNonNull(tag, "tag"));
    }
    return spec -> spec.param(TAGS, all);
  }

  /** Has these be in the key. */
  public static Consumer<AdvisorSpec> options(Map<String, ?> options) {
    return spec -> spec.param(OPTIONS, options);
  }

  /** What the parameters of one call say. */
  record Given(
      @Nullable AiControl control,
      @Nullable String operation,
      @Nullable String tenant,
      List<String> tags,
      Map<?, ?> options) {

    void addTo(AiRequest.Builder key) {
      if (control != null) {
        key.control(control);
      }
      if (tenant != null) {
        key.tenant(tenant);
      }
      key.tags(tags.toArray(String[]::new));
      options.forEach((name, value) -> key.option(String.valueOf(name), value));
    }
  }

  /** What the context says. */
  static Given of(Map<String, ?> context) {
    for (String name : context.keySet()) {
      if (name.startsWith(PREFIX) && !KNOWN.contains(name)) {
        throw new IllegalArgumentException(
            "advisor parameter " + name + " is not known; those of the AI cache are "
                + KNOWN.stream().sorted().toList());
      }
    }
    String operation = value(context, OPERATION, String.class);
    if (operation != null) {
      AiRequest.Builder unused = AiRequest.builder(operation); // refuses what is no name of one
    }
    Map<?, ?> options = value(context, OPTIONS, Map.class);
    if (options != null) {
      requireStrings(OPTIONS, "a key", options.keySet(), "a map whose keys are Strings");
    }
    return new Given(
        value(context, CONTROL, AiControl.class),
        operation,
        value(context, TENANT, String.class),
        tags(context.get(TAGS)),
        options == null ? Map.of() : options);
  }

  private static List<String> tags(@Nullable Object given) {
    if (given == null) {
      return List.of();
    }
    String rule = "a String or a collection of Strings";
    if (!(given instanceof Collection<?> several)) {
      if (given instanceof String tag) {
        return List.of(tag);
      }
      throw refused(TAGS, "was a", given, rule);
    }
    requireStrings(TAGS, "an element", several, rule);
    return Arrays.asList(several.toArray(String[]::new));
  }

  private static void requireStrings(String name, String what, Collection<?> all, String rule) {
    for (Object one : all) {
      if (!(one instanceof String)) {
        throw refused(name, "had " + what + " of type", one, rule);
      }
    }
  }

  private static <T> @Nullable T value(Map<String, ?> context, String name, Class<T> type) {
    Object given = context.get(name);
    if (given == null || type.isInstance(given)) {
      return type.cast(given);
    }
    throw refused(name, "was a", given, "of type " + type.getSimpleName());
  }

  private static IllegalArgumentException refused(
      String name, String what, @Nullable Object given, String rule) {
    return new IllegalArgumentException("advisor parameter " + name + " " + what + " "
        + (given == null ? "null" : given.getClass().getName()) + " but it must be " + rule);
  }
}
