package io.larder.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes records of settings from merged values that are free of faults. */
final class Assembly {

  private static final String AI = "ai_config";
  private static final String ALERTS = "alerts";
  private static final String CACHES = "caches";

  private final Merged merged;

  Assembly(Merged merged) {
    this.merged = merged;
  }

  Settings settings() {
    return new Settings(
        merged.preset(),
        merged.value(String.class, "namespace"),
        merged.redisUrl().map(this::redis),
        operationTimeout(),
        merged.flag("fail_on_connection_error"),
        LogLevel.valueOf(merged.value(String.class, "log_level")),
        sections(),
        merged.optional(String.class, "environment"),
        ai(),
        breaker(),
        merged.optional(Secret.class, "frame_hmac_secret"),
        merged.flag("enable_monitoring"),
        alerts(),
        declared());
  }

  private Duration operationTimeout() {
    return Duration.ofMillis(merged.whole("operation_timeout_ms"));
  }

  private RedisSettings redis(RedisUrl url) {
    boolean tls = merged.tls();
    String scheme = tls ? "rediss://" : "redis://";
    Optional<String> user = merged.optional(String.class, "redis_username");
    Optional<Secret> password = merged.optional(Secret.class, "redis_password");
    return new RedisSettings(
        url.hosts().stream().map(host -> scheme + host).toList(),
        url.shown(tls, user, password.isPresent()),
        url.database(),
        user,
        password,
        new TlsSettings(
            tls,
            path("tls_ca_path"),
            path("tls_cert_path"),
            path("tls_key_path"),
            merged.flag("verify_certificates")),
        merged.whole("max_connections"),
        Duration.ofSeconds(merged.whole("connection_timeout")),
        operationTimeout(),
        url.topology(),
        url.sentinelMaster());
  }

  private Optional<Path> path(String key) {
    return merged.optional(String.class, key).map(Path::of);
  }

  private CacheSections sections() {
    CacheSettings base = cache(Map.of());
    Map<String, CacheSettings> exact = new LinkedHashMap<>();
    List<CacheSections.Pattern> patterns = new ArrayList<>();
    for (String name : merged.names(CACHES)) {
      CacheSettings settings = cache(merged.below(CACHES, name));
      if (Glob.isGlob(name)) {
        patterns.add(new CacheSections.Pattern(new Glob(name), settings));
      } else {
        exact.put(name, settings);
      }
    }
    patterns.sort(Comparator.comparing(CacheSections.Pattern::glob, Glob.MOST_SPECIFIC_FIRST));
    return new CacheSections(base, exact, patterns);
  }

  /** Sections of the defaults declare nothing. */
  private Set<String> declared() {
    return merged.said().keySet().stream()
        .filter(path -> path.size() > 1 && path.get(0).equals(CACHES))
        .map(path -> path.get(1))
        .filter(name -> !Glob.isGlob(name))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private CacheSettings cache(Map<String, Given> section) {
    Function<String, Object> value = key ->
        section.containsKey(key) ? section.get(key).value() : merged.value(Object.class, key);
    return new CacheSettings(
        Duration.ofSeconds((Long) value.apply("default_ttl")),
        Math.toIntExact((Long) value.apply("memory_cache_size")),
        Math.toIntExact((Long) value.apply("heap_cache_size")),
        (Boolean) value.apply("enable_l1_cache"),
        CodecKind.valueOf(constant(value.apply("codec"))),
        CompressionKind.valueOf(constant(value.apply("compression"))),
        Math.toIntExact((Long) value.apply("compression_threshold")),
        Math.toIntExact((Long) value.apply("compression_level")),
        merged.flag("fail_on_connection_error")
            ? FallbackKind.FAIL
            : FallbackKind.valueOf(constant(value.apply("fallback"))),
        ((List<?>) value.apply("allowed_classes")).stream().map(String::valueOf).toList());
  }

  private static String constant(Object word) {
    return word.toString().toUpperCase(Locale.ROOT);
  }

  private AiSettings ai() {
    Map<String, Duration> ttls = merged.below(AI, "operation_ttls").entrySet().stream()
        .collect(Collectors.toMap(
            Map.Entry::getKey,
            entry -> Duration.ofSeconds((Long) entry.getValue().value())));
    return new AiSettings(
        merged.flag("enable_ai_cache"),
        merged.whole(AI, "text_hash_threshold"),
        merged.value(String.class, AI, "hash_algorithm"),
        new TextSizeTiers(
            merged.whole(AI, "text_size_tiers", "small"),
            merged.whole(AI, "text_size_tiers", "medium"),
            merged.whole(AI, "text_size_tiers", "large")),
        ttls,
        merged.flag(AI, "enable_smart_promotion"),
        merged.whole(AI, "max_text_length"),
        merged.optional(Secret.class, AI, "key_hmac_secret"));
  }

  private BreakerSettings breaker() {
    return new BreakerSettings(
        merged.whole("breaker_failures"),
        Duration.ofSeconds(merged.whole("breaker_open_seconds")),
        merged.whole("journal_size"));
  }

  private AlertSettings alerts() {
    return new AlertSettings(
        levels("hit_ratio_warning", "hit_ratio_critical"),
        levels("memory_warning_mb", "memory_critical_mb"),
        levels("operation_warning_ms", "operation_critical_ms"),
        levels("invalidations_per_hour_warning", "invalidations_per_hour_critical"),
        merged.whole(ALERTS, "failures_critical"),
        Duration.ofSeconds(merged.whole(ALERTS, "check_interval_seconds")),
        Duration.ofSeconds(merged.whole(ALERTS, "resource_interval_seconds")));
  }

  private AlertSettings.Levels levels(String warning, String critical) {
    return new AlertSettings.Levels(
        merged.value(Number.class, ALERTS, warning).doubleValue(),
        merged.value(Number.class, ALERTS, critical).doubleValue());
  }
}
