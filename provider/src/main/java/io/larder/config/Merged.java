package io.larder.config;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** All layers in one: the strongest value of every path. */
final class Merged {

  private static final Set<String> PRODUCTION = Set.of("production", "ai-production");

  private final String preset;
  private final Map<List<String>, Given> said;
  private final Map<List<String>, Given> values;

  private Merged(String preset, Map<List<String>, Given> said, Map<List<String>, Given> values) {
    this.preset = preset;
    this.said = said;
    this.values = values;
  }

  /** Merges layers, weakest first, over the preset that they name. */
  static Merged of(List<Layer> layers, Reference reference) {
    Map<List<String>, Given> said = said(layers);
    Given named = said.get(List.of("preset"));
    Given environment = said.get(List.of("environment"));
    String preset = Reference.DEFAULT_PRESET;
    // An environment that a source names chooses over the preset that an application stands on.
    boolean byEnvironment =
        environment != null && (named == null || named.rank() == Rank.OWN_PRESET);
    if (named != null && !byEnvironment) {
      preset = named.value().toString();
    } else if (environment != null) {
      preset = Recommendation.recommend(environment.value().toString()).preset();
    }
    Map<List<String>, Given> values = new LinkedHashMap<>(reference.values(preset));
    values.putAll(said);
    return new Merged(preset, said, values);
  }

  /** Credentials and options of a URL that is replaced are not for the other URL's host. */
  private static Map<List<String>, Given> said(List<Layer> layers) {
    Map<List<String>, Given> said = new LinkedHashMap<>();
    Layer ofUrl = null;
    for (Layer layer : layers) {
      ofUrl = layer.values().containsKey(SourceLayers.REDIS_URL) ? layer : ofUrl;
    }
    for (Layer layer : layers) {
      boolean all = layer == ofUrl;
      layer.values().forEach((path, given) -> {
        if (all || !given.ofUrl()) {
          said.put(path, given);
        }
      });
    }
    return said;
  }

  String preset() {
    return preset;
  }

  /** What the sources said, without defaults and preset. */
  Map<List<String>, Given> said() {
    return said;
  }

  Optional<Given> find(String... path) {
    return Optional.ofNullable(values.get(List.of(path)));
  }

  /** The value of a path that every preset has. */
  <T> T value(Class<T> type, String... path) {
    return type.cast(Objects.requireNonNull(values.get(List.of(path)), () -> String.join(".", path))
        .value());
  }

  <T> Optional<T> optional(Class<T> type, String... path) {
    return find(path).map(given -> type.cast(given.value()));
  }

  int whole(String... path) {
    return Math.toIntExact(value(Long.class, path));
  }

  boolean flag(String... path) {
    return value(Boolean.class, path);
  }

  /** Names right below a path, in order. */
  Set<String> names(String parent) {
    Set<String> names = new LinkedHashSet<>();
    for (List<String> path : values.keySet()) {
      if (path.size() > 1 && path.get(0).equals(parent)) {
        names.add(path.get(1));
      }
    }
    return names;
  }

  /** Paths and values below two names. */
  Map<String, Given> below(String parent, String child) {
    Map<String, Given> found = new LinkedHashMap<>();
    values.forEach((path, given) -> {
      if (path.size() == 3 && path.get(0).equals(parent) && path.get(1).equals(child)) {
        found.put(path.get(2), given);
      }
    });
    return found;
  }

  Optional<RedisUrl> redisUrl() {
    return preset.equals("disabled") ? Optional.empty() : optional(RedisUrl.class, "redis_url");
  }

  boolean tls() {
    return redisUrl().map(RedisUrl::tls).orElse(false)
        || optional(Boolean.class, "use_tls").orElse(false);
  }

  /** Whether the environment, or else the preset, is a production one. */
  boolean production() {
    String name = optional(String.class, "environment")
        .map(environment -> Recommendation.recommend(environment).preset())
        .orElse(preset);
    return PRODUCTION.contains(name);
  }
}
