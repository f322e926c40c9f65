package io.larder;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** JSON text of settings by dotted key, for tests. */
final class Json {

  private Json() {}

  /**
   * The last name of a dotted key is the setting's, what is before it and {@code caches} a cache.
   */
  static String of(Map<String, Object> keys) {
    Map<String, Object> nested = new LinkedHashMap<>();
    keys.forEach((key, value) -> {
      if (key.startsWith("caches.")) {
        int dot = key.lastIndexOf('.');
        child(child(nested, "caches"), key.substring(7, dot)).put(key.substring(dot + 1), value);
      } else {
        nested.put(key, value);
      }
    });
    return text(nested);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> child(Map<String, Object> parent, String name) {
    return (Map<String, Object>) parent.computeIfAbsent(name, n -> new LinkedHashMap<>());
  }

  private static String text(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(e -> text(e.getKey()) + ":" + text(e.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Json::text).collect(Collectors.joining(",", "[", "]"));
    }
    return value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
  }
}
