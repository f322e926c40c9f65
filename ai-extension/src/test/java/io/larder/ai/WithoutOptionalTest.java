package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.ai.annotation.AiCacheResult;
import io.larder.ai.annotation.AiText;
import io.larder.ai.intercept.AiCaching;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import javax.cache.Cache;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** The core and the annotations by hand need no optional library on the class path. */
final class WithoutOptionalTest {

  private static final Set<String> CORE =
      Set.of("", "adapter", "annotation", "config", "intercept", "key", "platform", "stats");

  /** Asks. */
  public interface Asker {
    @AiCacheResult(operation = "qa")
    String ask(@AiText String text);
  }

  /** Runs in a class loader of its own. */
  public static final class Work implements Callable<List<String>>, Asker {

    private int calls;

    @Override
    public String ask(String text) {
      calls++;
      return text + calls;
    }

    @Override
    public List<String> call() {
      var provider = new com.github.benmanes.caffeine.jcache.spi.CaffeineCachingProvider();
      try (AiCache cache = AiCache.on(provider.getCacheManager())) {
        Asker asker = AiCaching.proxy(Asker.class, this, cache);
        return List.of(asker.ask("t"), asker.ask("t"));
      } finally {
        provider.close();
      }
    }
  }

  private static URLClassLoader alone() {
    List<URL> path = new ArrayList<>();
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
    return new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  @Test
  void everyCoreClassLinks() throws Exception {
    Path classes = Path.of(
        AiCache.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> names;
    try (Stream<Path> files = Files.walk(classes.resolve("io/larder/ai"))) {
      names = files
          .map(file -> classes.relativize(file).toString().replace('\\', '/'))
          .filter(name -> name.endsWith(".class") && !name.endsWith("package-info.class"))
          .filter(name -> CORE.contains(packageOf(name)))
          .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
          .toList();
    }
    assertThat(names)
        .contains("io.larder.ai.intercept.AiCaching", "io.larder.ai.adapter.RequestShape")
        .hasSizeGreaterThan(50);
    try (URLClassLoader alone = alone()) {
      for (String optional : List.of(
          "reactor.core.publisher.Mono",
          "dev.langchain4j.model.chat.ChatModel",
          "org.springframework.core.Ordered",
          "org.springframework.ai.chat.client.ChatClient",
          "tools.jackson.databind.json.JsonMapper")) {
        assertThatThrownBy(() -> alone.loadClass(optional))
            .isInstanceOf(ClassNotFoundException.class);
      }
      for (String name : names) {
        Class<?> type = Class.forName(name, true, alone);
        assertThat(type.getClassLoader()).isSameAs(alone);
        assertThat(type.getDeclaredMethods()).isNotNull();
        assertThat(type.getDeclaredFields()).isNotNull();
      }
    }
  }

  private static String packageOf(String file) {
    String inner = file.substring("io/larder/ai/".length());
    return inner.contains("/") ? inner.substring(0, inner.indexOf('/')) : "";
  }

  @Test
  @SuppressWarnings("unchecked")
  void annotationsWorkByHand() throws Exception {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader alone = alone()) {
      Thread.currentThread().setContextClassLoader(alone);
      var work = (Callable<List<String>>)
          alone.loadClass(Work.class.getName()).getConstructor().newInstance();
      assertThat(work.call()).containsExactly("t1", "t1");
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }
}
