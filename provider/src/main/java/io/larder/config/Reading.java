package io.larder.config;

import java.util.List;

/**
 * The outcome of reading all sources.
 *
 * @param settings what is in force
 * @param notices lines for the log: old variables, settings without effect
 * @param report warnings and recommendations about the values; its errors are empty
 * @param startFloor floor under what is said once, when a manager starts: {@code log_level} if a
 *     source sets it, else no higher than INFO, whatever the preset's floor is
 */
public record Reading(
    Settings settings, List<Notice> notices, ValidationReport report, LogLevel startFloor) {

  public Reading {
    notices = List.copyOf(notices);
  }
}
