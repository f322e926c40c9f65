package io.larder.config;

/**
 * A value that never shows in a message, a log line or a bean.
 *
 * @param reveal the secret itself
 */
public record Secret(String reveal) {

  /** The mask that stands for every secret. */
  public static final String MASK = "***";

  @Override
  public String toString() {
    return MASK;
  }
}
