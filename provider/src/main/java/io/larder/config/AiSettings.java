package io.larder.config;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The settings of the AI answer cache.
 *
 * @param enabled whether the AI cache is on; the other values are in force once it is
 * @param textHashThreshold code points of text that may stand readable in a key; 0 hashes all
 * @param hashAlgorithm {@code sha256} or {@code sha512}
 * @param operationTtls time to live by operation name; others have the default TTL
 * @param smartPromotion whether size and operation decide what enters the near tier
 * @param maxTextLength code points above which an answer is not cached
 * @param keyHmacSecret makes hashes in keys impossible to guess from a text
 */
public record AiSettings(
    boolean enabled,
    int textHashThreshold,
    String hashAlgorithm,
    TextSizeTiers textSizeTiers,
    Map<String, Duration> operationTtls,
    boolean smartPromotion,
    int maxTextLength,
    Optional<Secret> keyHmacSecret) {

  public AiSettings {
    operationTtls = Collections.unmodifiableMap(new TreeMap<>(operationTtls));
  }
}
