package io.larder.config;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * JSON as plain values: {@code Map}, {@code List}, {@code String}, {@code Long},
 * {@code BigDecimal}, {@code Boolean}, {@link #NULL}. Comments are allowed. What is wrong is told
 * by place only, since the text may hold secrets.
 */
final class JsonText {

  /** Stands for JSON's null. */
  static final Object NULL = new Object() {
    @Override
    public String toString() {
      return "null";
    }
  };

  private static final int DEEPEST = 32;
  private static final int LONG_DIGITS = 18;

  private final JsonParser parser;
  private final List<String> duplicates = new ArrayList<>();

  private JsonText(JsonParser parser) {
    this.parser = parser;
  }

  /**
   * What was read.
   *
   * @param duplicates names of keys that one object has twice; the first value is kept
   */
  record Parsed(Object value, List<String> duplicates) {}

  /** Says that text is not JSON; the message names the place and quotes nothing. */
  static final class NotJsonException extends Exception {

    private static final long serialVersionUID = 1L;

    NotJsonException(String message) {
      super(message);
    }
  }

  static Parsed parse(String text) throws NotJsonException {
    return parse(factory().createParser(ObjectReadContext.empty(), text));
  }

  /** Bytes in UTF-8 (or UTF-16 or UTF-32, as JSON tells them apart). */
  static Parsed parse(byte[] bytes) throws NotJsonException {
    return parse(factory().createParser(ObjectReadContext.empty(), bytes));
  }

  private static JsonFactory factory() {
    return JsonFactory.builder().enable(JsonReadFeature.ALLOW_JAVA_COMMENTS).build();
  }

  private static Parsed parse(JsonParser parser) throws NotJsonException {
    try (parser) {
      JsonText text = new JsonText(parser);
      Object value = text.value(parser.nextToken(), 0);
      if (parser.nextToken() != null) {
        throw text.fault("has text after its end");
      }
      return new Parsed(value, text.duplicates);
    } catch (JacksonException e) {
      // Jackson's own message may quote the text: it goes nowhere.
      var place = e.getLocation();
      throw new NotJsonException("must be valid JSON"
          + (place == null || place.getLineNr() < 1
              ? ""
              : " (fault at line " + place.getLineNr() + ", column " + place.getColumnNr() + ")"));
    }
  }

  private Object value(JsonToken token, int depth) throws NotJsonException {
    if (token == null) {
      throw fault("ends too early");
    }
    if (depth > DEEPEST) {
      throw fault("is nested too deep");
    }
    return switch (token) {
      case START_OBJECT -> object(depth);
      case START_ARRAY -> array(depth);
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT -> whole(parser.getString());
      case VALUE_NUMBER_FLOAT -> fraction(parser.getString());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> NULL;
      default -> throw fault("has " + token + " where a value must be");
    };
  }

  private Map<String, Object> object(int depth) throws NotJsonException {
    Map<String, Object> object = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      Object value = value(parser.nextToken(), depth + 1);
      if (object.putIfAbsent(name, value) != null) {
        duplicates.add(name);
      }
    }
    return object;
  }

  private List<Object> array(int depth) throws NotJsonException {
    List<Object> array = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      array.add(value(token, depth + 1));
    }
    return array;
  }

  /** A whole number as {@code Long} where it fits, else as a {@code BigDecimal}. */
  static Object whole(String digits) {
    return digits.length() <= LONG_DIGITS ? (Object) Long.valueOf(digits) : new BigDecimal(digits);
  }

  private Object fraction(String digits) throws NotJsonException {
    try {
      return new BigDecimal(digits);
    } catch (NumberFormatException e) {
      throw fault("has a number whose exponent is out of reach");
    }
  }

  private NotJsonException fault(String what) {
    var place = parser.currentLocation();
    return new NotJsonException("must be valid JSON: it "
        + what
        + " (line " + place.getLineNr() + ", column " + place.getColumnNr() + ")");
  }
}
