package io.larder;

import io.larder.config.LarderSettings;
import io.larder.config.ProbeReport;
import io.larder.store.redis.RedisProbe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.cache.CacheException;
import javax.cache.Caching;
import org.jspecify.annotations.Nullable;

/**
 * Caches for plain code, without JCache's ceremony: settings for a kind of application, and the
 * caches of these settings. Immutable and safe for use by several threads.
 *
 * <pre>{@code
 * LarderCache<String, Product> products =
 *     LarderCaches.webApp().redis("redis://localhost:6379").cache("products", String.class, Product.class);
 * }</pre>
 *
 * <p>What it hands out are ordinary caches of ordinary managers of one
 * {@link LarderCachingProvider}. Equal settings share one manager for each class loader
 * ({@link #classLoader}), and asked twice for a name it gives the same cache, until that is closed.
 * Each time it reads the settings, so keep the cache in a field. A manager keeps its connections
 * until it is closed: {@code cache.getCacheManager().close()}.
 *
 * <p>How strong the values are, weakest first: the defaults; the preset that the environment names
 * ({@code CACHE_PRESET} and so on), else the one that the factory names; <b>the factory's own
 * values</b>; old variables; {@code CACHE_CONFIG_FILE} or the file of {@link #fromFile};
 * {@code CACHE_REDIS_URL} and {@code ENABLE_AI_CACHE}; {@code CACHE_CUSTOM_CONFIG};
 * {@code larder.*} system properties; what is said here by {@link #with}, {@link #redis},
 * {@link #useMemoryCache} or in the map of {@link #from}. Without a URL from any of them, caches
 * are on the heap.
 */
public final class LarderCaches {

  private static final String SIMPLE = "simple";
  private static final int TEST_DATABASE = 15;

  private static final Map<String, Object> WEB_APP = Map.of(
      "preset", SIMPLE,
      "default_ttl", 1800,
      "enable_l1_cache", true,
      "memory_cache_size", 200,
      "compression_threshold", 2000,
      "compression_level", 6,
      "fail_on_connection_error", false);

  private static final Map<String, Object> AI_APP = Map.of(
      "preset", SIMPLE,
      "default_ttl", 3600,
      "enable_l1_cache", true,
      "memory_cache_size", 100,
      "compression_threshold", 1000,
      "compression_level", 6,
      "enable_ai_cache", true,
      "ai_config.text_hash_threshold", 500,
      "fail_on_connection_error", false);

  private static final Map<String, Object> TESTING = Map.of(
      "default_ttl", 60,
      "enable_l1_cache", false,
      "memory_cache_size", 50,
      "compression_threshold", 1000,
      "compression_level", 1,
      "fail_on_connection_error", false);

  /** Room on the heap, where the preset that has no Redis would leave next to none. */
  private static final Map<String, Object> MEMORY = Map.of("heap_cache_size", 10_000);

  private final Supplier<LarderSettings.Builder> start;
  private final @Nullable ClassLoader loader;

  private LarderCaches(Supplier<LarderSettings.Builder> start, @Nullable ClassLoader loader) {
    this.start = start;
    this.loader = loader;
  }

  /** For web applications, over preset {@code simple}: TTL 30 min, 200 near entries. */
  public static LarderCaches webApp() {
    return over(WEB_APP);
  }

  /** For AI applications, over preset {@code simple}: TTL 1 h, 100 near entries, AI cache on. */
  public static LarderCaches aiApp() {
    return over(AI_APP);
  }

  /**
   * For tests, over preset {@code development}: TTL 1 min, no near entries, and database 15 unless
   * the URL names one. {@link #useMemoryCache} keeps to the heap.
   */
  public static LarderCaches testing() {
    return new LarderCaches(
        () -> ofProcess().defaults(TESTING).defaultDatabase(TEST_DATABASE), null);
  }

  /** Settings by key, as in a settings file; the AI cache is on if they say so. */
  public static LarderCaches from(Map<String, ?> settings) {
    Map<String, Object> copy = new TreeMap<>();
    settings.forEach((key, value) ->
        copy.put(key, copyOf(Objects.requireNonNull(value, () -> key + ": must have a value"))));
    return new LarderCaches(
        () -> {
          LarderSettings.Builder builder = ofProcess();
          copy.forEach(builder::set);
          return builder;
        },
        null);
  }

  /** What the caller does to maps and lists later changes nothing here. */
  private static Object copyOf(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
      map.forEach((key, item) -> copy.put(key, item == null ? null : copyOf(item)));
      return copy;
    } else if (value instanceof List<?> items) {
      List<@Nullable Object> copy = new ArrayList<>();
      items.forEach(item -> copy.add(item == null ? null : copyOf(item)));
      return copy;
    }
    return value;
  }

  /** A settings file; the AI cache is on if it says so. */
  public static LarderCaches fromFile(Path file) {
    return new LarderCaches(() -> ofProcess().fromFile(file), null);
  }

  private static LarderCaches over(Map<String, Object> values) {
    return new LarderCaches(() -> ofProcess().defaults(values), null);
  }

  private static LarderSettings.Builder ofProcess() {
    return LarderSettings.builder().fromEnvironment();
  }

  /** The same with a Redis URL. */
  public LarderCaches redis(String url) {
    return with("redis_url", url);
  }

  /** The same with a value for a key, dotted where it is within an object. */
  public LarderCaches with(String key, Object value) {
    Objects.requireNonNull(key, "key");
    Object copy = copyOf(Objects.requireNonNull(value, () -> key + ": must have a value"));
    return new LarderCaches(() -> start.get().set(key, copy), loader);
  }

  /**
   * The same on the heap, whatever Redis the environment names: over preset {@code disabled}, with
   * room for 10,000 entries unless a source says otherwise. What neither the factory nor a source
   * says is as in that preset. Beside {@link #redis} it is a fault.
   */
  public LarderCaches useMemoryCache() {
    return new LarderCaches(() -> start.get().preset("disabled").defaults(MEMORY), loader);
  }

  /**
   * The same with a class loader that resolves the classes of keys and values, and settings files
   * on the class path; otherwise it is the context class loader of the thread that asks, or
   * Larder's own if that has none. Managers are per class loader: threads with others get other
   * managers.
   */
  public LarderCaches classLoader(ClassLoader classLoader) {
    return new LarderCaches(start, classLoader);
  }

  /**
   * The settings, read from the environment and all that was said here.
   *
   * @throws io.larder.config.ConfigurationException if there is any fault; lists all of them
   */
  public LarderSettings settings() {
    return start.get().classLoader(loader()).build();
  }

  /**
   * The manager of these settings, made if there is none.
   *
   * @throws CacheException if the settings are at fault, or if Redis cannot be reached and
   *     {@code fail_on_connection_error} is true
   */
  public LarderCacheManager manager() {
    return provider().managerOf(settings(), loader());
  }

  /**
   * The manager of these settings, made if there is none. Nothing but the settings counts: the
   * environment does if they were built with it. The thread's context class loader resolves
   * classes.
   *
   * @throws CacheException if Redis cannot be reached and {@code fail_on_connection_error} is true
   */
  public static LarderCacheManager manager(LarderSettings settings) {
    return provider().managerOf(settings, threadLoader());
  }

  /**
   * The cache of that name, made if there is none: eternal entries within the default TTL, by
   * value, with its JMX beans unless {@code enable_monitoring} is false. Another configuration goes
   * through {@code manager().createCache}.
   *
   * @throws CacheException as {@link #manager()}, or if the cache is there with other types
   */
  public <K, V> LarderCache<K, V> cache(String name, Class<K> keyType, Class<V> valueType) {
    LarderSettings settings = settings();
    while (true) {
      LarderCacheManager manager = provider().managerOf(settings, loader());
      try {
        return manager.findOrCreate(name, keyType, valueType);
      } catch (IllegalStateException e) {
        // Somebody may have closed it since.
        if (!manager.isClosed()) {
          throw e;
        }
      }
    }
  }

  /**
   * Tries the settings for real, as {@link #probe(LarderSettings)}.
   *
   * @throws io.larder.config.ConfigurationException if the settings are at fault: there is nothing
   *     to try then
   */
  public ProbeReport probe() {
    return probe(settings());
  }

  /**
   * Tries settings for real: connects to Redis, sets a key, gets it and deletes it. It leaves no
   * key, connection or thread behind, takes no longer than the connect timeout and the operation
   * timeout together, and throws nothing: what went wrong is in the report.
   */
  public static ProbeReport probe(LarderSettings settings) {
    return settings
        .settings()
        .redis()
        .map(redis -> RedisProbe.run(redis, settings.settings().namespace()))
        .orElseGet(ProbeReport::heap);
  }

  private ClassLoader loader() {
    return loader == null ? threadLoader() : loader;
  }

  private static ClassLoader threadLoader() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context == null ? LarderCaches.class.getClassLoader() : context;
  }

  /** One for all threads: JCache keeps a provider for each class loader that is asked with. */
  private static LarderCachingProvider provider() {
    return (LarderCachingProvider) Caching.getCachingProvider(
        LarderCachingProvider.class.getName(), LarderCachingProvider.class.getClassLoader());
  }
}
