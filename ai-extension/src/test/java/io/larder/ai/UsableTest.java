package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.ai.AiResult.Source;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A stored answer that its reader cannot use counts as none and is replaced. */
final class UsableTest {

  @ParameterizedTest
  @EnumSource
  void whatCannotBeUsedIsReplaced(Way way) throws Exception {
    AiRequest request = AiRequest.of("qa", "why?");
    AiRequest choosy = request.usableIf(stored -> !stored.equals("old"));
    try (AiCaches caches = AiCaches.in(Place.HEAP, null)) {
      AiCache cache = caches.cache();
      assertThat(way.ask(cache, request, () -> AiAnswer.of("old")).value()).isEqualTo("old");
      assertThat(cache.get(choosy)).isEmpty();
      AiResult<String> fresh = way.ask(cache, choosy, () -> AiAnswer.of("new"));
      assertThat(fresh.value()).isEqualTo("new");
      assertThat(fresh.source()).isEqualTo(Source.MODEL);
      AiResult<String> again = way.ask(cache, choosy, () -> AiAnswer.of("newer"));
      assertThat(again.value()).isEqualTo("new");
      assertThat(again.source()).isEqualTo(Source.CACHE);
      assertThat(cache.get(request).orElseThrow().value()).isEqualTo("new");
      assertThat(cache.get(request.usableIf(stored -> {
            throw new IllegalStateException("a test that fails");
          })))
          .isEmpty();
    }
  }
}
