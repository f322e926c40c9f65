package io.larder;

import io.larder.log.Log;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The properties that a manager was made with. They stay; that it is asked for with others is told
 * once. Thread-safe.
 */
final class GivenProperties {

  private final Properties made;
  private final AtomicBoolean told = new AtomicBoolean();

  GivenProperties(Properties made) {
    this.made = ManagerSpec.copyOf(made);
  }

  Properties copy() {
    return ManagerSpec.copyOf(made);
  }

  /** Somebody asks for the manager; without properties, for whatever it is. */
  void compare(@Nullable Properties asked, Log log) {
    Properties others = ManagerSpec.copyOf(asked);
    if (others.isEmpty() || told.get()) {
      return;
    }
    Set<String> names = new TreeSet<>();
    made.keySet().forEach(name -> names.add(String.valueOf(name)));
    others.keySet().forEach(name -> names.add(String.valueOf(name)));
    names.removeIf(name -> String.valueOf(made.get(name)).equals(String.valueOf(others.get(name))));
    if (!names.isEmpty() && told.compareAndSet(false, true)) {
      log.warn(
          "asked for with other properties than it was made with ({}), which have no effect: close"
              + " it first, or use another URI",
          String.join(", ", names));
    }
  }
}
