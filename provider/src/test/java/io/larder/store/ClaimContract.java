package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.expiry.Ttl;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The part of {@link StoreContract} about claims, what entries have left, patterns and counting.
 */
abstract class ClaimContract {

  private static final long LONG = 600_000;
  private static final String ONE = "1".repeat(32);
  private static final String TWO = "2".repeat(32);

  private final Budget budget = Budget.each(TimeUnit.SECONDS.toNanos(5));

  /** The store under test. */
  abstract Store<String, String> store();

  /** A change of the key by somebody else than the claimant. */
  enum Interference {
    PUT,
    REMOVE,
    REMOVE_ABSENT,
    PUT_IF_ABSENT,
    BULK,
    CLEAR,
    PUT_OVER_AT_ONCE;

    void on(Store<String, String> store, Budget budget) {
      switch (this) {
        case PUT -> store.write(Change.put("k", "other", LONG, LONG), budget);
        case REMOVE -> store.write(Change.remove("k"), budget);
        case REMOVE_ABSENT ->
          store.write(Change.remove("k", store.get("k", Ttl.KEEP, budget)), budget);
        case PUT_IF_ABSENT ->
          store.write(new Change<>("k", "other", LONG, LONG, Condition.IF_ABSENT, null), budget);
        case BULK -> store.removeAll(List.of("a", "k", "b"), budget);
        case CLEAR -> store.clear(budget);
        case PUT_OVER_AT_ONCE -> store.write(Change.put("k", "other", 0, 0), budget);
      }
    }
  }

  @Test
  void claimedKeyIsAbsentAndStoredUnderTheClaim() {
    Claim<String> claim = claimed("k", ONE);
    assertThat(claim.value()).isNull();
    assertThat(claim.expired()).isFalse();
    assertThat(store().get("k", Ttl.KEEP, budget).value()).isNull();
    assertThat(store().getFresh("k", budget).value()).isNull();
    assertThat(store().containsKey("k", budget)).isFalse();
    assertThat(store().iterator().hasNext()).isFalse();
    assertThat(store().write(Change.remove("other"), budget)).isEqualTo(Outcome.NOTHING);

    assertThat(store().write(Change.claimed("k", claim, "v", LONG), budget))
        .isEqualTo(Outcome.CREATED);
    claim.close();
    claim.close();

    assertThat(store().get("k", Ttl.KEEP, budget).value()).isEqualTo("v");
    assertThat(store().getFresh("k", budget).value()).isEqualTo("v");
    assertThat(store().timeToLive(store().getFresh("k", budget))).isBetween(LONG - 60_000, LONG);
  }

  @Test
  void keyHasOneClaimAtATime() {
    Claim<String> claim = claimed("k", ONE);
    Stored<String> others = store().claim("k", TWO, budget);
    assertThat(others).isNotInstanceOf(Claim.class);
    assertThat(others.value()).isNull();
    assertThat(store().claim("k", ONE, budget)).isInstanceOf(Claim.class);

    claim.close();

    Stored<String> next = store().claim("k", TWO, budget);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!(next instanceof Claim) && System.nanoTime() - end < 0) {
      next = store().claim("k", TWO, budget);
    }
    assertThat(next).isInstanceOf(Claim.class);
    assertThat(store().write(Change.claimed("k", claim, "late", LONG), budget))
        .isEqualTo(Outcome.REFUSED);
    assertThat(store().write(Change.claimed("k", (Claim<String>) next, "v", LONG), budget))
        .isEqualTo(Outcome.CREATED);
  }

  @Test
  void liveEntryIsAnsweredNotClaimed() {
    store().write(Change.put("k", "v", LONG, LONG), budget);
    Stored<String> found = store().claim("k", ONE, budget);
    assertThat(found.value()).isEqualTo("v");
    assertThat(store().get("k", Ttl.KEEP, budget).sameVersion(found)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void changeOfTheKeyEndsItsClaim(Interference interference) {
    Claim<String> claim = claimed("k", ONE);
    interference.on(store(), budget);
    String there = store().getFresh("k", budget).value();

    assertThat(store().write(Change.claimed("k", claim, "late", LONG), budget))
        .isEqualTo(Outcome.REFUSED);
    claim.close();

    assertThat(store().getFresh("k", budget).value()).isEqualTo(there);
    assertThat(store().get("k", Ttl.KEEP, budget).value()).isEqualTo(there);
    if (there == null) {
      assertThat(store().claim("k", TWO, budget)).isInstanceOf(Claim.class);
    }
  }

  @Test
  void changesOfOtherKeysLeaveTheClaim() {
    Claim<String> claim = claimed("k", ONE);
    for (int i = 0; i < 300; i++) {
      store().write(Change.put("other" + i, "v", LONG, LONG), budget);
    }
    assertThat(store().write(Change.claimed("k", claim, "v", LONG), budget))
        .isEqualTo(Outcome.CREATED);
  }

  @Test
  void claimedKeyIsNothingToRemoveAndNothingToReplace() {
    Claim<String> claim = claimed("k", ONE);
    assertThat(
            store().write(new Change<>("k", "v", LONG, LONG, Condition.IF_PRESENT, null), budget))
        .isEqualTo(Outcome.REFUSED);
    assertThat(store().write(Change.remove("k"), budget)).isEqualTo(Outcome.NOTHING);
    assertThat(store().write(Change.claimed("k", claim, "late", LONG), budget))
        .isEqualTo(Outcome.REFUSED);
  }

  @Test
  void claimOfAnotherStoreIsRefused() {
    Claim<String> foreign = () -> {};
    claimed("k", ONE);
    assertThat(store().write(Change.claimed("k", foreign, "v", LONG), budget))
        .isEqualTo(Outcome.REFUSED);
    assertThat(store().write(Change.claimed("unclaimed", foreign, "v", LONG), budget))
        .isEqualTo(Outcome.REFUSED);
  }

  @Test
  void timeToLiveIsWhatIsLeft() {
    store().write(Change.put("some", "v", 100_000, 100_000), budget);
    store().write(Change.put("eternal", "v", Ttl.ETERNAL, Ttl.ETERNAL), budget);
    assertThat(left("some")).isBetween(40_000L, 100_000L);
    assertThat(left("eternal")).isEqualTo(Ttl.ETERNAL);
    assertThat(left("absent")).isEqualTo(Ttl.ZERO);
  }

  @Test
  void keysMatchingFindsTheWholeKey() {
    List.of("user:1", "user:22", "User:1", "xuser:1", "user:1x", "", "ü", "a*b", "user:[1]")
        .forEach(key -> store().write(Change.put(key, "v", LONG, LONG), budget));
    assertThat(matching("user:?")).containsExactlyInAnyOrder("user:1");
    assertThat(matching("user:*"))
        .containsExactlyInAnyOrder("user:1", "user:22", "user:1x", "user:[1]");
    assertThat(matching("[uU]ser:1")).containsExactlyInAnyOrder("user:1", "User:1");
    assertThat(matching("a\\*b")).containsExactly("a*b");
    assertThat(matching("a\\*")).isEmpty();
    assertThat(matching("user:\\[1\\]")).containsExactly("user:[1]");
    assertThat(matching("??")).containsExactly("ü");
    assertThat(matching("")).containsExactly("");
    assertThat(matching("*")).hasSize(9);
  }

  @Test
  void keysMatchingFindsClaimedKeysToo() {
    claimed("k", ONE);
    assertThat(matching("k*")).containsExactly("k");
    assertThat(matching("x*")).isEmpty();
  }

  @Test
  void clearAndCountTellsHowManyWent() {
    for (int i = 0; i < 150; i++) {
      store().write(Change.put("k" + i, "v", LONG, LONG), budget);
    }
    claimed("claimed", ONE);
    store().write(Change.remove("k0"), budget);

    assertThat(store().clearAndCount(budget)).isEqualTo(149);

    assertThat(store().iterator().hasNext()).isFalse();
    assertThat(store().get("k1", Ttl.KEEP, budget).value()).isNull();
    assertThat(store().clearAndCount(budget)).isZero();
  }

  private Claim<String> claimed(String key, String holder) {
    Stored<String> found = store().claim(key, holder, budget);
    assertThat(found).isInstanceOf(Claim.class);
    return (Claim<String>) found;
  }

  private long left(String key) {
    return store().timeToLive(store().getFresh(key, budget));
  }

  private List<String> matching(String glob) {
    List<String> keys = new ArrayList<>();
    store().keysMatching(new KeyGlob(glob)).forEachRemaining(keys::addAll);
    return keys;
  }
}
