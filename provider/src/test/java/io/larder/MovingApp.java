package io.larder;

import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;

/** An application that knows only JCache: prints what its cache had, and what it has then. */
final class MovingApp {

  private MovingApp() {}

  public static void main(String[] args) {
    CacheManager manager =
        Caching.getCachingProvider("io.larder.LarderCachingProvider").getCacheManager();
    Cache<String, String> cache = manager.createCache(
        "products",
        new MutableConfiguration<String, String>().setTypes(String.class, String.class));
    System.out.println("before=" + cache.get("key"));
    cache.put("key", "value");
    System.out.println("after=" + cache.get("key"));
    manager.close();
  }
}
