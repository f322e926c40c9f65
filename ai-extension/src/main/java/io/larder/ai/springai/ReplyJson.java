package io.larder.ai.springai;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Plain values as JSON that gives them back as they were: strings, booleans and integers stand for
 * themselves, a list is an array; of the others each is an object with one member, named after its
 * type.
 */
final class ReplyJson {

  private final JsonMapper mapper = JsonMapper.builder().build();

  /** What was written is not what is read here. */
  static final class UnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableException(String what, @Nullable Throwable cause) {
      super(what, cause);
    }
  }

  /** Told to {@link #plain} where there is something that JSON does not give back. */
  interface Losses {
    void lost();
  }

  String write(Object plain) {
    return mapper.writeValueAsString(plain);
  }

  /** What {@link #write} was given, as maps, lists, strings, booleans and integers. */
  Map<?, ?> read(String json) {
    try {
      return mapper.readValue(json, Map.class);
    } catch (RuntimeException e) {
      throw new UnreadableException("a stored response is no JSON object", e);
    }
  }

  /** A value as what can be written. An enum constant becomes its name; what is lost, a null. */
  static @Nullable Object plain(@Nullable Object value, Losses losses) {
    if (value == null
        || value instanceof String
        || value instanceof Boolean
        || value instanceof Integer) {
      return value;
    }
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    if (value instanceof Map<?, ?> map) {
      return Map.of("map", entries(map, losses));
    }
    if (value instanceof Collection<?> several) {
      List<@Nullable Object> all = new ArrayList<>();
      several.forEach(element -> all.add(plain(element, losses)));
      return all;
    }
    String type = typeOf(value);
    if (type == null) {
      losses.lost();
      return null;
    }
    return Map.of(type, value.toString());
  }

  private static @Nullable String typeOf(Object value) {
    if (value instanceof Long) {
      return "long";
    }
    if (value instanceof Double) {
      return "double";
    }
    if (value instanceof Float) {
      return "float";
    }
    if (value.getClass() == BigDecimal.class) {
      return "decimal";
    }
    if (value.getClass() == BigInteger.class) {
      return "integer";
    }
    if (value instanceof Duration) {
      return "duration";
    }
    return value instanceof Instant ? "instant" : null;
  }

  /** The entries as what can be written. */
  static Map<String, @Nullable Object> entries(Map<?, ?> map, Losses losses) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    map.forEach((key, value) -> {
      if (key instanceof String name) {
        all.put(name, plain(value, losses));
      } else {
        losses.lost();
      }
    });
    return all;
  }

  /** The value that was written so. */
  static @Nullable Object value(@Nullable Object plain) {
    if (plain instanceof List<?> list) {
      List<@Nullable Object> all = new ArrayList<>();
      list.forEach(element -> all.add(value(element)));
      return all;
    }
    if (!(plain instanceof Map<?, ?> map)) {
      return plain;
    }
    if (map.size() != 1) {
      throw new UnreadableException("a value of a stored response has no type", null);
    }
    Map.Entry<?, ?> typed = map.entrySet().iterator().next();
    if (typed.getValue() instanceof Map<?, ?> inner) {
      return values(inner);
    }
    return typed(String.valueOf(typed.getKey()), String.valueOf(typed.getValue()));
  }

  private static Object typed(String type, String text) {
    return switch (type) {
      case "long" -> Long.valueOf(text);
      case "double" -> Double.valueOf(text);
      case "float" -> Float.valueOf(text);
      case "decimal" -> new BigDecimal(text);
      case "integer" -> new BigInteger(text);
      case "duration" -> Duration.parse(text);
      case "instant" -> Instant.parse(text);
      default ->
        throw new UnreadableException("a value of a stored response is a '" + type + "'", null);
    };
  }

  /** The entries that were written so. */
  static Map<String, @Nullable Object> values(Map<?, ?> entries) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    entries.forEach((name, plain) -> all.put(String.valueOf(name), value(plain)));
    return all;
  }
}
