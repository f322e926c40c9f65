package io.larder.config;

import java.util.List;

/**
 * The outcome of reading all sources.
 *
 * @param settings what is in force
 * @param notices lines for the log: old variables, settings without effect
 * @param report warnings and recommendations about the values; its errors are empty
 */
public record Reading(Settings settings, List<Notice> notices, ValidationReport report) {

  public Reading {
    notices = List.copyOf(notices);
  }
}
