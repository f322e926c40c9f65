package io.larder.ai.intercept;

import io.larder.ai.AiRequest;
import io.larder.ai.config.AiConfig;
import io.larder.ai.key.KeyScheme;
import java.lang.annotation.Annotation;
import java.util.Objects;
import javax.cache.annotation.CacheInvocationParameter;
import javax.cache.annotation.CacheKeyGenerator;
import javax.cache.annotation.CacheKeyInvocationContext;
import javax.cache.annotation.GeneratedCacheKey;
import org.jspecify.annotations.Nullable;

/**
 * Keys for JCache's own annotations: {@code @CacheResult(cacheName = "ai.summarize",
 * cacheKeyGenerator = AiCacheKeyGenerator.class)}. The operation is the cache's name without
 * {@code ai.} before it; the text is the key parameter with {@code @AiText}, or the only one if it
 * is a string. It never stands readable in the key. Other key parameters say with an annotation
 * what they are; those without are options named by their position. Thread-safe.
 *
 * <p>Source: JSR-107, section 11.3 (cache keys).
 */
public final class AiCacheKeyGenerator implements CacheKeyGenerator {

  private static final String PREFIX = "ai.";

  private final KeyScheme scheme;

  /** Keys with the default settings. */
  public AiCacheKeyGenerator() {
    this(AiConfig.defaults());
  }

  /** Keys with the algorithm and the secret of those settings. */
  public AiCacheKeyGenerator(AiConfig config) {
    this.scheme = new KeyScheme(config.withTextHashThreshold(0));
  }

  /**
   * The key.
   *
   * @throws IllegalArgumentException if it cannot be told which parameter is the text, or an
   *     argument cannot be part of a key
   */
  @Override
  public GeneratedCacheKey generateCacheKey(
      CacheKeyInvocationContext<? extends Annotation> context) {
    String name = context.getCacheName();
    String where = context.getMethod() + ", cache " + name;
    AiRequest.Builder request =
        AiRequest.builder(name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name);
    CacheInvocationParameter[] parameters = context.getKeyParameters();
    boolean found = false;
    for (CacheInvocationParameter parameter : parameters) {
      Part part = part(parameter, parameters.length == 1);
      if (part == Part.TEXT && (found || parameter.getValue() == null)) {
        throw new IllegalArgumentException(
            where + ": there must be one text, and it must not be null");
      }
      found |= part == Part.TEXT;
      try {
        part.put(request, option(parameter), parameter.getValue());
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
      }
    }
    if (!found) {
      throw new IllegalArgumentException(where + ": a key parameter must have @AiText");
    }
    return new Key(request.build().key(scheme));
  }

  private static Part part(CacheInvocationParameter parameter, boolean only) {
    for (Annotation annotation : parameter.getAnnotations()) {
      Part part = Part.of(annotation);
      if (part != null) {
        return part;
      }
    }
    return only && parameter.getValue() instanceof CharSequence ? Part.TEXT : Part.OPTION;
  }

  private static String option(CacheInvocationParameter parameter) {
    for (Annotation annotation : parameter.getAnnotations()) {
      if (annotation instanceof io.larder.ai.annotation.AiOption option
          && !option.value().isEmpty()) {
        return option.value();
      }
    }
    return "#" + parameter.getParameterPosition();
  }

  /** The key, as a string. */
  private record Key(String key) implements GeneratedCacheKey {

    private Key {
      Objects.requireNonNull(key, "key");
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key that && key.equals(that.key);
    }

    @Override
    public int hashCode() {
      return key.hashCode();
    }

    @Override
    public String toString() {
      return key;
    }
  }
}
