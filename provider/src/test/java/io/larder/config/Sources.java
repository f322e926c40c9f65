package io.larder.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Sources under construction, for tests: nothing of this process' own environment is in them. */
final class Sources {

  private static final SettingsReader READER = new SettingsReader();

  private final Map<String, String> environment = new LinkedHashMap<>();
  private final Map<String, String> system = new LinkedHashMap<>();
  private URI uri = SettingsSources.DEFAULT_URI;
  private @Nullable Properties properties;

  static Sources none() {
    return new Sources();
  }

  Sources env(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Sources system(String name, String value) {
    system.put(name, value);
    return this;
  }

  Sources uri(String given) {
    uri = URI.create(given);
    return this;
  }

  Sources uri(URI given) {
    uri = given;
    return this;
  }

  Sources property(String name, Object value) {
    if (properties == null) {
      properties = new Properties();
    }
    properties.put(name, value);
    return this;
  }

  Sources file(Path directory, String json) {
    return uri(write(directory, "settings.json", json).toUri());
  }

  static Path write(Path directory, String name, String content) {
    try {
      return Files.writeString(directory.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  SettingsSources build() {
    return new SettingsSources(
        environment, system, uri, properties, Sources.class.getClassLoader());
  }

  Settings read() {
    return READER.read(build());
  }

  Reading readAll() {
    return READER.readAll(build());
  }

  ValidationReport validate() {
    return READER.validate(build());
  }
}
