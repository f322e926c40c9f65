package io.larder.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where settings files are found, and what their text may be. */
class SettingsFileTest {

  private static final String JSON = "{\"namespace\": \"from-file\"}";

  @TempDir
  Path directory;

  private static Settings read(URI uri, ClassLoader loader) {
    return new SettingsReader().read(new SettingsSources(Map.of(), Map.of(), uri, null, loader));
  }

  private Path jar() throws IOException {
    Path jar = directory.resolve("app.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("conf/caches.json"));
      out.write(JSON.getBytes(StandardCharsets.UTF_8));
    }
    return jar;
  }

  @Test
  void fileUri() {
    URI uri = Sources.write(directory, "with space.json", JSON).toUri();

    assertThat(read(uri, getClass().getClassLoader()).namespace()).isEqualTo("from-file");
  }

  @Test
  void jarAndClassPathUris() throws IOException {
    Path jar = jar();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
      for (String uri : new String[] {
        "jar:" + jar.toUri() + "!/conf/caches.json",
        "classpath:conf/caches.json",
        "classpath:/conf/caches.json",
        "conf/caches.json",
        "/conf/caches.json"
      }) {
        assertThat(read(URI.create(uri), loader).namespace()).as(uri).isEqualTo("from-file");
      }
    }
    // Nothing keeps the jar open: it can be written again and read anew.
    Files.delete(jar);
  }

  /** What Spring and Hibernate hand over: the URI of what a class loader found. */
  @Test
  void whatAClassLoaderFindsIsRead() throws Exception {
    Path folder = Files.createDirectories(directory.resolve("a b%20c+d/ü"));
    Path jar = folder.resolve("my app#1.jar");
    Files.move(jar(), jar);
    Sources.write(folder, "a b%41.json", JSON);
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {jar.toUri().toURL(), folder.toUri().toURL()}, null)) {
      for (String name : new String[] {"conf/caches.json", "a b%41.json"}) {
        URL found = loader.getResource(name);
        assertThat(read(found.toURI(), loader).namespace()).as(name).isEqualTo("from-file");
        URI named = new URI(null, null, name, null);
        assertThat(read(named, loader).namespace()).as("%s", named).isEqualTo("from-file");
        URI classpath = new URI("classpath", name, null);
        assertThat(read(classpath, loader).namespace()).isEqualTo("from-file");
      }
    }
  }

  @Test
  void relativeFileUris() throws Exception {
    Path here = Files.createTempFile(Path.of("target"), "settings", ".json");
    Files.writeString(here, JSON);
    try {
      ClassLoader loader = getClass().getClassLoader();
      for (String uri : new String[] {"file:" + here, "file:./" + here}) {
        assertThat(read(URI.create(uri), loader).namespace()).as(uri).isEqualTo("from-file");
      }
    } finally {
      Files.delete(here);
    }
  }

  /** A jar within a jar has a handler that only its class loader's URLs know. */
  @Test
  void resourcesOfSchemesThatOnlyTheirLoaderKnows() throws Exception {
    String there = "jar:nested:/opt/app.jar/!BOOT-INF/classes/!/conf/caches.json";
    ClassLoader nested = new ClassLoader(null) {
      @Override
      protected java.util.Enumeration<URL> findResources(String name) throws IOException {
        return name.equals("conf/caches.json")
            ? java.util.Collections.enumeration(java.util.List.of(nested(there)))
            : java.util.Collections.emptyEnumeration();
      }
    };
    assertThat(read(URI.create(there), nested).namespace()).isEqualTo("from-file");
    assertThatThrownBy(() -> read(URI.create(there.replace("opt", "tmp")), nested))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("manager URI", "caches.json");
  }

  private static URL nested(String uri) throws IOException {
    return new URL(null, uri, new java.net.URLStreamHandler() {
      @Override
      protected java.net.URLConnection openConnection(URL url) {
        return new java.net.URLConnection(url) {
          @Override
          public void connect() {}

          @Override
          public java.io.InputStream getInputStream() {
            return new java.io.ByteArrayInputStream(JSON.getBytes(StandardCharsets.UTF_8));
          }
        };
      }
    });
  }

  @Test
  void aMissingFileIsSaidToBeMissing() throws IOException {
    Path jar = jar();
    for (String uri : new String[] {
      directory.resolve("no.json").toUri().toString(),
      "jar:" + jar.toUri() + "!/conf/no.json",
      "jar:" + directory.resolve("no.jar").toUri() + "!/conf/caches.json"
    }) {
      assertThatThrownBy(Sources.none().uri(uri)::read)
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContainingAll("no.j", "must name a settings file that is there");
    }
  }

  @Test
  void configFileVariableTakesPathsAndUris() {
    Path file = Sources.write(directory, "a.json", JSON);

    assertThat(Sources.none().env("CACHE_CONFIG_FILE", file.toString()).read().namespace())
        .isEqualTo("from-file");
    assertThat(Sources.none()
            .env("CACHE_CONFIG_FILE", file.toUri().toString())
            .read()
            .namespace())
        .isEqualTo("from-file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost/x.json",
        "https://localhost/x.json",
        "jar:http://localhost/x.jar!/x.json",
        "jar:HTTP://localhost/x.jar!/x.json",
        "jar:url:http://localhost/x.jar!/x.json",
        "file://host/x.json",
        "ftp://localhost/x",
        "file:/no/such/file.json",
        "file:/tmp",
        "classpath:no-such.json",
        "classpath:/",
        "no-such.json",
        "no:such",
      })
  void unreadableManagerUriIsAFault(String uri) {
    assertThatThrownBy(Sources.none().uri(uri)::read)
        .isInstanceOfSatisfying(
            ConfigurationException.class, e -> assertThat(e.faults()).hasSize(1))
        .hasMessageContaining("manager URI");
  }

  /** The JVM would fetch such a file by FTP. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "jar:file://host/x.jar!/x.json",
        "jar:FILE://host/x.jar!/x.json",
        "JAR:file://127.0.0.1:1/x.jar!/x.json",
        "jar:url:file://host/x.jar!/x.json",
        "url:file://host/x.json",
        "url:http://localhost/x.json",
      })
  void noNetworkBehindAnotherScheme(String uri) {
    assertThatThrownBy(Sources.none().uri(uri)::read)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("not one on a network");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"larder:fast", "larder:Production", "larder:default#x", "larder:a?b", "LARDER:no"})
  void unknownPresetListsTheKnown(String uri) {
    assertThatThrownBy(Sources.none().uri(uri)::read)
        .isInstanceOf(javax.cache.CacheException.class)
        .hasMessageContaining(
            "disabled, minimal, simple, development, production, ai-development, ai-production")
        .hasMessageContaining("manager URI");
  }

  @Test
  void defaultUriFollowsVariableAndSystemProperty() {
    assertThat(Sources.none().read().preset()).isEqualTo("development");
    assertThat(Sources.none().env("CACHE_PRESET", "simple").read().preset()).isEqualTo("simple");
    assertThat(Sources.none().system("larder.preset", "minimal").read().preset())
        .isEqualTo("minimal");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "[]",
        "null",
        "3",
        "\"hunter2\"",
        "{",
        "{\"redis_password\": hunter2}",
        "{\"redis_password\": \"hunter2\"",
        "{\"redis_password\": \"hunter2\"} hunter2",
        "{\"namespace\": \"a\"} {}",
        "{\"namespace\": \"a\", \"namespace\": \"b\"}",
        "{\"caches\": {\"x\": {\"codec\": \"json\"}, \"x\": {}}}",
        "{\"default_ttl\": NaN}",
        "{\"default_ttl\": Infinity}",
        "{\"default_ttl\": 0x10}",
        "{\"default_ttl\": 010}",
        "{\"default_ttl\": 60,}",
        "{'default_ttl': 60}",
        "{\"default_ttl\": null}",
        "{\"default_ttl\": 1e99999999999}",
        "{\"\": 1}",
        "{\"caches\": {\"\": {}}}",
        "{\"caches\": {\"a\\u0000b\": {}}}",
        "{\"a\\nb\": 1}",
      })
  void brokenFileIsOneFault(String json) {
    assertThatThrownBy(Sources.none().file(directory, json)::read)
        .isInstanceOfSatisfying(
            ConfigurationException.class, e -> assertThat(e.faults()).hasSize(1))
        .hasMessageContaining("settings.json")
        .hasMessageNotContaining("hunter2")
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(2));
    if (!json.isBlank()) {
      assertThatThrownBy(Sources.none().env("CACHE_CUSTOM_CONFIG", json)::read)
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("CACHE_CUSTOM_CONFIG")
          .hasMessageNotContaining("hunter2");
    }
  }

  @Test
  void commentsAreAllowed() {
    assertThat(Sources.none()
            .file(directory, "// why\n{ /* this */ \"namespace\": \"x\" }\n")
            .read()
            .namespace())
        .isEqualTo("x");
  }

  @Test
  void hugeDeepAndBinaryFilesAreFaults() throws IOException {
    for (byte[] content : new byte[][] {
      ("{" + " ".repeat(1 << 20) + "}").getBytes(StandardCharsets.UTF_8),
      ("{\"caches\":" + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8),
      ("{\"default_ttl\":" + "9".repeat(100_000) + "}").getBytes(StandardCharsets.UTF_8),
      {(byte) 0xff, (byte) 0xfe, 0, 1, 2, (byte) 0xc3, 0x28},
      {'{', '"', (byte) 0xc3, 0x28, '"', ':', '1', '}'},
    }) {
      Path file = Files.write(directory.resolve("b.json"), content);
      assertThatThrownBy(Sources.none().uri(file.toUri())::read)
          .isInstanceOf(ConfigurationException.class);
    }
  }
}
