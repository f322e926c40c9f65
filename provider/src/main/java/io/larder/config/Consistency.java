package io.larder.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Judges merged settings: values that contradict each other, and values often regretted. */
final class Consistency {

  private static final List<String> TLS_FILES =
      List.of("tls_ca_path", "tls_cert_path", "tls_key_path");
  private static final int DAY = 86_400;
  private static final int WEEK = 604_800;
  private static final int FAR = 4;
  private static final int SHORT_SECRET = 16;

  private final Merged merged;
  private final List<Fault> faults = new ArrayList<>();
  private final List<Notice> notices = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<String> recommendations = new ArrayList<>();

  Consistency(Merged merged) {
    this.merged = merged;
    disabled();
    redis();
    tlsFiles();
    tiers();
    alerts();
    fallback();
    sizes();
    ai();
    patterns();
  }

  List<Fault> faults() {
    return faults;
  }

  List<Notice> notices() {
    return notices;
  }

  List<String> warnings() {
    return warnings;
  }

  List<String> recommendations() {
    return recommendations;
  }

  private void disabled() {
    Optional<Given> url = merged.find("redis_url");
    Optional<Given> preset = merged.find("preset");
    if (url.isEmpty() || !merged.preset().equals("disabled")) {
      return;
    }
    if (preset.isPresent() && preset.get().sameSource(url.get())) {
      fault("redis_url", url.get(), "must not stand beside preset disabled in one source");
    } else {
      notices.add(new Notice(
          LogLevel.INFO,
          "preset disabled: caches are on the heap, redis_url of "
              + url.get().source()
              + " is not used"));
    }
  }

  private void redis() {
    Optional<RedisUrl> url = merged.redisUrl();
    if (url.isEmpty()) {
      if (!merged.preset().equals("disabled")) {
        for (String key : List.of("redis_username", "redis_password", "use_tls")) {
          merged.find(key).ifPresent(given -> noEffect(key, given, "there is no redis_url"));
        }
      }
      return;
    }
    merged
        .find("use_tls")
        .filter(given -> given.value().equals(false) && url.get().tls())
        .ifPresent(given -> fault("use_tls", given, "must not be false beside a rediss:// URL"));
    boolean password = merged.find("redis_password").isPresent();
    if (!password) {
      merged
          .find("redis_username")
          .ifPresent(given -> faults.add(new Fault(
              "redis_username",
              Secret.MASK,
              "must have a redis_password beside it"
                  + " (a password alone is written redis://:password@host)",
              given.source())));
    }
    if (password && !merged.tls() && merged.production()) {
      warnings.add("redis_url: the password travels in the clear in production; use rediss://");
    }
  }

  private void tlsFiles() {
    boolean certificate = merged.find("tls_cert_path").isPresent();
    for (String key : TLS_FILES) {
      merged.find(key).ifPresent(given -> tlsFile(key, given));
    }
    if (certificate != merged.find("tls_key_path").isPresent()) {
      String key = certificate ? "tls_cert_path" : "tls_key_path";
      merged
          .find(key)
          .ifPresent(given -> fault(key, given, "must come with its certificate or key"));
    }
  }

  private void tlsFile(String key, Given given) {
    if (!merged.tls()) {
      noEffect(key, given, "connections do not use TLS (rediss:// or use_tls)");
    } else if (!readable(given.value().toString())) {
      if (merged.production()) {
        fault(key, given, "must name a file that can be read");
      } else {
        warnings.add(key
            + ": no file that can be read: "
            + Masks.value(given.value())
            + " ("
            + given.source()
            + "); a manager with this URL cannot be made before it is there");
      }
    }
  }

  private static boolean readable(String path) {
    try {
      return Files.isRegularFile(Path.of(path)) && Files.isReadable(Path.of(path));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private void tiers() {
    String[] names = {"small", "medium", "large"};
    int[] sizes = new int[names.length];
    List<String> sources = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      sizes[i] = merged.whole("ai_config", "text_size_tiers", names[i]);
      merged
          .find("ai_config", "text_size_tiers", names[i])
          .map(Given::source)
          .filter(source -> !sources.contains(source))
          .ifPresent(sources::add);
    }
    if (sizes[0] >= sizes[1] || sizes[1] >= sizes[2]) {
      faults.add(new Fault(
          "ai_config.text_size_tiers",
          sizes[0] + "/" + sizes[1] + "/" + sizes[2],
          "must be small < medium < large",
          String.join(", ", sources)));
    }
  }

  private void alerts() {
    ordered("memory_warning_mb", "memory_critical_mb");
    ordered("operation_warning_ms", "operation_critical_ms");
    ordered("invalidations_per_hour_warning", "invalidations_per_hour_critical");
    ordered("hit_ratio_critical", "hit_ratio_warning");
  }

  private void ordered(String lower, String upper) {
    Given low = merged.find("alerts", lower).orElseThrow();
    Given high = merged.find("alerts", upper).orElseThrow();
    if (((Number) low.value()).doubleValue() > ((Number) high.value()).doubleValue()) {
      if (low.rank().compareTo(high.rank()) > 0) {
        fault("alerts." + lower, low, "must be at most " + upper + " = " + high.value());
      } else {
        fault("alerts." + upper, high, "must be at least " + lower + " = " + low.value());
      }
    }
  }

  private void fallback() {
    if (!merged.flag("fail_on_connection_error")) {
      return;
    }
    List<String> key = List.of("fallback");
    Given top = merged.said().get(key);
    if (top != null) {
      mustFail("fallback", top);
    }
    for (String cache : merged.names("caches")) {
      Given own = merged.below("caches", cache).get("fallback");
      if (own != null) {
        mustFail("caches." + cache + ".fallback", own);
      }
    }
  }

  private void mustFail(String key, Given given) {
    if (!given.value().equals(FallbackKind.FAIL.name().toLowerCase(Locale.ROOT))) {
      fault(key, given, "must be fail or absent where fail_on_connection_error is true");
    }
  }

  private void sizes() {
    size("default_ttl", merged.whole("default_ttl"));
    size("memory_cache_size", merged.whole("memory_cache_size"));
    size("compression_level", merged.whole("compression_level"));
    size("compression_threshold", merged.whole("compression_threshold"));
    for (String cache : merged.names("caches")) {
      merged.below("caches", cache).forEach((key, given) -> {
        if (given.rank() != Rank.DEFAULTS && given.value() instanceof Long number) {
          size("caches." + cache + "." + key, number);
        }
      });
    }
    secret("frame_hmac_secret");
    secret("ai_config", "key_hmac_secret");
  }

  private void size(String key, long value) {
    String name = key.substring(key.lastIndexOf('.') + 1);
    String shown = Masks.text(key) + " = " + value + ": ";
    switch (name) {
      case "default_ttl" -> {
        if (value == 0) {
          warnings.add(shown + "entries never expire");
        } else if (value < 60) {
          warnings.add(shown + "below 60 s most reads will miss");
        } else if (value > DAY) {
          warnings.add(shown + "over a day, entries may be out of date");
        }
      }
      case "memory_cache_size" -> {
        if (value > 1000) {
          warnings.add(shown + "over 1000 entries may take much memory in every process");
        } else if (value < 50) {
          recommendations.add(shown + "below 50 entries few reads are answered in the process");
        }
      }
      case "compression_level" -> {
        if (value > 7) {
          warnings.add(shown + "above 7 writes cost much CPU");
        }
      }
      case "compression_threshold" -> {
        if (value > 5000) {
          recommendations.add(shown + "values up to 5000 bytes would gain from compression, too");
        }
      }
      default -> {}
    }
  }

  private void secret(String... path) {
    merged
        .optional(Secret.class, path)
        .filter(secret -> secret.reveal().length() < SHORT_SECRET)
        .ifPresent(secret -> warnings.add(
            String.join(".", path) + ": shorter than " + SHORT_SECRET + " characters"));
  }

  private void ai() {
    if (!merged.flag("enable_ai_cache")) {
      return;
    }
    merged.below("ai_config", "operation_ttls").forEach((operation, given) -> {
      if (given.value() instanceof Long seconds && seconds > WEEK) {
        warnings.add("ai_config.operation_ttls."
            + Masks.text(operation)
            + " = "
            + seconds
            + ": over a week, answers may be out of date");
      }
    });
    long hash = merged.whole("ai_config", "text_hash_threshold");
    long compress = merged.whole("compression_threshold");
    // 0 is a decision, not a size: hash all, compress all.
    if (hash > 0 && compress > 0 && (hash > FAR * compress || compress > FAR * hash)) {
      recommendations.add("ai_config.text_hash_threshold = "
          + hash
          + ": far from compression_threshold = "
          + compress
          + "; texts of one size are usually worth both or neither");
    }
  }

  private void patterns() {
    for (String name : merged.names("caches")) {
      if (name.indexOf('?') >= 0 || name.indexOf('[') >= 0) {
        warnings.add(
            "caches." + Masks.text(name) + ": only * is a wildcard; ? and [ stand for themselves");
      }
    }
  }

  private void noEffect(String key, Given given, String reason) {
    warnings.add(key + " (" + given.source() + ") has no effect: " + reason);
  }

  private void fault(String key, Given given, String rule) {
    String shown =
        given.value() instanceof RedisUrl url ? url.masked() : Masks.value(given.value());
    faults.add(new Fault(Masks.text(key), shown, rule, given.source()));
  }
}
