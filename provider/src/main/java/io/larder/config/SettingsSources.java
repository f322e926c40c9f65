package io.larder.config;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Everything that settings are read from. {@link #toString()} shows none of it.
 *
 * @param environment the process' environment variables
 * @param systemProperties the JVM's system properties
 * @param managerUri {@code larder:<preset>} or a settings file
 * @param managerProperties as given to {@code getCacheManager}
 * @param classLoader finds class path resources
 */
public record SettingsSources(
    Map<String, String> environment,
    Map<String, String> systemProperties,
    URI managerUri,
    @Nullable Properties managerProperties,
    ClassLoader classLoader) {

  /** The URI that names no preset. */
  public static final URI DEFAULT_URI = URI.create("larder:default");

  public SettingsSources {
    environment = Map.copyOf(environment);
    systemProperties = Map.copyOf(systemProperties);
  }

  /** The real environment and system properties of this process, as they are now. */
  public static SettingsSources ofProcess(
      URI managerUri, @Nullable Properties managerProperties, ClassLoader classLoader) {
    Map<String, String> properties = new LinkedHashMap<>();
    Properties system = System.getProperties();
    for (String name : system.stringPropertyNames()) {
      String value = system.getProperty(name);
      if (value != null) {
        properties.put(name, value);
      }
    }
    return new SettingsSources(
        System.getenv(), properties, managerUri, managerProperties, classLoader);
  }

  @Override
  public String toString() {
    return "SettingsSources[" + Masks.text(managerUri.toString()) + "]";
  }
}
