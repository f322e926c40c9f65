package io.larder.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Single-purpose environment variables of the past: still read, with one warning. */
final class OldVariables {

  private static final Map<String, String> KEYS = keys();

  private OldVariables() {}

  /** Key by variable. */
  static Map<String, String> all() {
    return KEYS;
  }

  static void read(Map<String, String> environment, Layer layer, List<Notice> notices) {
    List<String> replacements = new ArrayList<>();
    KEYS.forEach((variable, key) -> {
      String value = environment.get(variable);
      if (value != null && !value.isBlank()) {
        layer.text(key, value, variable);
        replacements.add(variable + ": use " + replacement(key));
      }
    });
    if (!replacements.isEmpty()) {
      notices.add(new Notice(
          LogLevel.WARNING,
          "old environment variables are set, say it in a settings file, CACHE_CUSTOM_CONFIG or a"
              + " system property (" + String.join("; ", replacements) + ")"));
    }
  }

  private static String replacement(String key) {
    return (key.equals("enable_ai_cache") ? "ENABLE_AI_CACHE, " : "") + key + " or -Dlarder." + key;
  }

  private static Map<String, String> keys() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("CACHE_DEFAULT_TTL", "default_ttl");
    keys.put("CACHE_MEMORY_SIZE", "memory_cache_size");
    keys.put("CACHE_COMPRESSION_THRESHOLD", "compression_threshold");
    keys.put("CACHE_COMPRESSION_LEVEL", "compression_level");
    keys.put("CACHE_TEXT_HASH_THRESHOLD", "ai_config.text_hash_threshold");
    keys.put("CACHE_HASH_ALGORITHM", "ai_config.hash_algorithm");
    keys.put("CACHE_OPERATION_TTLS", "ai_config.operation_ttls");
    keys.put("CACHE_MAX_TEXT_LENGTH", "ai_config.max_text_length");
    keys.put("CACHE_ENABLE_SMART_PROMOTION", "ai_config.enable_smart_promotion");
    keys.put("CACHE_ENABLE_AI_FEATURES", "enable_ai_cache");
    keys.put("CACHE_REDIS_PASSWORD", "redis_password");
    keys.put("CACHE_USE_TLS", "use_tls");
    keys.put("CACHE_TLS_CERT_PATH", "tls_cert_path");
    keys.put("CACHE_TLS_KEY_PATH", "tls_key_path");
    keys.put("CACHE_ENVIRONMENT", "environment");
    return keys;
  }
}
