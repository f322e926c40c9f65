package io.larder.ai;

import io.larder.ai.key.CanonicalForm;
import io.larder.ai.key.KeyScheme;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a model: everything that makes one answer different from another, and how this
 * call uses the cache. Immutable and thread-safe; values of options are taken down when they are
 * given, so that what happens to them later has no effect. Reuse an instance for repeated calls: it
 * remembers its key.
 *
 * <p>Two requests are equal if operation, text, options, model, system prompt, history, tenant and
 * schema version are; tags, the answer's type, what can be used and {@link AiControl} are no part
 * of it.
 */
public final class AiRequest {

  private static final int LONGEST_OPERATION = 128;
  private static final String FORM = "larder-ai/1";

  private final String operation;
  private final String text;
  private final int codePoints;
  private final byte[] rest;
  private final @Nullable String model;
  private final List<Tag> tags;
  private final AiControl control;
  private final @Nullable Type answerType;
  private final Predicate<Object> usable;
  private volatile @Nullable Keyed keyed;

  /** What an answer can be invalidated by. */
  record Tag(String kind, String value) {}

  private record Keyed(KeyScheme scheme, String key) {}

  private AiRequest(Builder builder) {
    this.operation = builder.operation;
    this.text = builder.text;
    this.codePoints = text.codePointCount(0, text.length());
    this.model = builder.model;
    this.rest = builder.rest();
    this.tags = List.copyOf(builder.tags());
    this.control = builder.control;
    this.answerType = builder.answerType;
    this.usable = any -> true;
  }

  private AiRequest(AiRequest other, AiControl control, Predicate<Object> usable) {
    this.operation = other.operation;
    this.text = other.text;
    this.codePoints = other.codePoints;
    this.model = other.model;
    this.rest = other.rest;
    this.tags = other.tags;
    this.control = control;
    this.answerType = other.answerType;
    this.usable = usable;
    this.keyed = other.keyed;
  }

  /** A request of an operation and a text alone. */
  public static AiRequest of(String operation, String text) {
    return builder(operation).text(text).build();
  }

  /**
   * Begins a request.
   *
   * @param operation what is asked for, such as {@code summarize}: any name of 1 to 128 characters
   *     without control characters
   * @throws IllegalArgumentException if it is no such name
   */
  public static Builder builder(String operation) {
    return new Builder(operation);
  }

  /** The operation; messages do not quote what may be a prompt in the wrong place. */
  static String requireOperation(String operation) {
    Objects.requireNonNull(operation, "operation");
    if (operation.length() > LONGEST_OPERATION) {
      throw refused("had " + operation.length() + " characters");
    }
    if (operation.isBlank()) {
      throw refused("was '" + operation + "'");
    }
    if (operation.chars().anyMatch(Character::isISOControl)) {
      throw refused("had a control character");
    }
    return operation;
  }

  private static IllegalArgumentException refused(String what) {
    return new IllegalArgumentException("operation " + what + " but it must be a name of 1 to "
        + LONGEST_OPERATION + " characters without control characters");
  }

  /** What is asked for. */
  public String operation() {
    return operation;
  }

  /** The text, as it was given. */
  public String text() {
    return text;
  }

  /** The length of the text, in code points. */
  public int textLength() {
    return codePoints;
  }

  /** How this call uses the cache. */
  public AiControl control() {
    return control;
  }

  /** The same request, using the cache in that way. */
  public AiRequest with(AiControl other) {
    return new AiRequest(this, Objects.requireNonNull(other, "control"), usable);
  }

  /**
   * The same request by someone who can use not every stored answer. One that fails the test counts
   * as none: the model is asked, and its answer takes that one's place. Of a stream each piece is
   * tested. No part of the request's identity.
   *
   * @param test called on the threads that look for answers, in place of any test before
   */
  public AiRequest usableIf(Predicate<Object> test) {
    return new AiRequest(this, control, Objects.requireNonNull(test, "test"));
  }

  boolean canUse(Object answer) {
    return usable.test(answer);
  }

  @Nullable
  Type answerType() {
    return answerType;
  }

  @Nullable
  String model() {
    return model;
  }

  List<Tag> tags() {
    return tags;
  }

  /** The key; the text is read once for it, and not again for the same scheme. */
  public String key(KeyScheme scheme) {
    Objects.requireNonNull(scheme, "scheme");
    Keyed known = keyed;
    if (known == null || known.scheme != scheme) {
      known = new Keyed(scheme, scheme.key(operation, text, codePoints, rest));
      keyed = known;
    }
    return known.key;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AiRequest that
        && operation.equals(that.operation)
        && text.equals(that.text)
        && Arrays.equals(rest, that.rest);
  }

  @Override
  public int hashCode() {
    return Objects.hash(operation, text, Arrays.hashCode(rest));
  }

  /** Operation and length only: the text need not be anybody's to read. */
  @Override
  public String toString() {
    return "AiRequest[" + operation + ", " + codePoints + " code points]";
  }

  /** Collects what a request consists of. For one thread. */
  public static final class Builder {

    private final String operation;
    private final Map<String, byte[]> options = new TreeMap<>();
    private Set<String> kept = Set.of();
    private final Map<String, Tag> ownTags = new LinkedHashMap<>();
    private String text = "";
    private @Nullable String model;
    private @Nullable String systemPrompt;
    private @Nullable String history;
    private @Nullable String tenant;
    private @Nullable String schemaVersion;
    private AiControl control = AiControl.usual();
    private @Nullable Type answerType;

    private Builder(String operation) {
      this.operation = requireOperation(operation);
    }

    /** The text that the model is to work on; empty if not given. */
    public Builder text(String value) {
      text = Objects.requireNonNull(value, "text");
      return this;
    }

    /**
     * An option: whatever else changes the answer, such as a temperature, a question or a list of
     * messages.
     *
     * @param value null, a boolean, number, string, enum constant, {@code java.time} value, or a
     *     list, set, map, array or record of such; {@code 1}, {@code 1L} and {@code "1"} differ
     * @throws IllegalArgumentException if it is something else, or one with more than 64 levels, a
     *     million values or 64 MiB; what occurs in it several times counts each time
     */
    public Builder option(String name, @Nullable Object value) {
      Objects.requireNonNull(name, "name");
      byte[] form = CanonicalForm.of(value, "option " + name);
      if (kept.contains(name) && !Arrays.equals(options.get(name), form)) {
        throw new IllegalArgumentException(
            "option " + name + " is part of the request already: choose another name");
      }
      options.put(name, form);
      return this;
    }

    /**
     * Keeps the options given so far: from now on, giving one of them another value is refused. For
     * adapters, which let others add to what they say.
     */
    public Builder keepOptions() {
      kept = Set.copyOf(options.keySet());
      return this;
    }

    /** Several options: see {@link #option}. */
    public Builder options(Map<String, ?> values) {
      Objects.requireNonNull(values, "values");
      values.forEach(this::option);
      return this;
    }

    /** The model that is asked; answers can be invalidated by it. */
    public Builder model(@Nullable String name) {
      model = name;
      return this;
    }

    /** The system prompt; stands in no key readably. */
    public Builder systemPrompt(@Nullable String prompt) {
      systemPrompt = prompt;
      return this;
    }

    /** What stands for the conversation so far, such as a digest of it. */
    public Builder history(@Nullable String digest) {
      history = digest;
      return this;
    }

    /** For whom it is asked; tenants never share answers, and can be invalidated one by one. */
    public Builder tenant(@Nullable String name) {
      tenant = name;
      return this;
    }

    /** The version of the answer's structure; a new one leaves old answers alone. */
    public Builder schemaVersion(@Nullable String version) {
      schemaVersion = version;
      return this;
    }

    /** Names by which the answer can be invalidated; no part of the request's identity. */
    public Builder tags(String... names) {
      Objects.requireNonNull(names, "names");
      for (String name : names) {
        Objects.requireNonNull(name, "tag");
        ownTags.put(name, new Tag("tag", name));
      }
      return this;
    }

    /**
     * The answer's type where its class does not say all of it, such as {@code List<Integer>}; of a
     * stream, that of its pieces. A stored answer of another type is none. No part of the request's
     * identity. Methods with annotations say it by what they return.
     */
    public Builder answerType(@Nullable Type type) {
      answerType = type;
      return this;
    }

    /** How this call uses the cache; {@link AiControl#usual} if not given. */
    public Builder control(AiControl value) {
      control = Objects.requireNonNull(value, "control");
      return this;
    }

    /** The request. */
    public AiRequest build() {
      return new AiRequest(this);
    }

    private byte[] rest() {
      List<byte[]> parts = new ArrayList<>();
      parts.add(CanonicalForm.of(FORM, "form"));
      parts.add(CanonicalForm.of(model, "model"));
      parts.add(CanonicalForm.of(systemPrompt, "systemPrompt"));
      parts.add(CanonicalForm.of(history, "history"));
      parts.add(CanonicalForm.of(tenant, "tenant"));
      parts.add(CanonicalForm.of(schemaVersion, "schemaVersion"));
      List<byte[]> given = new ArrayList<>();
      options.forEach((name, value) -> {
        given.add(CanonicalForm.of(name, "name"));
        given.add(value);
      });
      parts.add(CanonicalForm.sequence(given));
      return CanonicalForm.sequence(parts);
    }

    private List<Tag> tags() {
      List<Tag> all = new ArrayList<>();
      if (model != null) {
        all.add(new Tag("model", model));
      }
      if (tenant != null) {
        all.add(new Tag("tenant", tenant));
      }
      all.addAll(ownTags.values());
      return all;
    }
  }
}
