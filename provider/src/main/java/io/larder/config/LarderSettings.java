package io.larder.config;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import javax.cache.CacheException;

/**
 * Settings made in code: immutable, free of faults, safe for use by several threads.
 *
 * <pre>{@code
 * LarderSettings settings = LarderSettings.builder()
 *     .preset("production")
 *     .redis("rediss://cache.example:6379/2")
 *     .security(security -> security.password(password))
 *     .memoryCache(200)
 *     .build();
 * CacheManager manager = LarderCaches.manager(settings);
 * }</pre>
 */
public final class LarderSettings {

  private final Reading reading;
  private final SavedForm saved;

  private LarderSettings(Reading reading, SavedForm saved) {
    this.reading = reading;
    this.saved = saved;
  }

  /** A builder that knows nothing of this process' environment until told to read it. */
  public static Builder builder() {
    return new Builder();
  }

  /** The values in force. */
  public Settings settings() {
    return reading.settings();
  }

  /** Warnings and recommendations about the values; without errors. */
  public ValidationReport report() {
    return reading.report();
  }

  /** All that reading gave. */
  public Reading reading() {
    return reading;
  }

  /** Lines for the log that reading gave rise to. */
  public List<Notice> notices() {
    return reading.notices();
  }

  /**
   * A new set of properties for {@code CachingProvider.getCacheManager}, secrets included, that
   * makes a manager with these settings.
   */
  public Properties toProperties() {
    Properties properties = new Properties();
    saved
        .object(saved.secrets())
        .forEach((key, value) -> properties.put(SourceLayers.PREFIX + key, value));
    return properties;
  }

  /**
   * Writes a settings file that makes these settings. Secrets are left out, unless asked for by
   * their keys ({@code "redis_password"}); the file is then readable for its owner only.
   *
   * @throws CacheException if a key names no secret, or one that is not set, or the file cannot be
   *     written
   */
  public void saveToFile(Path file, String... secretKeys) {
    Set<String> known = Schema.SECRETS;
    Set<String> reveal = new TreeSet<>(List.of(secretKeys));
    for (String key : reveal) {
      if (!known.contains(key)) {
        throw new CacheException(
            "secretKeys: '" + Masks.text(key) + "' must be one of " + new TreeSet<>(known));
      }
      if (!saved.secrets().contains(key)) {
        throw new CacheException("secretKeys: '" + key + "' must be set in these settings");
      }
    }
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new CacheException("file = " + file + ": must not be a directory");
    }
    try {
      saved.save(file, reveal);
    } catch (IOException e) {
      throw new CacheException("file: settings cannot be written to " + file, e);
    }
  }

  @Override
  public String toString() {
    return reading.settings().toString();
  }

  /**
   * Collects settings. What is set here wins over a file and the environment, whatever the order of
   * the calls; of two calls for one setting the later wins. Values are judged by {@link #validate}
   * and {@link #build}, all at once. Not safe for use by several threads.
   */
  public static final class Builder {

    private final SettingsReader reader = new SettingsReader();
    private final CodeValues said = new CodeValues(reader.root());
    private final Map<String, Object> own = new TreeMap<>();
    private Map<String, String> environment = Map.of();
    private Map<String, String> systemProperties = Map.of();
    private OptionalInt database = OptionalInt.empty();
    private URI uri = SettingsSources.DEFAULT_URI;
    private ClassLoader loader = LarderSettings.class.getClassLoader();

    private Builder() {}

    /**
     * Sets any key, dotted where it is within an object ({@code ai_config.max_text_length}); a map
     * sets the keys that it has and leaves others as they are.
     */
    public Builder set(String key, Object value) {
      Objects.requireNonNull(key, "key");
      said.set(key, Objects.requireNonNull(value, () -> key + ": must have a value"));
      return this;
    }

    /**
     * Values of a preset of the application's own, by key: stronger than those of the preset in
     * force, weaker than every source and every other call, {@code "preset"} among them.
     */
    public Builder defaults(Map<String, ?> values) {
      values.forEach((key, value) -> own.put(key, CodeValues.plain(value)));
      return this;
    }

    /** The Redis database where the URL names none; a cluster has no other than 0. */
    public Builder defaultDatabase(int number) {
      if (number < 0 || number > RedisUrl.MOST_DATABASES) {
        throw new IllegalArgumentException(
            "number = " + number + ": must be from 0 to " + RedisUrl.MOST_DATABASES);
      }
      database = OptionalInt.of(number);
      return this;
    }

    /** Names the preset. */
    public Builder preset(String preset) {
      return set("preset", preset);
    }

    /** Names the environment, which also chooses the preset where nothing names one. */
    public Builder environment(String environment) {
      return set("environment", environment);
    }

    /** The Redis URL: {@code redis://} or {@code rediss://}. */
    public Builder redis(String url) {
      return set("redis_url", url);
    }

    /** Bounds the stay of entries without an expiry of their own; whole seconds, zero for none. */
    public Builder defaultTtl(Duration ttl) {
      return set("default_ttl", ttl);
    }

    /** Credentials, TLS and signatures. */
    public Builder security(Consumer<Security> choices) {
      choices.accept(new Security(this));
      return this;
    }

    /** Values larger than the threshold, in bytes, are compressed; level 1 (fast) to 9 (small). */
    public Builder compression(int thresholdBytes, int level) {
      return set("compression_threshold", thresholdBytes).set("compression_level", level);
    }

    /** Chooses the compressor, too. */
    public Builder compression(CompressionKind kind, int thresholdBytes, int level) {
      return set("compression", kind).compression(thresholdBytes, level);
    }

    /** A near tier of that many entries in front of Redis. */
    public Builder memoryCache(int entries) {
      return set("enable_l1_cache", true).set("memory_cache_size", entries);
    }

    /** No near tier in front of Redis. */
    public Builder withoutMemoryCache() {
      return set("enable_l1_cache", false);
    }

    /** Whether an unreachable Redis is an error at creation. */
    public Builder failOnConnectionError(boolean fail) {
      return set("fail_on_connection_error", fail);
    }

    /** Switches the AI cache on and sets it up. */
    public Builder aiFeatures(Consumer<AiFeatures> choices) {
      set("enable_ai_cache", true);
      choices.accept(new AiFeatures(this));
      return this;
    }

    /**
     * Settings of their own for the caches of a name or pattern ({@code *}), by key; without any a
     * name still declares its cache.
     */
    public Builder cache(String nameOrPattern, Map<String, ?> settings) {
      said.section(Objects.requireNonNull(nameOrPattern, "nameOrPattern"), settings);
      return this;
    }

    /** Reads this process' environment variables and system properties, as they are now. */
    public Builder fromEnvironment() {
      SettingsSources process = SettingsSources.ofProcess(uri, null, loader);
      return fromEnvironment(process.environment(), process.systemProperties());
    }

    /** Reads the given variables and system properties. */
    public Builder fromEnvironment(
        Map<String, String> environment, Map<String, String> systemProperties) {
      this.environment = Map.copyOf(environment);
      this.systemProperties = Map.copyOf(systemProperties);
      return this;
    }

    /** Finds class path resources that sources name; otherwise Larder's own class loader does. */
    public Builder classLoader(ClassLoader classLoader) {
      this.loader = Objects.requireNonNull(classLoader, "classLoader");
      return this;
    }

    /** Reads a settings file. */
    public Builder fromFile(Path file) {
      this.uri = file.toUri();
      return this;
    }

    /** Reads a class path resource, found by a class loader. */
    public Builder fromResource(URI resource, ClassLoader loader) {
      this.uri = Objects.requireNonNull(resource, "resource");
      this.loader = Objects.requireNonNull(loader, "loader");
      return this;
    }

    /** Errors, warnings and recommendations so far; does not throw for them. */
    public ValidationReport validate() {
      return judged().report();
    }

    /**
     * The settings, independent of this builder from now on.
     *
     * @throws ConfigurationException if there is any fault; lists all of them
     */
    public LarderSettings build() {
      SettingsReader.Judged judged = judged();
      return new LarderSettings(reader.finish(judged), new SavedForm(judged.merged()));
    }

    /**
     * Builds and writes a settings file.
     *
     * @throws CacheException as {@link #build} and {@link LarderSettings#saveToFile}
     */
    public Builder saveToFile(Path file, String... secretKeys) {
      build().saveToFile(file, secretKeys);
      return this;
    }

    private SettingsReader.Judged judged() {
      return reader.judge(
          new SettingsSources(environment, systemProperties, uri, said.properties(), loader),
          new OwnPreset(own, database));
    }
  }

  /** Credentials, TLS and signatures of a {@link Builder}. */
  public static final class Security {

    private final Builder builder;

    private Security(Builder builder) {
      this.builder = builder;
    }

    /** The user of Redis' ACL. */
    public Security username(String username) {
      return set("redis_username", username);
    }

    /** The password of the user, or of Redis. */
    public Security password(String password) {
      return set("redis_password", password);
    }

    /** Whether connections use TLS though the URL is {@code redis://}. */
    public Security useTls(boolean use) {
      return set("use_tls", use);
    }

    /** Certificates to trust, a PEM file. */
    public Security trust(Path certificates) {
      return set("tls_ca_path", certificates);
    }

    /** The client's certificate and private key, PEM files. */
    public Security clientCertificate(Path certificate, Path key) {
      return set("tls_cert_path", certificate).set("tls_key_path", key);
    }

    /** Whether the server's certificate and host name are checked. */
    public Security verifyCertificates(boolean verify) {
      return set("verify_certificates", verify);
    }

    /** Signs what is stored in Redis; all processes need the same secret. */
    public Security frameHmacSecret(String secret) {
      return set("frame_hmac_secret", secret);
    }

    /** Patterns of classes that may be stored. */
    public Security allowedClasses(String... patterns) {
      return set("allowed_classes", List.of(patterns));
    }

    private Security set(String key, Object value) {
      builder.set(key, value);
      return this;
    }
  }

  /** The AI cache of a {@link Builder}. */
  public static final class AiFeatures {

    private final Builder builder;

    private AiFeatures(Builder builder) {
      this.builder = builder;
    }

    /** Code points of text that may stand readable in a key; 0 hashes all. */
    public AiFeatures textHashThreshold(int codePoints) {
      return set("text_hash_threshold", codePoints);
    }

    /** Boundaries between sizes of text, in code points. */
    public AiFeatures textSizeTiers(int small, int medium, int large) {
      return set("text_size_tiers.small", small)
          .set("text_size_tiers.medium", medium)
          .set("text_size_tiers.large", large);
    }

    /** How long answers of an operation stay; whole seconds. */
    public AiFeatures operationTtl(String operation, Duration ttl) {
      return set("operation_ttls." + operation, ttl);
    }

    /** Whether size and operation decide what enters the near tier. */
    public AiFeatures smartPromotion(boolean enable) {
      return set("enable_smart_promotion", enable);
    }

    /** Code points of text above which an answer is not cached. */
    public AiFeatures maxTextLength(int codePoints) {
      return set("max_text_length", codePoints);
    }

    /** Makes hashes in keys impossible to guess from a text. */
    public AiFeatures keyHmacSecret(String secret) {
      return set("key_hmac_secret", secret);
    }

    private AiFeatures set(String key, Object value) {
      builder.set("ai_config." + key, value);
      return this;
    }
  }
}
