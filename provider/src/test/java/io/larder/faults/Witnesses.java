package io.larder.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.history.Fleet;
import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Entries of a cache that no load touches, near in all processes: only a comparison can tell that
 * Redis has lost what was written to them last.
 */
final class Witnesses {

  private static final String CACHE = "witnesses";
  private static final int COUNT = 30;
  private static final String KEPT = "kept";
  private static final String LOST = "lost";

  private final Fleet fleet;

  Witnesses(Fleet fleet) {
    this.fleet = fleet;
    for (int process = 0; process < fleet.size(); process++) {
      fleet.process(process).ask("open " + CACHE);
    }
    write(KEPT);
  }

  /** Writes what is going to be lost. */
  void overwrite() {
    write(LOST);
  }

  private void write(String value) {
    keys().forEach(key -> await(() -> ask(0, "do " + CACHE + " PUT " + key + " " + value) != null));
    for (int process = 0; process < fleet.size(); process++) {
      int reader = process;
      for (String key : keys()) {
        await(() -> value.equals(ask(reader, "get " + CACHE + " " + key)));
        await(() -> "true".equals(ask(reader, "readable " + CACHE + " " + key)));
      }
    }
  }

  /** Those which that master has. */
  Set<String> on(RedisServer master) {
    return ((List<?>) master.command("KEYS", "larder:{*:" + CACHE + ":??}:*"))
        .stream()
            .map(RespConnection::text)
            .flatMap(name -> keys().stream().filter(name::endsWith))
            .collect(Collectors.toSet());
  }

  /** All processes answer what Redis has: of these keys what it had before. */
  void assertLost(Set<String> lost) {
    assertThat(lost).as("what witnesses the loss").isNotEmpty();
    for (int process = 0; process < fleet.size(); process++) {
      int reader = process;
      for (String key : keys()) {
        String[] found = {null};
        await(() -> (found[0] = ask(reader, "get " + CACHE + " " + key)) != null);
        assertThat(found[0])
            .as("process " + process + ", " + key)
            .isEqualTo(lost.contains(key) ? KEPT : LOST);
      }
    }
  }

  /** Null if it failed: a busy machine may have found Redis too slow. */
  private String ask(int process, String command) {
    try {
      return fleet.process(process).ask(command);
    } catch (IllegalStateException e) {
      return null;
    }
  }

  private static void await(BooleanSupplier condition) {
    Redises.await(condition, 1);
  }

  /** None ends as another does. */
  private static List<String> keys() {
    return IntStream.range(0, COUNT).mapToObj(number -> "w" + number + ".").toList();
  }
}
