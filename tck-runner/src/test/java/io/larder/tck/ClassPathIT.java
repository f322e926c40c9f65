package io.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.cache.Caching;
import javax.cache.spi.CachingProvider;
import org.junit.jupiter.api.Test;

/** What the TCK runs against: the jar that is published, and no Redisson but the embedded one. */
final class ClassPathIT {

  @Test
  void theProviderIsLardersFromTheBuiltJar() {
    CachingProvider provider = Caching.getCachingProvider();

    assertThat(provider.getClass().getName()).isEqualTo("io.larder.LarderCachingProvider");
    assertThat(jarOf(provider.getClass())).isRegularFile();
  }

  @Test
  void theOriginalRedissonIsAbsent() {
    assertThatThrownBy(() -> Class.forName("org.redisson.Redisson"))
        .isInstanceOf(ClassNotFoundException.class);
  }

  @Test
  void oneProviderIsRegistered() throws IOException {
    List<URL> registrations = Collections.list(getClass()
        .getClassLoader()
        .getResources("META-INF/services/javax.cache.spi.CachingProvider"));

    assertThat(registrations).hasSize(1);
  }

  @Test
  void theJarHoldsLarderTheEmbeddedRedissonAndTheLicences() throws IOException {
    Path jar = jarOf(Caching.getCachingProvider().getClass());
    try (JarFile file = new JarFile(jar.toFile());
        Stream<JarEntry> entries = file.stream()) {
      List<String> names =
          entries.filter(entry -> !entry.isDirectory()).map(JarEntry::getName).toList();

      assertThat(names)
          .allMatch(name -> name.startsWith("io/larder/") || name.startsWith("META-INF/"));
      assertThat(names).contains("io/larder/shaded/redisson/Redisson.class");
      assertThat(names.stream().filter(name -> name.startsWith("META-INF/")))
          .containsExactlyInAnyOrder(
              "META-INF/MANIFEST.MF",
              "META-INF/LICENSE",
              "META-INF/NOTICE",
              "META-INF/redisson-LICENSE.txt",
              "META-INF/redisson-NOTICE",
              "META-INF/services/javax.cache.spi.CachingProvider",
              "META-INF/maven/io.larder/larder-provider/pom.xml",
              "META-INF/maven/io.larder/larder-provider/pom.properties");
    }
  }

  private static Path jarOf(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
  }
}
