package io.larder.config;

import io.larder.config.Kind.Choice;
import io.larder.config.Kind.Classes;
import io.larder.config.Kind.Flag;
import io.larder.config.Kind.Group;
import io.larder.config.Kind.Hidden;
import io.larder.config.Kind.Named;
import io.larder.config.Kind.Ratio;
import io.larder.config.Kind.Text;
import io.larder.config.Kind.Url;
import io.larder.config.Kind.Whole;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Every key there is, with the values it takes. */
final class Schema {

  static final int LONGEST_TTL = 31_536_000;

  /** Dotted keys whose values are never shown. */
  static final Set<String> SECRETS =
      Set.of("redis_password", "frame_hmac_secret", "ai_config.key_hmac_secret");

  private static final int MOST_ENTRIES = 10_000_000;
  private static final int MOST_TEXT = 100_000_000;
  private static final Map<String, String> ALIASES = Map.of("l1_cache_size", "memory_cache_size");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");
  private static final Pattern PATH =
      Pattern.compile("(?!.*[A-Za-z0-9]{2}:/)(?!.*-----BEGIN)[^\\p{Cntrl}]{1,4096}");
  private static final Pattern USER = Pattern.compile("[^\\p{Cntrl}\\s]{1,256}");

  /** Settings that a section for one cache may have. */
  private static final List<Kind.Key> PER_CACHE = List.of(
      key("default_ttl", new Whole(0, LONGEST_TTL, "seconds, 0: no expiry")),
      key("memory_cache_size", new Whole(1, MOST_ENTRIES, "entries")),
      key("heap_cache_size", new Whole(1, MOST_ENTRIES, "entries")),
      key("enable_l1_cache", new Flag()),
      key("codec", choice(CodecKind.values())),
      key("compression", choice(CompressionKind.values())),
      key("compression_threshold", new Whole(0, 1_048_576, "bytes")),
      key("compression_level", new Whole(1, 9, "1: fast, 9: small")),
      key("fallback", choice(FallbackKind.values())),
      key("allowed_classes", new Classes()));

  private static final List<Kind.Key> REDIS = List.of(
      key("redis_url", new Url()),
      key("redis_username", new Text(USER, "a user name without spaces")),
      key("redis_password", new Hidden()),
      key("use_tls", new Flag()),
      key("tls_ca_path", path()),
      key("tls_cert_path", path()),
      key("tls_key_path", path()),
      key("verify_certificates", new Flag()),
      key("max_connections", new Whole(1, 1000, "connections to each master")),
      key("connection_timeout", new Whole(1, 300, "seconds")),
      key("operation_timeout_ms", new Whole(1, 300_000, "milliseconds")),
      key("fail_on_connection_error", new Flag()),
      key("breaker_failures", new Whole(1, 1000, "failures in a row")),
      key("breaker_open_seconds", new Whole(1, 3600, "seconds")),
      key("journal_size", new Whole(1, MOST_ENTRIES, "keys")),
      key("frame_hmac_secret", new Hidden()));

  private static final Kind.Key AI = key(
      "ai_config",
      Group.of(
          key("text_hash_threshold", new Whole(0, 1_000_000, "code points, 0: hash all")),
          key("hash_algorithm", new Choice(List.of("sha256", "sha512"))),
          key(
              "text_size_tiers",
              Group.of(
                  key("small", new Whole(1, MOST_TEXT, "code points, small < medium")),
                  key("medium", new Whole(1, MOST_TEXT, "code points, medium < large")),
                  key("large", new Whole(1, MOST_TEXT, "code points")))),
          key(
              "operation_ttls",
              new Named(key("<operation>", new Whole(1, LONGEST_TTL, "seconds")))),
          key("enable_smart_promotion", new Flag()),
          key("max_text_length", new Whole(1, MOST_TEXT, "code points")),
          key("key_hmac_secret", new Hidden())));

  private static final Kind.Key ALERTS = key(
      "alerts",
      Group.of(
          key("hit_ratio_warning", new Ratio()),
          key("hit_ratio_critical", new Ratio()),
          key("memory_warning_mb", new Whole(1, 1_048_576, "megabytes")),
          key("memory_critical_mb", new Whole(1, 1_048_576, "megabytes")),
          key("operation_warning_ms", new Whole(1, 300_000, "milliseconds")),
          key("operation_critical_ms", new Whole(1, 300_000, "milliseconds")),
          key("invalidations_per_hour_warning", new Whole(1, 1_000_000_000, "an hour")),
          key("invalidations_per_hour_critical", new Whole(1, 1_000_000_000, "an hour")),
          key("failures_critical", new Whole(1, 1000, "failures in a row")),
          key("check_interval_seconds", new Whole(1, 3600, "seconds")),
          key("resource_interval_seconds", new Whole(1, 3600, "seconds"))));

  private final Group root;

  /** The schema for a set of preset names. */
  Schema(List<String> presets) {
    List<Kind.Key> keys = new ArrayList<>();
    keys.add(key(
        "preset",
        new Text(
            Pattern.compile(String.join("|", presets)),
            "one of the presets " + String.join(", ", presets))));
    keys.add(key("namespace", new Text(NAME, "1 to 100 of A-Z a-z 0-9 . _ -")));
    keys.addAll(REDIS);
    keys.addAll(PER_CACHE);
    keys.add(key("enable_ai_cache", new Flag()));
    keys.add(AI);
    keys.add(key("environment", new Text(NAME, "1 to 100 of A-Z a-z 0-9 . _ -")));
    keys.add(key("enable_monitoring", new Flag()));
    keys.add(ALERTS);
    keys.add(key(
        "log_level", new Choice(Arrays.stream(LogLevel.values()).map(Enum::name).toList())));
    keys.add(key("caches", new Named(key("<cache>", group(PER_CACHE)))));
    this.root = group(keys);
  }

  Group root() {
    return root;
  }

  /** Names of the settings that a section for one cache may have. */
  static List<String> perCache() {
    return PER_CACHE.stream().map(Kind.Key::name).toList();
  }

  /** The options a Redis URL may carry that are keys, too. */
  static Map<String, Whole> urlOptions() {
    Map<String, Whole> options = new LinkedHashMap<>();
    for (Kind.Key key : REDIS) {
      if (key.kind() instanceof Whole whole
          && List.of("max_connections", "connection_timeout", "operation_timeout_ms")
              .contains(key.name())) {
        options.put(key.name(), whole);
      }
    }
    return options;
  }

  private static Kind.Key key(String name, Kind kind) {
    return new Kind.Key(name, kind);
  }

  private static Group group(List<Kind.Key> keys) {
    Map<String, Kind.Key> byName = new LinkedHashMap<>();
    keys.forEach(key -> byName.put(key.name(), key));
    return new Group(byName, ALIASES);
  }

  private static Text path() {
    return new Text(PATH, "the path of a PEM file");
  }

  private static Choice choice(Enum<?>[] constants) {
    return new Choice(
        Arrays.stream(constants).map(c -> c.name().toLowerCase(Locale.ROOT)).toList());
  }
}
