package io.larder;

import java.util.LinkedHashSet;
import java.util.Set;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import org.jspecify.annotations.Nullable;

/**
 * A cache's configuration: what it was created with, and what may change afterwards (listeners,
 * statistics, management). A caller can only look at it. Thread-safe.
 */
final class LiveConfiguration<K, V> implements CompleteConfiguration<K, V> {

  private static final long serialVersionUID = 1L;

  private final transient MutableConfiguration<K, V> current;

  LiveConfiguration(Configuration<K, V> given) {
    this.current = copyOf(given);
  }

  private static <K, V> MutableConfiguration<K, V> copyOf(Configuration<K, V> given) {
    if (given instanceof CompleteConfiguration<K, V> complete) {
      return new MutableConfiguration<>(complete);
    }
    return new MutableConfiguration<K, V>()
        .setTypes(given.getKeyType(), given.getValueType())
        .setStoreByValue(given.isStoreByValue());
  }

  synchronized void setStatisticsEnabled(boolean enabled) {
    current.setStatisticsEnabled(enabled);
  }

  synchronized void setManagementEnabled(boolean enabled) {
    current.setManagementEnabled(enabled);
  }

  synchronized void add(CacheEntryListenerConfiguration<K, V> listener) {
    current.addCacheEntryListenerConfiguration(listener);
  }

  synchronized void remove(CacheEntryListenerConfiguration<K, V> listener) {
    current.removeCacheEntryListenerConfiguration(listener);
  }

  @Override
  public Class<K> getKeyType() {
    return current.getKeyType();
  }

  @Override
  public Class<V> getValueType() {
    return current.getValueType();
  }

  @Override
  public boolean isStoreByValue() {
    return current.isStoreByValue();
  }

  @Override
  public boolean isReadThrough() {
    return current.isReadThrough();
  }

  @Override
  public boolean isWriteThrough() {
    return current.isWriteThrough();
  }

  @Override
  public synchronized boolean isStatisticsEnabled() {
    return current.isStatisticsEnabled();
  }

  @Override
  public synchronized boolean isManagementEnabled() {
    return current.isManagementEnabled();
  }

  @Override
  public synchronized Iterable<CacheEntryListenerConfiguration<K, V>>
      getCacheEntryListenerConfigurations() {
    Set<CacheEntryListenerConfiguration<K, V>> listeners = new LinkedHashSet<>();
    current.getCacheEntryListenerConfigurations().forEach(listeners::add);
    return listeners;
  }

  @Override
  public @Nullable Factory<CacheLoader<K, V>> getCacheLoaderFactory() {
    return current.getCacheLoaderFactory();
  }

  @Override
  public @Nullable Factory<CacheWriter<? super K, ? super V>> getCacheWriterFactory() {
    return current.getCacheWriterFactory();
  }

  @Override
  public Factory<ExpiryPolicy> getExpiryPolicyFactory() {
    return current.getExpiryPolicyFactory();
  }
}
