package io.larder.benchmarks;

/** Where the Redis is that benchmarks use; the report tells it to the processes it starts. */
final class RedisAddress {

  /**
   * The system property that holds a {@code redis://} URL; names with {@code larder.} are settings.
   */
  static final String PROPERTY = "benchmarks.redis";

  private RedisAddress() {}

  static String given() {
    String url = System.getProperty(PROPERTY);
    if (url == null) {
      throw new IllegalStateException("the system property " + PROPERTY
          + " is not set; it must be the URL of a Redis, such as" + " redis://127.0.0.1:6379");
    }
    return url;
  }
}
