package io.larder.config;

import java.io.Serializable;

/**
 * One broken rule in a configuration.
 *
 * @param key the setting, in dotted form, or what stands for it (a file, the manager's URI)
 * @param value the value as given, secrets masked
 * @param rule what the value must be
 * @param source where the value came from
 */
public record Fault(String key, String value, String rule, String source) implements Serializable {

  @Override
  public String toString() {
    return key + " = " + value + ": " + rule + " [" + source + "]";
  }
}
