package io.larder.stats;

import java.time.Instant;
import java.util.List;

/**
 * What a look at one cache has found, with advice. Immutable.
 *
 * @param cache the cache's name
 * @param time when it was looked at
 * @param findings what was found, in the order in which it was looked at
 */
public record Diagnosis(String cache, Instant time, List<Finding> findings) {

  /** What a finding is about. */
  public enum Area {
    HIT_RATIO,
    CONNECTION,
    PERFORMANCE
  }

  /** How much a finding matters. */
  public enum Severity {
    OK,
    NOTICE,
    PROBLEM
  }

  /**
   * One fact.
   *
   * @param area what it is about
   * @param severity how much it matters
   * @param message the fact, without secrets or values
   * @param recommendation what to do about it; empty if there is nothing to do
   */
  public record Finding(Area area, Severity severity, String message, String recommendation) {}

  public Diagnosis {
    findings = List.copyOf(findings);
  }

  /** The findings that are problems. */
  public List<Finding> problems() {
    return findings.stream()
        .filter(found -> found.severity() == Severity.PROBLEM)
        .toList();
  }

  /** What to do, each once, problems first. */
  public List<String> recommendations() {
    return findings.stream()
        .filter(found -> !found.recommendation().isEmpty())
        .sorted((a, b) -> b.severity().compareTo(a.severity()))
        .map(Finding::recommendation)
        .distinct()
        .toList();
  }
}
