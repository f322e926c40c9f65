package io.larder;

import io.larder.config.LarderSettings;
import io.larder.config.Reading;
import io.larder.config.SettingsReader;
import io.larder.config.SettingsSources;
import java.net.URI;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What a manager is made from.
 *
 * @param classLoader resolves the classes of keys and values
 * @param properties as given by the application
 * @param reading the settings, and what is to be said about them
 */
record ManagerSpec(URI uri, ClassLoader classLoader, Properties properties, Reading reading) {

  /** Reads the settings of a manager of that URI from all their sources. */
  static ManagerSpec read(URI uri, ClassLoader classLoader, @Nullable Properties properties) {
    Properties copy = copyOf(properties);
    SettingsSources sources = SettingsSources.ofProcess(uri, copy, classLoader);
    return new ManagerSpec(uri, classLoader, copy, new SettingsReader().readAll(sources));
  }

  /** Takes settings as they are; there are no properties then. */
  static ManagerSpec of(URI uri, ClassLoader classLoader, LarderSettings settings) {
    return new ManagerSpec(uri, classLoader, new Properties(), settings.reading());
  }

  /** Values need not be text, and defaults are not among a map's own entries. */
  static Properties copyOf(@Nullable Properties given) {
    Properties copy = new Properties();
    if (given != null) {
      for (String name : given.stringPropertyNames()) {
        copy.setProperty(name, given.getProperty(name));
      }
      copy.putAll(given);
    }
    return copy;
  }
}
