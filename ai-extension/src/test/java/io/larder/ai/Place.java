package io.larder.ai;

/** What an answer cache runs on in a test. */
public enum Place {
  HEAP,
  REDIS,
  NEAR,
  CAFFEINE;

  public boolean isShared() {
    return this == REDIS || this == NEAR;
  }
}
