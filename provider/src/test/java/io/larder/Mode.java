package io.larder;

/** Where a cache of a test lives. */
enum Mode {
  HEAP,
  HEAP_BY_REFERENCE,
  REDIS,
  NEAR;

  boolean isShared() {
    return this == REDIS || this == NEAR;
  }

  boolean isByValue() {
    return this != HEAP_BY_REFERENCE;
  }
}
