package io.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Holds each run of the TCK to its full count: a test class that no longer matches a pattern, or a
 * test that the TCK newly excludes, would otherwise look like success.
 */
final class TckResultsIT {

  /** Without store-by-reference, which a cache shared through Redis can't have, it excludes 13. */
  @ParameterizedTest
  @CsvSource({"heap, 1", "redis, 13", "near, 13", "cluster, 13"})
  void all481TestsRan(String mode, int excluded) throws IOException {
    TckResults results = TckResults.in(Path.of(System.getProperty("tck.reports"), mode));

    System.out.printf(
        "JSR-107 TCK 1.1.1, %s: %d tests run, %d failures, %d errors, %d skipped;"
            + " %d of the tests run excluded by the TCK itself%n",
        mode,
        results.tests(),
        results.failures(),
        results.errors(),
        results.skipped(),
        results.excluded());
    assertThat(results).isEqualTo(new TckResults(481, 0, 0, 0, excluded));
  }
}
