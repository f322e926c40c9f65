package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the context class loader of the asking thread is to factories for plain code. */
final class ContextLoaderTest {

  private static final LarderCaches HEAP = LarderCaches.testing().useMemoryCache();

  @TempDir
  Path directory;

  @AfterEach
  void close() {
    HEAP.manager().getCachingProvider().close();
  }

  private static <T> T within(ClassLoader context, Supplier<T> action) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(context);
    try {
      return action.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private URLClassLoader other() throws Exception {
    return new URLClassLoader(
        new URL[] {directory.toUri().toURL()}, LarderCaches.class.getClassLoader());
  }

  @Test
  void resolvesClassesUnlessAnotherIsSaid() throws Exception {
    ClassLoader own = LarderCaches.class.getClassLoader();
    try (URLClassLoader other = other()) {
      assertThat(within(other, HEAP::manager).getClassLoader()).isSameAs(other);
      assertThat(within(other, () -> LarderCaches.manager(HEAP.settings())).getClassLoader())
          .isSameAs(other);
      assertThat(within(null, HEAP::manager).getClassLoader()).isSameAs(own);
      assertThat(within(other, HEAP.classLoader(own)::manager).getClassLoader()).isSameAs(own);
    }
  }

  @Test
  void managersOfSeveralAreOfOneProviderAndApartInJmx() throws Exception {
    LarderCacheManager first = HEAP.manager();
    HEAP.cache("apart", String.class, String.class);
    try (URLClassLoader other = other()) {
      LarderCacheManager second = within(other, HEAP::manager);
      LarderCache<String, String> cache =
          within(other, () -> HEAP.cache("apart", String.class, String.class));

      assertThat(second).isNotSameAs(first);
      assertThat(cache.getCacheManager()).isSameAs(second);
      assertThat(second.getCachingProvider()).isSameAs(first.getCachingProvider());
      assertThat(second.getURI()).hasToString(first.getURI() + "-2");
      LarderCacheManager again = within(other, HEAP::manager);
      assertThat(again).isSameAs(second);
      assertThat(HEAP.manager()).isSameAs(first);
      assertThat(ManagementFactory.getPlatformMBeanServer()
              .queryNames(new ObjectName("io.larder:type=Cache,Cache=apart,*"), null))
          .hasSize(2);
    }
  }

  @Test
  void findsSettingsFilesOnTheClassPath() throws Exception {
    Files.writeString(directory.resolve("loader.json"), "{\"default_ttl\": 61}");
    Map<String, String> environment = Map.of("CACHE_CONFIG_FILE", "classpath:loader.json");

    assertThat(Child.run(Main.class, environment, directory.toString()).answers())
        .containsEntry("ttl", Duration.ofSeconds(61).toString());
  }

  /** An application whose class loader has a directory more. */
  static final class Main {

    private Main() {}

    public static void main(String[] arguments) throws Exception {
      URL[] urls = {Path.of(arguments[0]).toUri().toURL()};
      try (URLClassLoader loader = new URLClassLoader(urls, Main.class.getClassLoader())) {
        System.out.println("ttl="
            + within(loader, LarderCaches.from(Map.of())::settings)
                .settings()
                .cache("c")
                .defaultTtl());
      }
    }
  }
}
