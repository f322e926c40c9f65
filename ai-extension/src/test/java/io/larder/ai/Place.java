package io.larder.ai;

/** What an answer cache runs on in a test. */
enum Place {
  HEAP,
  REDIS,
  NEAR,
  CAFFEINE;

  boolean isShared() {
    return this == REDIS || this == NEAR;
  }
}
