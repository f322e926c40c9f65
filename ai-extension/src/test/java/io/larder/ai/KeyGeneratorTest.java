package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.ai.annotation.AiOption;
import io.larder.ai.annotation.AiTenant;
import io.larder.ai.annotation.AiText;
import io.larder.ai.config.AiConfig;
import io.larder.ai.intercept.AiCacheKeyGenerator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import javax.cache.annotation.CacheInvocationParameter;
import javax.cache.annotation.CacheKeyInvocationContext;
import javax.cache.annotation.CacheResult;
import javax.cache.annotation.GeneratedCacheKey;
import org.junit.jupiter.api.Test;

/** Keys for JCache's own annotations. */
final class KeyGeneratorTest {

  interface Service {
    @CacheResult(cacheName = "ai.qa", cacheKeyGenerator = AiCacheKeyGenerator.class)
    String ask(@AiOption("q") String question, @AiText String text, @AiTenant String tenant);

    @CacheResult(cacheName = "ai.summarize", cacheKeyGenerator = AiCacheKeyGenerator.class)
    String summarize(String text);

    @CacheResult(cacheName = "ai.two", cacheKeyGenerator = AiCacheKeyGenerator.class)
    String two(String text, int size);

    @CacheResult(cacheName = "plain", cacheKeyGenerator = AiCacheKeyGenerator.class)
    String positions(@AiText String text, int size, int count);
  }

  private record Argument(Class<?> type, Object value, Set<Annotation> marks, int position)
      implements CacheInvocationParameter {
    @Override
    public Class<?> getRawType() {
      return type;
    }

    @Override
    public Object getValue() {
      return value;
    }

    @Override
    public Set<Annotation> getAnnotations() {
      return marks;
    }

    @Override
    public int getParameterPosition() {
      return position;
    }
  }

  /** A call, as a caching framework describes it. */
  @SuppressWarnings("unchecked")
  private static CacheKeyInvocationContext<CacheResult> call(String name, Object... values) {
    Method method = Arrays.stream(Service.class.getMethods())
        .filter(one -> one.getName().equals(name))
        .findFirst()
        .orElseThrow();
    CacheInvocationParameter[] parameters = IntStream.range(0, values.length)
        .mapToObj(i -> new Argument(
            method.getParameterTypes()[i],
            values[i],
            Set.of(method.getParameterAnnotations()[i]),
            i))
        .toArray(CacheInvocationParameter[]::new);
    return (CacheKeyInvocationContext<CacheResult>) Proxy.newProxyInstance(
        Service.class.getClassLoader(),
        new Class<?>[] {CacheKeyInvocationContext.class},
        (proxy, called, arguments) -> switch (called.getName()) {
          case "getKeyParameters" -> parameters;
          case "getCacheName" -> method.getAnnotation(CacheResult.class).cacheName();
          case "getMethod" -> method;
          default -> throw new UnsupportedOperationException(called.getName());
        });
  }

  private static GeneratedCacheKey key(String name, Object... values) {
    return new AiCacheKeyGenerator().generateCacheKey(call(name, values));
  }

  @Test
  void areThoseOfTheSameRequestWithItsTextHashed() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, null)) {
      AiCache cache =
          caches.cache(builder -> builder.config(AiConfig.defaults().withTextHashThreshold(0)));
      assertThat(key("ask", "why?", "text", "acme"))
          .hasToString(cache.keyOf(AiRequest.builder("qa")
              .text("text")
              .option("q", "why?")
              .tenant("acme")
              .build()));
      assertThat(key("summarize", "text"))
          .hasToString(cache.keyOf(AiRequest.of("summarize", "text")));
      assertThat(key("summarize", "text").toString()).startsWith("op:summarize|txt:hash:");
      assertThat(key("positions", "text", 1, 2))
          .hasToString(cache.keyOf(AiRequest.builder("plain")
              .text("text")
              .option("#1", 1)
              .option("#2", 2)
              .build()));
    }
  }

  @Test
  void differWithEachPartAndSecret() {
    List<GeneratedCacheKey> keys = List.of(
        key("ask", "q", "t", "a"),
        key("ask", "q2", "t", "a"),
        key("ask", "q", "t2", "a"),
        key("ask", "q", "t", "a2"),
        key("ask", "q", "t", null),
        key("summarize", "t"),
        new AiCacheKeyGenerator(AiConfig.defaults().withKeyHmacSecret("pepper"))
            .generateCacheKey(call("summarize", "t")));
    assertThat(keys).doesNotHaveDuplicates();
    assertThat(key("ask", "q", "t", "a")).isEqualTo(keys.get(0)).hasSameHashCodeAs(keys.get(0));
  }

  @Test
  void surviveSerialization() throws Exception {
    GeneratedCacheKey key = key("summarize", "t");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(key);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(key);
    }
  }

  @Test
  void sayWhatIsMissing() {
    assertThatThrownBy(() -> key("two", "t", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Service.two(")
        .hasMessageContaining("a key parameter must have @AiText");
    assertThatThrownBy(() -> key("ask", "q", null, "a")).hasMessageContaining("must not be null");
    assertThatThrownBy(() -> key("positions", "t", new Object(), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("option #1");
  }
}
