package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.store.model.Counterexamples;
import io.larder.store.model.NearModel;
import io.larder.store.model.Rule;
import io.larder.store.model.Rules;
import io.larder.store.model.Search;
import io.larder.store.model.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The near tier's own classes do what the model does, step by step, in the same random runs. */
final class LockStepTest {

  private static final int RUNS = 30_000;

  @Test
  void theNearTierAgreesWithTheModelOnWhatMayBeRead() {
    long first = Long.getLong("larder.model.seed", 1) * RUNS;
    int[] hits = new int[1];
    for (long seed = first; seed < first + RUNS; seed++) {
      World world = new World(Rules.all(), 2, () -> new Both(hits));
      try {
        assertThat(Search.run(world, seed, 60).violation()).as("seed %d", seed).isNull();
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(hits[0]).isGreaterThan(RUNS);
  }

  @ParameterizedTest
  @EnumSource
  void soItDoesInTheScheduleThatNeedsTheRule(Rule rule) {
    World world = new World(Rules.all(), 2, () -> new Both(new int[1]));
    Counterexamples.all().get(rule).forEach(world::take);
    assertThat(world.violation()).isNull();
  }

  /** The model and the near tier's classes, told the same. */
  private static final class Both extends NearModel implements NearProof.Buckets {

    private static final long TICK_MILLIS = 1000;

    private final int[] hits;
    private final ManualClock clock = new ManualClock();
    private final long begun = clock.nanos();
    private final ConcurrentHashMap<Integer, NearEntry<Integer>> entries =
        new ConcurrentHashMap<>();
    private final NearBucket<Integer, Integer> bucket = new NearBucket<>(entries);
    private final NearProof proof = new NearProof(this, clock, LIFETIME * TICK_MILLIS * 1_000_000);
    private final Map<Integer, Long> rounds = new HashMap<>();
    private Message applying;
    private int now;

    Both(int[] hits) {
      super(Rules.all());
      this.hits = hits;
    }

    @Override
    public int hit(int key, int tick) {
      pass(tick);
      int expected = super.hit(key, tick);
      if (applying == null) {
        NearEntry<Integer> entry = entries.get(key);
        boolean readable =
            entry != null && proof.holds(clock.nanos()) && entry.readable(clock.nanos());
        assertThat(readable ? entry.stored.value() : 0)
            .as("key %d in %s", key, this)
            .isEqualTo(expected);
        hits[0] += readable ? 1 : 0;
      }
      return expected;
    }

    private void pass(int tick) {
      clock.passMillis((tick - now) * TICK_MILLIS);
      now = tick;
    }

    @Override
    public void replied(int key, int sequence, int value, int deadline) {
      super.replied(key, sequence, value, deadline);
      bucket.replied(key, sequence, candidate(sequence, value, deadline));
    }

    @Override
    public void put(int key, int sequence, int value, int deadline) {
      super.put(key, sequence, value, deadline);
      bucket.wrote(key, sequence, candidate(sequence, value, deadline));
    }

    private NearCandidate<Integer> candidate(int sequence, int value, int deadline) {
      if (value == 0) {
        return null;
      }
      long nanos = deadline == Integer.MAX_VALUE
          ? begun + Long.MAX_VALUE / 2
          : begun + deadline * TICK_MILLIS * 1_000_000;
      return new NearCandidate<>(
          new SharedStored<>(value, 1, sequence, sequence, 0, false, true, true), nanos);
    }

    @Override
    public void removed(int key, int sequence) {
      super.removed(key, sequence);
      bucket.wrote(key, sequence, null);
    }

    @Override
    public void refused(int key, int sequence) {
      super.refused(key, sequence);
      bucket.wrote(key, sequence, null);
    }

    @Override
    public void unknown(int key) {
      super.unknown(key);
      bucket.unknown(key);
    }

    @Override
    public void cleared(int sequence) {
      super.cleared(sequence);
      bucket.cleared(sequence);
    }

    @Override
    public boolean apply(Message message) {
      boolean more = super.apply(message);
      if (more) {
        applying = message;
      } else {
        assertThat(tell(message)).isTrue();
      }
      return more;
    }

    @Override
    public void finish() {
      super.finish();
      tell(applying);
      applying = null;
    }

    private boolean tell(Message message) {
      List<Integer> keys = null;
      if (!message.clears()) {
        keys = new ArrayList<>();
        for (int key = 0; key < 2; key++) {
          if (message.names(key)) {
            keys.add(key);
          }
        }
      }
      return bucket.changed(message.previous(), message.sequence(), keys);
    }

    @Override
    public void lost() {
      super.lost();
      bucket.lost();
    }

    @Override
    public int send(int tick) {
      pass(tick);
      int round = super.send(tick);
      long number = proof.begin();
      assertThat(number).isNotEqualTo(NearProof.NONE);
      rounds.put(round, number);
      return round;
    }

    @Override
    public boolean answered(int round, int sequence, int tick) {
      pass(tick);
      boolean taken = super.answered(round, sequence, tick);
      assertThat(proof.accept(rounds.get(round), new long[] {sequence})).isEqualTo(taken);
      return taken;
    }

    @Override
    public void up() {
      super.up();
      proof.up();
    }

    @Override
    public void down() {
      super.down();
      proof.down();
    }

    @Override
    public void note() {
      bucket.note();
    }

    @Override
    public void compare(long[] heads) {
      bucket.compared(heads[0]);
    }

    @Override
    public void forget() {
      throw new AssertionError("no clock jumps here");
    }
  }
}
