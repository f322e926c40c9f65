package io.larder.config;

/** How values are written as bytes (setting {@code codec}). */
public enum CodecKind {
  KRYO,
  JSON,
  STRING,
  BYTES
}
