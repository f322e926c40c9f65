package io.larder.stats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RatingTest {

  @ParameterizedTest
  @CsvSource({
    "1001, 0.81, EXCELLENT",
    "1000, 0.81, GOOD",
    "1001, 0.80, GOOD",
    "501, 0.71, GOOD",
    "500, 0.71, ACCEPTABLE",
    "501, 0.70, ACCEPTABLE",
    "101, 0.51, ACCEPTABLE",
    "100, 0.51, POOR",
    "101, 0.50, POOR",
    "1000000, 0, POOR",
    "0, 1, POOR"
  })
  void bothValuesMustBeExceeded(double operationsPerSecond, double hitRatio, Rating rating) {
    assertThat(Rating.of(operationsPerSecond, hitRatio)).isEqualTo(rating);
  }
}
