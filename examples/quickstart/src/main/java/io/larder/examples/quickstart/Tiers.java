package io.larder.examples.quickstart;

/** Names the tier of the cache that served an answer. */
final class Tiers {

  static final String COMPUTED = "computed";

  private final String mode;

  Tiers() {
    mode = isShared() ? "cache" : "heap";
  }

  /** Whether Redis is behind the cache. */
  static boolean isShared() {
    String url = System.getenv("CACHE_REDIS_URL");
    return url != null && !url.isBlank();
  }

  /** The tier that served the last read, which found something. */
  String lastHit() {
    return mode;
  }
}
