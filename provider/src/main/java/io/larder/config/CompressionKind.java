package io.larder.config;

/** How values above the threshold are compressed (setting {@code compression}). */
public enum CompressionKind {
  ZSTD,
  DEFLATE,
  NONE
}
