package io.larder.config;

import io.larder.config.Kind.Group;
import io.larder.config.Kind.Named;
import io.larder.config.Kind.Scalar;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What code has set, as one object of keys: of two values for one key the later is kept, by
 * whatever alias, dotted key or map they came. What does not fit the schema is kept as given, for
 * {@link Layer} to judge.
 */
final class CodeValues {

  private static final String CACHES = "caches";

  private final Group root;
  private final Map<String, Object> values = new TreeMap<>();

  CodeValues(Group root) {
    this.root = root;
  }

  void set(String dotted, Object value) {
    Object read = read(value);
    if (!put(values, root, dotted, read)) {
      values.put(dotted, read);
    }
  }

  /** Settings of the caches of a name, which may have dots; none is a section, too. */
  void section(String cache, Map<String, ?> settings) {
    Map<String, Object> section = new LinkedHashMap<>();
    settings.forEach((key, value) -> section.put(key, read(value)));
    put(values, root, CACHES, Map.of(cache, section));
  }

  Properties properties() {
    Properties properties = new Properties();
    values.forEach((key, value) -> properties.put(SourceLayers.PREFIX + key, value));
    return properties;
  }

  private static Object read(@Nullable Object value) {
    return value instanceof String text ? new Layer.Words(text) : plain(value);
  }

  /** Answers whether there is such a key. */
  private static boolean put(Map<String, Object> object, Kind kind, String dotted, Object value) {
    int dot = kind instanceof Group
        ? dotted.indexOf('.')
        : kind instanceof Named named && named.each().kind() instanceof Group
            ? dotted.lastIndexOf('.')
            : -1;
    String name = dot < 0 ? dotted : dotted.substring(0, dot);
    Kind.Key key = child(kind, name);
    if (key == null) {
      return false;
    }
    String own = kind instanceof Group ? key.name() : name;
    if (dot < 0) {
      leaf(object, own, key.kind(), value);
      return true;
    }
    Object there = object.getOrDefault(own, new TreeMap<String, Object>());
    String rest = dotted.substring(dot + 1);
    if (key.kind() instanceof Scalar || rest.isEmpty() || !(there instanceof Map)) {
      return false;
    }
    Map<String, Object> inner = object(there);
    boolean fits = put(inner, key.kind(), rest, value);
    if (fits) {
      object.put(own, inner);
    }
    return fits;
  }

  private static void leaf(Map<String, Object> object, String name, Kind kind, Object value) {
    Object read =
        value instanceof Layer.Words words && !(kind instanceof Scalar) ? json(words) : value;
    if (kind instanceof Scalar || !(read instanceof Map<?, ?> given)) {
      object.put(name, read);
      return;
    }
    Object there = object.get(name);
    Map<String, Object> inner = there instanceof Map ? object(there) : new TreeMap<>();
    object.put(name, inner);
    given.forEach((key, each) -> {
      Kind.Key child = child(kind, String.valueOf(key));
      String own = child == null || kind instanceof Named ? String.valueOf(key) : child.name();
      if (child == null || (!own.equals(key) && given.containsKey(own))) {
        // Unknown, or a key and its alias in one breath: a fault.
        inner.put(String.valueOf(key), each);
      } else {
        leaf(inner, own, child.kind(), each);
      }
    });
  }

  private static Object json(Layer.Words words) {
    try {
      JsonText.Parsed parsed = JsonText.parse(words.text());
      return parsed.duplicates().isEmpty() && parsed.value() instanceof Map
          ? parsed.value()
          : words;
    } catch (JsonText.NotJsonException e) {
      return words;
    }
  }

  private static Kind.@Nullable Key child(Kind kind, String name) {
    if (kind instanceof Group group) {
      return group.find(name);
    }
    return kind instanceof Named named ? named.each() : null;
  }

  /** All maps within are made here. */
  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(Object map) {
    return (Map<String, Object>) map;
  }

  /** A value in the types that a layer takes; what is in a map, too. */
  static Object plain(@Nullable Object value) {
    if (value == null) {
      return JsonText.NULL;
    }
    if (value instanceof Duration duration) {
      // A fraction of a second stays one, and is a fault where whole seconds are asked for.
      Duration whole = Duration.ofSeconds(duration.toSeconds());
      return duration.equals(whole)
          ? (Object) whole.toSeconds()
          : (Object) (whole.toSeconds() + duration.minus(whole).toNanos() / 1e9);
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> copy = new LinkedHashMap<>();
      map.forEach((name, each) -> copy.put(String.valueOf(name), plain(each)));
      return copy;
    }
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    return value instanceof Path ? value.toString() : value;
  }
}
