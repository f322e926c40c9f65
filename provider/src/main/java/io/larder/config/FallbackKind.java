package io.larder.config;

/** What answers while Redis is away (setting {@code fallback}). */
public enum FallbackKind {
  MEMORY,
  NONE,
  FAIL
}
