package io.larder.store.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.store.model.Search.Explored;
import io.larder.store.model.Search.Found;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The protocol keeps its promises, and needs each of its rules. */
final class ModelTest {

  private static final int RUNS = 60_000;
  private static final int STEPS = 60;

  @ParameterizedTest
  @EnumSource
  void withoutARuleAPromiseBreaks(Rule rule) {
    List<Step> schedule = Counterexamples.all().get(rule);
    World world = new World(Rules.without(rule), 2);
    for (Step step : schedule) {
      assertThat(world.violation()).as("before %s", step).isNull();
      assertThat(world.take(step)).as("%s is possible", step).isTrue();
    }
    assertThat(world.violation()).isNotNull();
    assertThat(Search.replay(Rules.all(), schedule)).as("with all rules").isNull();
  }

  /** Other schedules: {@code -Dlarder.model.seed=...}. */
  @Test
  void withAllRulesNoRandomRunBreaksAPromise() {
    long first = Long.getLong("larder.model.seed", 1) * RUNS;
    long steps = 0;
    for (long seed = first; seed < first + RUNS; seed++) {
      Found found = Search.run(Rules.all(), seed, STEPS);
      assertThat(found.violation()).as("seed %d: %s", seed, found.schedule()).isNull();
      steps += found.schedule().size();
    }
    assertThat(steps).isGreaterThan(1_000_000);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("programs")
  void withAllRulesNoOrderOfASmallProgramBreaksAPromise(
      String name, long leastStates, Map<Step, Integer> program) {
    Explored explored = Search.exhaust(() -> new World(Rules.all(), 2), beginning(), program);
    assertThat(explored.found().violation())
        .as("%s", explored.found().schedule())
        .isNull();
    assertThat(explored.states()).isGreaterThanOrEqualTo(leastStates);
  }

  static Stream<Arguments> programs() {
    return Stream.of(
        Arguments.of(
            "reads beside another's writes",
            1_500L,
            program(
                "READ 0 0 x2, PUT 1 0 x1, REMOVE 1 0 x1, PUT 1 1 x1, REPLY 0 0 x2, REPLY 0 1 x1,"
                    + " DELIVER 0 0 x3, DELIVER 0 1 x1, FINISH 0 0 x4")),
        Arguments.of(
            "own writes beside another's",
            15_000L,
            program(
                "PUT 0 0 x2, REMOVE 0 0 x1, READ 0 0 x1, PUT 1 0 x1, REPLY 0 0 x3, REPLY 0 1 x2,"
                    + " LOSE_REPLY 0 0 x1, DELIVER 0 0 x3, FINISH 0 0 x3")),
        Arguments.of(
            "lost messages and comparisons",
            10_000L,
            program(
                "READ 0 0 x1, PUT 1 0 x2, REPLY 0 0 x1, DELIVER 0 0 x2, DROP 0 0 x1, FINISH 0 0 x2,"
                    + " SEND 0 0 x2, COMPARE 0 0 x2, ANSWER 0 0 x2, TICK 0 0 x1")),
        Arguments.of(
            "failover and flush",
            10_000L,
            program(
                "LAG 0 0 x1, FAIL_OVER 0 0 x1, FLUSH 0 0 x1, PUT 0 0 x1, READ 0 0 x1, REPLY 0 0 x2,"
                    + " DELIVER 0 0 x1, FINISH 0 0 x1, SEND 0 0 x1, COMPARE 0 0 x1, ANSWER 0 0 x1,"
                    + " TICK 0 0 x1")),
        Arguments.of(
            "clear and reconnection",
            100_000L,
            program(
                "CLEAR 0 0 x1, CLEAR 1 0 x1, PUT 1 0 x1, READ 0 0 x1, REPLY 0 0 x2, DELIVER 0 0 x2,"
                    + " FINISH 0 0 x2, DOWN 0 0 x1, UP 0 0 x1, SEND 0 0 x1, COMPARE 0 0 x1,"
                    + " ANSWER 0 0 x1")));
  }

  private static List<Step> beginning() {
    return Step.parse(
        "UP 0 0, PUT 1 0, DELIVER 0 0, FINISH 0 0, SEND 0 0, COMPARE 0 0, ANSWER 0 0, READ 0 0,"
            + " REPLY 0 0");
  }

  private static Map<Step, Integer> program(String text) {
    Map<Step, Integer> program = new LinkedHashMap<>();
    for (String part : text.split(",")) {
      int times = part.lastIndexOf(" x");
      Step step = Step.parse(part.substring(0, times)).get(0);
      program.put(step, Integer.parseInt(part.substring(times + 2)));
    }
    return program;
  }
}
