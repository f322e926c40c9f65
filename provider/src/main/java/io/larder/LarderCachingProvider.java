package io.larder;

import io.larder.config.ConfigurationException;
import io.larder.config.LarderSettings;
import io.larder.config.Settings;
import io.larder.store.redis.RedisClients;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import javax.cache.CacheManager;
import javax.cache.configuration.OptionalFeature;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;

/**
 * Larder's JSR-107 provider: {@code Caching.getCachingProvider()}. Thread-safe.
 *
 * <p>There is one manager for each class loader and URI; a manager without caches does not keep its
 * class loader. The connections to Redis belong to the provider, which shares them among the
 * managers of equal settings and closes them with the last of these.
 */
public final class LarderCachingProvider implements CachingProvider {

  /** The manager URI that leaves the choice of the preset to the environment. */
  public static final URI DEFAULT_URI = URI.create("larder:default");

  /** A manager stands here from before it is made, so that nobody waits for others' Redis. */
  private final Map<ClassLoader, Map<URI, Slot>> managers = new WeakHashMap<>();

  private final RedisClients clients = new RedisClients();

  /** A manager's place. */
  private static final class Slot extends CompletableFuture<LarderCacheManager> {

    /** The settings that it is made of, where these name the manager. */
    private final @Nullable Settings asked;

    Slot(@Nullable Settings asked) {
      this.asked = asked;
    }

    boolean isOf(Settings settings) {
      return !hasEnded() && settings.equals(asked);
    }

    boolean hasEnded() {
      return isCompletedExceptionally() || isDone() && join().isClosed();
    }
  }

  /** For {@link java.util.ServiceLoader}. */
  public LarderCachingProvider() {}

  /**
   * The manager of that URI and class loader, made if there is none.
   *
   * @param uri {@code larder:<preset>} or a settings file, or null for {@link #DEFAULT_URI}
   * @param classLoader resolves the classes of keys and values; null for the default one
   * @param properties settings, which win over all others; null for none. A manager that is there
   *     keeps those it was made with, and warns once if they are others
   * @throws javax.cache.CacheException if the settings are at fault; the message lists every fault
   */
  @Override
  public CacheManager getCacheManager(
      @Nullable URI uri, @Nullable ClassLoader classLoader, @Nullable Properties properties) {
    URI managerUri = uri == null ? getDefaultURI() : uri;
    ClassLoader loader = classLoader == null ? getDefaultClassLoader() : classLoader;
    LarderCacheManager manager =
        manager(managerUri, loader, () -> ManagerSpec.read(managerUri, loader, properties));
    manager.askedWith(properties);
    return manager;
  }

  /**
   * The manager of these very settings, made if there is none; equal settings share one. Its URI is
   * the preset's name and a digest of all settings but the secrets, with a number where there is
   * another manager of that name, be it of another class loader.
   */
  LarderCacheManager managerOf(LarderSettings settings, @Nullable ClassLoader classLoader) {
    ClassLoader loader = classLoader == null ? getDefaultClassLoader() : classLoader;
    Settings asked = settings.settings();
    Slot mine = new Slot(asked);
    Slot slot;
    URI uri;
    synchronized (managers) {
      Map<URI, Slot> ofLoader = managers.computeIfAbsent(loader, unused -> new HashMap<>());
      uri = freeUri(settings);
      slot = ofLoader.values().stream()
          .filter(there -> there.isOf(asked))
          .findAny()
          .orElse(mine);
      if (slot == mine) {
        ofLoader.put(uri, mine);
      }
    }
    if (slot == mine) {
      fill(mine, uri, loader, () -> ManagerSpec.of(uri, loader, settings));
    }
    return outcome(slot);
  }

  /** The first that no manager has; with {@link #managers} locked. */
  private URI freeUri(LarderSettings settings) {
    for (int alike = 1; ; alike++) {
      URI uri = SettingsUri.of(settings, alike);
      if (managers.values().stream()
          .map(ofLoader -> ofLoader.get(uri))
          .allMatch(slot -> slot == null || slot.hasEnded())) {
        return uri;
      }
    }
  }

  private LarderCacheManager manager(
      URI managerUri, ClassLoader loader, Supplier<ManagerSpec> spec) {
    Slot mine = new Slot(null);
    Slot slot;
    synchronized (managers) {
      slot = managers
          .computeIfAbsent(loader, unused -> new HashMap<>())
          .compute(managerUri, (key, there) -> there == null || there.hasEnded() ? mine : there);
    }
    if (slot == mine) {
      fill(mine, managerUri, loader, spec);
    }
    return outcome(slot);
  }

  /** Makes the manager, without the lock: it may wait for Redis. */
  private void fill(Slot slot, URI uri, ClassLoader loader, Supplier<ManagerSpec> spec) {
    try {
      slot.complete(new LarderCacheManager(this, clients, spec.get()));
    } catch (RuntimeException | Error e) {
      remove(slot, uri, loader);
      slot.completeExceptionally(e);
    }
  }

  private static LarderCacheManager outcome(Slot slot) {
    try {
      return slot.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
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
    Map<URI, Slot> ofLoader;
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
    URI managerUri = uri == null ? getDefaultURI() : uri;
    Slot slot;
    synchronized (managers) {
      Map<URI, Slot> ofLoader = managers.get(loader);
      slot = ofLoader == null ? null : ofLoader.get(managerUri);
    }
    if (slot != null) {
      remove(slot, managerUri, loader);
      closeAll(List.of(slot));
    }
  }

  /**
   * Whether store-by-reference is there: not when the default manager's settings name a Redis,
   * since what is in Redis can only be stored by value.
   */
  @Override
  public boolean isSupported(OptionalFeature feature) {
    return feature == OptionalFeature.STORE_BY_REFERENCE && isOnHeap();
  }

  private boolean isOnHeap() {
    try {
      return ManagerSpec.read(getDefaultURI(), getDefaultClassLoader(), getDefaultProperties())
          .reading()
          .settings()
          .redis()
          .isEmpty();
    } catch (ConfigurationException e) {
      // No default manager can be made then, so it supports nothing.
      return false;
    }
  }

  /** Forgets a manager that has closed. */
  void forget(LarderCacheManager manager, URI uri, @Nullable ClassLoader loader) {
    if (loader == null) {
      return;
    }
    synchronized (managers) {
      Map<URI, Slot> ofLoader = managers.get(loader);
      Slot slot = ofLoader == null ? null : ofLoader.get(uri);
      if (slot != null
          && slot.isDone()
          && !slot.isCompletedExceptionally()
          && slot.join() == manager) {
        remove(slot, uri, loader);
      }
    }
  }

  private void remove(Slot slot, URI uri, ClassLoader loader) {
    synchronized (managers) {
      Map<URI, Slot> ofLoader = managers.get(loader);
      if (ofLoader != null && ofLoader.remove(uri, slot) && ofLoader.isEmpty()) {
        managers.remove(loader);
      }
    }
  }

  private List<Slot> takeAll() {
    List<Slot> all = new ArrayList<>();
    synchronized (managers) {
      managers.values().forEach(ofLoader -> all.addAll(ofLoader.values()));
      managers.clear();
    }
    return all;
  }

  /** Closes each, also when one fails; a manager that is still being made closes once it is. */
  private static void closeAll(List<Slot> all) {
    Throwable failure = null;
    for (Slot slot : all) {
      if (!slot.isDone()) {
        slot.thenAccept(LarderCachingProvider::closeQuietly);
      } else if (!slot.isCompletedExceptionally()) {
        try {
          slot.join().close();
        } catch (RuntimeException | Error e) {
          if (failure == null) {
            failure = e;
          } else {
            failure.addSuppressed(e);
          }
        }
      }
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
    if (failure instanceof Error error) {
      throw error;
    }
  }

  private static void closeQuietly(LarderCacheManager manager) {
    try {
      manager.close();
    } catch (RuntimeException e) {
      manager.log().from(LarderCachingProvider.class).warn("could not be closed", e);
    }
  }
}
