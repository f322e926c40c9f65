package io.larder;

import io.larder.store.redis.RedisClients;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.WeakHashMap;
import javax.cache.CacheManager;
import javax.cache.configuration.OptionalFeature;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;

/**
 * Larder's JSR-107 provider: {@code Caching.getCachingProvider()}. Thread-safe.
 *
 * <p>There is one manager for each class loader and URI; class loaders are held weakly. The
 * connections to Redis belong to the provider, which shares them among the managers of equal
 * settings and closes them with the last of these.
 */
public final class LarderCachingProvider implements CachingProvider {

  /** The manager URI that leaves the choice of the preset to the environment. */
  public static final URI DEFAULT_URI = URI.create("larder:default");

  private final Map<ClassLoader, Map<URI, LarderCacheManager>> managers = new WeakHashMap<>();
  private final RedisClients clients = new RedisClients();

  /** For {@link java.util.ServiceLoader}. */
  public LarderCachingProvider() {}

  /**
   * The manager of that URI and class loader, made if there is none.
   *
   * @param uri {@code larder:<preset>}, or null for {@link #DEFAULT_URI}
   * @param classLoader resolves the classes of keys and values; null for the default one
   * @param properties settings, which win over all others; null for none
   * @throws javax.cache.CacheException if the settings are at fault; the message lists every fault
   */
  @Override
  public CacheManager getCacheManager(
      @Nullable URI uri, @Nullable ClassLoader classLoader, @Nullable Properties properties) {
    URI managerUri = uri == null ? getDefaultURI() : uri;
    ClassLoader loader = classLoader == null ? getDefaultClassLoader() : classLoader;
    synchronized (managers) {
      Map<URI, LarderCacheManager> ofLoader =
          managers.computeIfAbsent(loader, unused -> new HashMap<>());
      LarderCacheManager manager = ofLoader.get(managerUri);
      if (manager == null || manager.isClosed()) {
        manager = new LarderCacheManager(this, clients, managerUri, loader, properties);
        ofLoader.put(managerUri, manager);
      }
      return manager;
    }
  }

  @Override
  public CacheManager getCacheManager(@Nullable URI uri, @Nullable ClassLoader classLoader) {
    return getCacheManager(uri, classLoader, getDefaultProperties());
  }

  @Override
  public CacheManager getCacheManager() {
    return getCacheManager(getDefaultURI(), getDefaultClassLoader(), getDefaultProperties());
  }

  @Override
  public ClassLoader getDefaultClassLoader() {
    return getClass().getClassLoader();
  }

  @Override
  public URI getDefaultURI() {
    return DEFAULT_URI;
  }

  @Override
  public Properties getDefaultProperties() {
    return new Properties();
  }

  @Override
  public void close() {
    closeAll(takeAll());
  }

  @Override
  public void close(@Nullable ClassLoader classLoader) {
    ClassLoader loader = classLoader == null ? getDefaultClassLoader() : classLoader;
    Map<URI, LarderCacheManager> ofLoader;
    synchronized (managers) {
      ofLoader = managers.remove(loader);
    }
    if (ofLoader != null) {
      closeAll(List.copyOf(ofLoader.values()));
    }
  }

  @Override
  public void close(@Nullable URI uri, @Nullable ClassLoader classLoader) {
    ClassLoader loader = classLoader == null ? getDefaultClassLoader() : classLoader;
    LarderCacheManager manager;
    synchronized (managers) {
      Map<URI, LarderCacheManager> ofLoader = managers.get(loader);
      manager = ofLoader == null ? null : ofLoader.get(uri == null ? getDefaultURI() : uri);
    }
    if (manager != null) {
      manager.close();
    }
  }

  /**
   * Whether store-by-reference is there: not when the default manager's settings name a Redis,
   * since what is in Redis can only be stored by value.
   */
  @Override
  public boolean isSupported(OptionalFeature feature) {
    return feature == OptionalFeature.STORE_BY_REFERENCE
        && LarderCacheManager.settingsOf(
                getDefaultURI(), getDefaultClassLoader(), getDefaultProperties())
            .redis()
            .isEmpty();
  }

  /** Forgets a manager that has closed. */
  void forget(LarderCacheManager manager, URI uri, @Nullable ClassLoader loader) {
    synchronized (managers) {
      Map<URI, LarderCacheManager> ofLoader = loader == null ? null : managers.get(loader);
      if (ofLoader != null && ofLoader.remove(uri, manager) && ofLoader.isEmpty()) {
        managers.remove(loader);
      }
    }
  }

  private List<LarderCacheManager> takeAll() {
    List<LarderCacheManager> all = new ArrayList<>();
    synchronized (managers) {
      managers.values().forEach(ofLoader -> all.addAll(ofLoader.values()));
      managers.clear();
    }
    return all;
  }

  private static void closeAll(List<LarderCacheManager> all) {
    all.forEach(LarderCacheManager::close);
  }
}
