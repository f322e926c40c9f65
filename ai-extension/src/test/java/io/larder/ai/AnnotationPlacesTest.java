package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.ai.annotation.AiCacheResult;
import io.larder.ai.annotation.AiText;
import io.larder.ai.intercept.AiCaching;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Where annotations can stand. */
final class AnnotationPlacesTest {

  private final AtomicInteger calls = new AtomicInteger();

  /** Generic, inherited, and annotated at different places. */
  interface Asker<T, A> {
    @AiCacheResult(operation = "asked")
    A ask(@AiText T text);
  }

  interface StringAsker extends Asker<String, Integer> {
    @Override
    Integer ask(String text);
  }

  private final class Length implements StringAsker {
    @Override
    public Integer ask(String text) {
      return calls.incrementAndGet();
    }
  }

  private final class Annotated implements Function<String, String> {
    @Override
    @AiCacheResult(operation = "applied")
    public String apply(@AiText String text) {
      return text + calls.incrementAndGet();
    }
  }

  @Test
  @SuppressWarnings("unchecked")
  void genericMethodsAndAnnotationsOnTheTarget() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, null)) {
      AiCache cache = caches.cache();
      StringAsker asker = AiCaching.proxy(StringAsker.class, new Length(), cache);
      Asker<String, Integer> wide = AiCaching.proxy(Asker.class, new Length(), cache);
      assertThat(asker.ask("t")).isEqualTo(1);
      assertThat(wide.ask("t")).isEqualTo(1);
      assertThat(((Asker<String, Integer>) asker).ask("t")).isEqualTo(1);
      Function<String, String> function = AiCaching.proxy(Function.class, new Annotated(), cache);
      assertThat(function.apply("f")).isEqualTo("f2");
      assertThat(function.apply("f")).isEqualTo("f2");
      assertThat(function.andThen(String::length).apply("f")).isEqualTo(2);
    }
  }
}
