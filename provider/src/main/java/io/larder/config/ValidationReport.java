package io.larder.config;

import java.util.List;

/**
 * What is to be said about a configuration.
 *
 * @param errors broken rules; with any, the configuration cannot be used
 * @param warnings values that are allowed and often regretted
 * @param recommendations values that are fine and could be better
 */
public record ValidationReport(
    List<Fault> errors, List<String> warnings, List<String> recommendations) {

  public ValidationReport {
    errors = List.copyOf(errors);
    warnings = List.copyOf(warnings);
    recommendations = List.copyOf(recommendations);
  }

  /** Whether the configuration can be used. */
  public boolean valid() {
    return errors.isEmpty();
  }
}
