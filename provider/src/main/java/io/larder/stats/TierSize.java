package io.larder.stats;

import java.util.OptionalLong;

/**
 * How much a tier holds in this process.
 *
 * @param entries approximately; empty where counting would take a scan
 * @param bytes estimated; empty where it cannot be
 */
public record TierSize(OptionalLong entries, OptionalLong bytes) {

  /** Of a tier that is elsewhere. */
  public static final TierSize UNKNOWN = new TierSize(OptionalLong.empty(), OptionalLong.empty());

  /** Of a tier in this process. */
  public static TierSize of(long entries, long bytes) {
    return new TierSize(OptionalLong.of(entries), OptionalLong.of(bytes));
  }
}
