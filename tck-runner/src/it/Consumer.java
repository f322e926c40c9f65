import java.util.Properties;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.spi.CachingProvider;

/** An application that has Larder, or Larder and Redisson, on its class path and knows only javax.cache. */
public final class Consumer {

  private static final String LARDER = "io.larder.LarderCachingProvider";

  public static void main(String[] args) {
    boolean besideRedisson = args[0].equals("beside-redisson");
    check(present("org.redisson.Redisson") == besideRedisson, "Redisson on the class path");
    CachingProvider provider = besideRedisson ? byName() : Caching.getCachingProvider();
    check(provider.getClass().getName().equals(LARDER), "provider is " + provider.getClass());
    try (provider) {
      use(provider, args[1], args[2], args[3]);
    }
  }

  private static void use(CachingProvider provider, String action, String redisUrl, String namespace) {
    Properties properties = new Properties();
    properties.setProperty("redis_url", redisUrl);
    properties.setProperty("namespace", namespace);
    properties.setProperty("fail_on_connection_error", "true");
    CacheManager manager =
        provider.getCacheManager(
            provider.getDefaultURI(), provider.getDefaultClassLoader(), properties);
    Cache<String, Integer> cache =
        manager.createCache(
            "consumed",
            new MutableConfiguration<String, Integer>().setTypes(String.class, Integer.class));
    if (action.equals("put")) {
      cache.put("answer", 42);
    }
    Integer found = cache.get("answer");
    check(Integer.valueOf(42).equals(found), "found " + found);
  }

  /** With two providers on the class path javax.cache wants to be told which. */
  private static CachingProvider byName() {
    try {
      Caching.getCachingProvider();
      throw new AssertionError("expected two providers");
    } catch (CacheException expected) {
      return Caching.getCachingProvider(LARDER);
    }
  }

  private static boolean present(String className) {
    try {
      Class.forName(className, false, Consumer.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
