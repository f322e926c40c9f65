package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.ai.Leases.Held;
import io.larder.ai.Turns.Turn;
import io.larder.ai.key.KeyScheme;
import io.larder.ai.platform.Platform;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.CacheManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A moment in which Redis did not answer makes nobody ask the model again. */
final class HiccupTest {

  private static final Duration LONG = Duration.ofMinutes(5);

  private final Hiccups hiccups = new Hiccups();
  private final AiCaches heap = AiCaches.in(Place.HEAP, null);
  private final Background background = new Background("hiccups");
  private final AiRequest request = AiRequest.of("qa", "why?");
  private Caches caches;
  private Answers answers;
  private Query<String> query;
  private Cache<String, StoredAnswer> stored;

  @BeforeEach
  void makeCaches() {
    CacheManager manager = hiccups.manager(heap.manager());
    Platform platform = hiccups.platform(Platform.of(heap.manager()));
    caches = new Caches(
        manager,
        new Settling(platform, Duration.ofSeconds(30)),
        platform.config(),
        new Troubles(),
        operation -> {});
    answers = new Answers(
        caches, new KeyScheme(platform.config()), InstantSource.system(), answer -> true);
    query = answers.query(request, String.class);
    stored = query.operation().cache().get();
    answers.put(query, AiAnswer.of("because"));
  }

  @AfterEach
  void close() throws Exception {
    background.close();
    heap.close();
  }

  @Test
  void aTagThatMayNotHaveBeenAskedForGetsNoOtherGeneration() {
    Map<String, String> before = caches.tags().generations(Set.of("model:m"));
    hiccups.calls().clear();
    hiccups.come(Caches.TAGS, "", 3);
    assertThat(caches.tags().generations(Set.of("model:m"))).isEqualTo(before);
    assertThat(hiccups.calls()).doesNotContain("putIfAbsent", "put");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 7})
  void whoHasTheLeaseLooksAgainForWhatMayNotHaveBeenAskedFor(int count) {
    Turns turns = new Turns(answers, leases(), background, LONG);
    hiccups.come("ai.qa", "get", count);
    try (Turn turn = turns.await(query)) {
      assertThat(turn.found()).isNotNull();
    }
  }

  @Test
  void aLeaseThatMayNotHaveBeenTakenIsNotHeld() {
    hiccups.come(Caches.LEASES, "putIfAbsent", 1);
    assertThat(leases().take("k", System.nanoTime())).isInstanceOf(Held.class);
    assertThat(leases().take("k", System.nanoTime())).isInstanceOf(Leases.Lease.class);
  }

  @Test
  void anAnswerThatMayNotBeStoredIsStoredOnceMore() {
    stored.remove(query.key());
    hiccups.come("ai.qa", "invoke", 2);
    answers.put(query, AiAnswer.of("because"));
    assertThat(stored.get(query.key()).answer()).isEqualTo("because");
  }

  private Leases leases() {
    return new Leases(caches, background, Duration.ofSeconds(10), LONG);
  }
}
