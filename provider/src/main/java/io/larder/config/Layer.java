package io.larder.config;

import io.larder.config.Kind.Checked;
import io.larder.config.Kind.Group;
import io.larder.config.Kind.Named;
import io.larder.config.Kind.Scalar;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the sources of one rank say: checked values by path, faults beside them.
 *
 * <h2>Design</h2>
 *
 * A source hands over an object ({@link #object}), a value ({@link #value}) or text ({@link #text})
 * under a dotted key. The path of names is resolved against the schema, text turned into the value
 * it stands for, each value checked and stored under its path. A path is a list of names, since
 * names of caches may have dots. Layers are merged by path, so objects merge key by key.
 */
final class Layer {

  private static final Pattern ANY_NAME = Pattern.compile("[^\\p{Cntrl}]{1,512}");
  private static final String AI_CONFIG = "ai_config";
  private static final String ENABLE_AI = "enable_ai_cache";

  private final Rank rank;
  private final Kind.Key root;
  private final List<Fault> faults;
  private final Map<List<String>, Given> values = new LinkedHashMap<>();

  Layer(Rank rank, Group root, List<Fault> faults) {
    this.rank = rank;
    this.root = new Kind.Key("", root);
    this.faults = faults;
  }

  Map<List<String>, Given> values() {
    return values;
  }

  /** Takes a whole object of keys. */
  void object(Object object, String source) {
    check(root, List.of(), object, source);
  }

  /** Takes JSON text or its bytes holding a whole object of keys. */
  void json(JsonText.Parsed parsed, String source) {
    for (String name : parsed.duplicates()) {
      fault(List.of(name), "(two values)", "must be given once in an object", source);
    }
    object(parsed.value(), source);
  }

  /** Takes a value under a dotted key. */
  void value(String dotted, Object value, String source) {
    resolve(dotted, value instanceof String text ? new Words(text) : normal(value), source);
  }

  /** Takes text under a dotted key: of a variable, a property. */
  void text(String dotted, String text, String source) {
    resolve(dotted, new Words(text), source);
  }

  /** Turns what depends on other keys of the same source into values: to be called once, last. */
  void complete() {
    Given url = values.get(List.of("redis_url"));
    if (url != null && url.value() instanceof RedisUrl redis) {
      redis.options().forEach((key, value) -> fromUrl(key, value, url));
      redis.username().ifPresent(name -> fromUrl("redis_username", name, url));
      redis.password().ifPresent(secret -> fromUrl("redis_password", secret, url));
    }
    for (List<String> path : List.copyOf(values.keySet())) {
      if (path.get(0).equals(AI_CONFIG) && rank.compareTo(Rank.FILE) >= 0) {
        Given given = values.get(path);
        values.putIfAbsent(
            List.of(ENABLE_AI), new Given(true, rank, given == null ? "" : given.source()));
      }
    }
  }

  private void fromUrl(String key, Object value, Given url) {
    put(List.of(key), new Given(value, rank, url.source() + " (in redis_url)", true));
  }

  /** Text that is to be read as the kind of its key demands. */
  record Words(String text) {}

  private void resolve(String dotted, Object raw, String source) {
    Kind.Key key = root;
    List<String> path = new ArrayList<>();
    String rest = dotted;
    while (!rest.isEmpty()) {
      String name;
      if (key.kind() instanceof Group group) {
        int dot = rest.indexOf('.');
        name = dot < 0 ? rest : rest.substring(0, dot);
        Kind.Key child = group.find(name);
        if (child == null) {
          unknown(group, path, rest, raw, source);
          return;
        }
        path.add(child.name());
        key = child;
      } else if (key.kind() instanceof Named named) {
        // A cache's name may have dots, the setting behind it has none.
        int dot = named.each().kind() instanceof Group ? rest.lastIndexOf('.') : -1;
        name = dot < 0 ? rest : rest.substring(0, dot);
        path.add(name);
        if (!hasName(path, source)) {
          return;
        }
        key = named.each();
      } else {
        fault(append(path, rest), masked(raw), "is no key: " + dotted(path) + " has none", source);
        return;
      }
      if (rest.length() == name.length() + 1) {
        fault(path, masked(raw), "is no key of Larder with a dot at its end", source);
        return;
      }
      rest = rest.length() == name.length() ? "" : rest.substring(name.length() + 1);
    }
    check(key, path, raw, source);
  }

  private Object read(Kind.Key key, List<String> path, Words words, String source) {
    boolean json = !(key.kind() instanceof Scalar);
    boolean list = key.kind() instanceof Kind.Classes && words.text().strip().startsWith("[");
    if (!json && !list) {
      return ((Scalar) key.kind()).fromText(words.text());
    }
    try {
      JsonText.Parsed parsed = JsonText.parse(words.text());
      for (String name : parsed.duplicates()) {
        fault(append(path, name), "(two values)", "must be given once in an object", source);
      }
      return parsed.value();
    } catch (JsonText.NotJsonException e) {
      return new Unreadable(String.valueOf(e.getMessage()));
    }
  }

  /** Stands for text that should have been JSON. */
  private record Unreadable(String rule) {
    @Override
    public String toString() {
      return Secret.MASK;
    }
  }

  private void check(Kind.Key key, List<String> path, Object given, String source) {
    Object raw = given instanceof Words words ? read(key, path, words, source) : given;
    if (raw instanceof Unreadable unreadable) {
      fault(path, Secret.MASK, unreadable.rule(), source);
    } else if (key.kind() instanceof Scalar scalar) {
      scalar(key.name(), scalar, path, raw, source);
    } else if (!(raw instanceof Map<?, ?> object)) {
      fault(path, Masks.unknown(raw), "must be a JSON object", source);
    } else if (key.kind() instanceof Group group) {
      if (!path.isEmpty()) {
        put(path, new Given(Map.of(), rank, source));
      }
      object.forEach((name, value) -> member(group, path, name, normal(value), source));
    } else if (key.kind() instanceof Named named) {
      object.forEach((name, value) -> {
        List<String> member = append(path, name);
        if (hasName(member, source)) {
          check(named.each(), member, normal(value), source);
        }
      });
    }
  }

  private boolean hasName(List<String> path, String source) {
    boolean good = ANY_NAME.matcher(path.get(path.size() - 1)).matches();
    if (!good) {
      fault(path, "", "must have a name of 1 to 512 printable characters", source);
    }
    return good;
  }

  private void member(Group group, List<String> path, Object name, Object value, String source) {
    Kind.Key key = group.find(String.valueOf(name));
    if (key == null) {
      unknown(group, path, String.valueOf(name), value, source);
    } else {
      check(key, append(path, key.name()), value, source);
    }
  }

  private void scalar(String name, Scalar scalar, List<String> path, Object raw, String source) {
    Checked checked = scalar.check(raw);
    if (checked.value() != null) {
      put(path, new Given(checked.value(), rank, source));
    } else {
      // Under a name of the user's making text could be anything.
      boolean known = path.get(path.size() - 1).equals(name);
      String value = known ? shown(scalar, raw) : Masks.unknown(raw);
      fault(path, value, String.valueOf(checked.broken()), source);
    }
  }

  private static String shown(Scalar scalar, Object raw) {
    if (scalar instanceof Kind.Hidden) {
      return Secret.MASK;
    }
    return scalar instanceof Kind.Url && raw instanceof String url
        ? Masks.url(url)
        : Masks.value(raw);
  }

  private void put(List<String> path, Given given) {
    Given earlier = values.putIfAbsent(path, given);
    if (earlier != null && !earlier.value().equals(given.value())) {
      fault(
          path,
          Masks.value(String.valueOf(given.value())),
          "must not be given twice with two values (also by " + earlier.source() + ")",
          given.source());
    }
  }

  private void unknown(Group group, List<String> path, String name, Object raw, String source) {
    int dot = name.indexOf('.');
    String hint = NearMiss.of(name, group.names())
        .or(() -> NearMiss.of(dot < 0 ? name : name.substring(0, dot), group.names()))
        .map(near -> "; did you mean " + near + "?")
        .orElse("");
    fault(append(path, name), masked(raw), "is no key of Larder" + hint, source);
  }

  private static String masked(Object raw) {
    return raw instanceof Words ? Secret.MASK : Masks.unknown(raw);
  }

  private void fault(List<String> path, String value, String rule, String source) {
    String key = path.isEmpty() ? "configuration" : dotted(path);
    faults.add(new Fault(key, value, rule, source));
  }

  static String dotted(List<String> path) {
    return Masks.text(String.join(".", path));
  }

  private static List<String> append(List<String> path, Object name) {
    List<String> longer = new ArrayList<>(path);
    longer.add(String.valueOf(name));
    return List.copyOf(longer);
  }

  /** A value given in code in the types that JSON has. */
  private static Object normal(@Nullable Object value) {
    if (value == null) {
      return JsonText.NULL;
    }
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value instanceof BigInteger whole) {
      return whole.bitLength() < Long.SIZE ? (Object) whole.longValue() : new BigDecimal(whole);
    }
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      return Double.isFinite(number) ? (Object) BigDecimal.valueOf(number) : String.valueOf(number);
    }
    return value;
  }
}
