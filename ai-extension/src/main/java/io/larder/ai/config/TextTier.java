package io.larder.ai.config;

/** The size of a request's text; the boundaries are settings ({@link AiConfig#tierOf}). */
public enum TextTier {
  SMALL,
  MEDIUM,
  LARGE,
  XLARGE
}
