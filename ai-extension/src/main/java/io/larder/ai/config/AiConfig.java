package io.larder.ai.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.cache.CacheException;

/**
 * The settings of an answer cache: immutable, valid. On Larder's provider they come from the cache
 * manager's settings ({@code ai_config}); on others, or where an application wants its own, they
 * begin with {@link #defaults}.
 *
 * @param enabled whether answers are cached; if not, every call goes to the model
 * @param textHashThreshold code points of text that may stand readable in a key, 0 to 1,000,000; 0
 *     hashes every text
 * @param hashAlgorithm {@code sha256} or {@code sha512}
 * @param textSizeTiers boundaries between sizes of text
 * @param operationTtls time to live by operation, at least a second each
 * @param defaultTtl time to live of other operations, at most a year; zero: no expiry
 * @param smartPromotion whether size and operation decide which answers the near tier takes (on
 *     Larder's provider)
 * @param maxTextLength code points above which an answer is not cached, 1 to 100,000,000
 * @param keyHmacSecret makes hashes in keys impossible to guess from a text; never shown
 */
public record AiConfig(
    boolean enabled,
    int textHashThreshold,
    String hashAlgorithm,
    TextTiers textSizeTiers,
    Map<String, Duration> operationTtls,
    Duration defaultTtl,
    boolean smartPromotion,
    int maxTextLength,
    Optional<String> keyHmacSecret) {

  private static final Duration LONGEST_TTL = Duration.ofDays(365);
  private static final int LARGEST_THRESHOLD = 1_000_000;
  private static final int LONGEST_TEXT = 100_000_000;

  private static final AiConfig DEFAULTS = new AiConfig(
      true,
      1000,
      "sha256",
      new TextTiers(1000, 5000, 20_000),
      Map.of(
          "summarize", Duration.ofSeconds(7200),
          "sentiment", Duration.ofSeconds(3600),
          "key_points", Duration.ofSeconds(5400),
          "questions", Duration.ofSeconds(4800),
          "qa", Duration.ofSeconds(3600)),
      Duration.ofHours(1),
      true,
      100_000,
      Optional.empty());

  /**
   * Checks every value.
   *
   * @throws CacheException naming every value out of range
   */
  public AiConfig {
    Objects.requireNonNull(hashAlgorithm, "hashAlgorithm");
    Objects.requireNonNull(textSizeTiers, "textSizeTiers");
    Objects.requireNonNull(operationTtls, "operationTtls");
    Objects.requireNonNull(defaultTtl, "defaultTtl");
    Objects.requireNonNull(keyHmacSecret, "keyHmacSecret");
    operationTtls = Map.copyOf(operationTtls);
    List<String> faults = new ArrayList<>();
    range(faults, "text_hash_threshold", textHashThreshold, 0, LARGEST_THRESHOLD);
    range(faults, "max_text_length", maxTextLength, 1, LONGEST_TEXT);
    if (!hashAlgorithm.equals("sha256") && !hashAlgorithm.equals("sha512")) {
      faults.add("hash_algorithm was '" + hashAlgorithm + "' but it must be sha256 or sha512");
    }
    if (textSizeTiers.small() < 1
        || textSizeTiers.small() >= textSizeTiers.medium()
        || textSizeTiers.medium() >= textSizeTiers.large()) {
      faults.add("text_size_tiers were " + textSizeTiers.small() + ", " + textSizeTiers.medium()
          + ", " + textSizeTiers.large() + " but they must be positive, small < medium < large");
    }
    operationTtls.forEach(
        (name, ttl) -> ttl(faults, "operation_ttls." + name, ttl, Duration.ofSeconds(1)));
    ttl(faults, "default_ttl", defaultTtl, Duration.ZERO);
    if (keyHmacSecret.filter(String::isEmpty).isPresent()) {
      faults.add("key_hmac_secret was empty but it must have at least one character");
    }
    if (!faults.isEmpty()) {
      throw new CacheException("the AI cache's settings: " + String.join("; ", faults));
    }
  }

  private static void range(List<String> faults, String name, int value, int least, int most) {
    if (value < least || value > most) {
      faults.add(name + " was " + value + " but it must be " + least + ".." + most);
    }
  }

  private static void ttl(List<String> faults, String name, Duration ttl, Duration least) {
    if (ttl.compareTo(least) < 0 || ttl.compareTo(LONGEST_TTL) > 0) {
      faults.add(name + " was " + ttl + " but it must be " + least + " to " + LONGEST_TTL);
    }
  }

  /** The defaults: those of a preset without AI settings of its own, with the cache switched on. */
  public static AiConfig defaults() {
    return DEFAULTS;
  }

  /** The tier of a text of that many code points; a text of exactly a boundary is above it. */
  public TextTier tierOf(int codePoints) {
    return textSizeTiers.tierOf(codePoints);
  }

  /** The operation's time to live, if it has one of its own. */
  public Optional<Duration> ttlOf(String operation) {
    return Optional.ofNullable(operationTtls.get(Objects.requireNonNull(operation, "operation")));
  }

  /** These settings, switched on or off. */
  public AiConfig withEnabled(boolean value) {
    return new AiConfig(
        value,
        textHashThreshold,
        hashAlgorithm,
        textSizeTiers,
        operationTtls,
        defaultTtl,
        smartPromotion,
        maxTextLength,
        keyHmacSecret);
  }

  /** These settings with that threshold, in code points; 0 hashes every text. */
  public AiConfig withTextHashThreshold(int codePoints) {
    return new AiConfig(
        enabled,
        codePoints,
        hashAlgorithm,
        textSizeTiers,
        operationTtls,
        defaultTtl,
        smartPromotion,
        maxTextLength,
        keyHmacSecret);
  }

  /** These settings with {@code sha256} or {@code sha512}. */
  public AiConfig withHashAlgorithm(String name) {
    return new AiConfig(
        enabled,
        textHashThreshold,
        name,
        textSizeTiers,
        operationTtls,
        defaultTtl,
        smartPromotion,
        maxTextLength,
        keyHmacSecret);
  }

  /** These settings with those boundaries between sizes of text, in code points. */
  public AiConfig withTextSizeTiers(int small, int medium, int large) {
    return new AiConfig(
        enabled,
        textHashThreshold,
        hashAlgorithm,
        new TextTiers(small, medium, large),
        operationTtls,
        defaultTtl,
        smartPromotion,
        maxTextLength,
        keyHmacSecret);
  }

  /** These settings with a time to live for one operation. */
  public AiConfig withOperationTtl(String operation, Duration ttl) {
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(ttl, "ttl");
    Map<String, Duration> ttls = new HashMap<>(operationTtls);
    ttls.put(operation, ttl);
    return new AiConfig(
        enabled,
        textHashThreshold,
        hashAlgorithm,
        textSizeTiers,
        ttls,
        defaultTtl,
        smartPromotion,
        maxTextLength,
        keyHmacSecret);
  }

  /** These settings with a time to live for operations that have none of their own. */
  public AiConfig withDefaultTtl(Duration ttl) {
    return new AiConfig(
        enabled,
        textHashThreshold,
        hashAlgorithm,
        textSizeTiers,
        operationTtls,
        ttl,
        smartPromotion,
        maxTextLength,
        keyHmacSecret);
  }

  /** These settings with smart promotion on or off. */
  public AiConfig withSmartPromotion(boolean value) {
    return new AiConfig(
        enabled,
        textHashThreshold,
        hashAlgorithm,
        textSizeTiers,
        operationTtls,
        defaultTtl,
        value,
        maxTextLength,
        keyHmacSecret);
  }

  /** These settings with that longest text, in code points. */
  public AiConfig withMaxTextLength(int codePoints) {
    return new AiConfig(
        enabled,
        textHashThreshold,
        hashAlgorithm,
        textSizeTiers,
        operationTtls,
        defaultTtl,
        smartPromotion,
        codePoints,
        keyHmacSecret);
  }

  /** These settings with a secret; all processes that share answers need the same. */
  public AiConfig withKeyHmacSecret(String secret) {
    return new AiConfig(
        enabled,
        textHashThreshold,
        hashAlgorithm,
        textSizeTiers,
        operationTtls,
        defaultTtl,
        smartPromotion,
        maxTextLength,
        Optional.of(Objects.requireNonNull(secret, "secret")));
  }

  @Override
  public String toString() {
    return "AiConfig[enabled=" + enabled + ", textHashThreshold=" + textHashThreshold
        + ", hashAlgorithm=" + hashAlgorithm + ", textSizeTiers=" + textSizeTiers
        + ", operationTtls=" + operationTtls + ", defaultTtl=" + defaultTtl + ", smartPromotion="
        + smartPromotion + ", maxTextLength=" + maxTextLength + ", keyHmacSecret="
        + keyHmacSecret.map(secret -> "***") + "]";
  }
}
