package io.larder.stats;

/** How well a cache does, by operations a second and hit ratio. */
public enum Rating {
  EXCELLENT(1000, 0.8),
  GOOD(500, 0.7),
  ACCEPTABLE(100, 0.5),
  POOR(Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY);

  private final double operationsPerSecond;
  private final double hitRatio;

  Rating(double operationsPerSecond, double hitRatio) {
    this.operationsPerSecond = operationsPerSecond;
    this.hitRatio = hitRatio;
  }

  /** The best rating of which both values are exceeded. */
  public static Rating of(double operationsPerSecond, double hitRatio) {
    for (Rating rating : values()) {
      if (operationsPerSecond > rating.operationsPerSecond && hitRatio > rating.hitRatio) {
        return rating;
      }
    }
    return POOR;
  }
}
