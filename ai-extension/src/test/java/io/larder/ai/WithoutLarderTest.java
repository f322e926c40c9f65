package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.stream.Stream;
import javax.cache.Cache;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** The answer cache works where Larder's provider and Micrometer are not on the class path. */
final class WithoutLarderTest {

  /** Runs in a class loader of its own. */
  public static final class Work implements java.util.concurrent.Callable<List<String>> {

    @Override
    public List<String> call() {
      var provider = new com.github.benmanes.caffeine.jcache.spi.CaffeineCachingProvider();
      try (AiCache cache = AiCache.on(provider.getCacheManager())) {
        AiRequest request = AiRequest.of("qa", "why?");
        return Stream.of("a", "b")
            .map(
                answer -> cache.getOrCompute(request, () -> AiAnswer.of(answer)).value())
            .toList();
      } finally {
        provider.close();
      }
    }
  }

  @Test
  @SuppressWarnings("unchecked")
  void runsOnAnotherProviderAlone() throws Exception {
    List<URL> path = new java.util.ArrayList<>();
    for (Class<?> type : List.of(
        AiCache.class,
        Work.class,
        Cache.class,
        Logger.class,
        NullMarked.class,
        com.github.benmanes.caffeine.cache.Caffeine.class,
        com.github.benmanes.caffeine.jcache.spi.CaffeineCachingProvider.class,
        com.typesafe.config.Config.class,
        jakarta.inject.Inject.class)) {
      path.add(type.getProtectionDomain().getCodeSource().getLocation());
    }
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader alone =
        new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Thread.currentThread().setContextClassLoader(alone);
      assertThatThrownBy(() -> alone.loadClass("io.larder.LarderCacheManager"))
          .isInstanceOf(ClassNotFoundException.class);
      var work = (java.util.concurrent.Callable<List<String>>)
          alone.loadClass(Work.class.getName()).getConstructor().newInstance();
      assertThat(work.call()).containsExactly("a", "a");
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }
}
