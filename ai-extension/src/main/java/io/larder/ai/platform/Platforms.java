package io.larder.ai.platform;

import java.lang.reflect.InvocationTargetException;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import org.jspecify.annotations.Nullable;

/** Finds the platform without needing Larder's provider on the class path. */
final class Platforms {

  private static final String MANAGER = "io.larder.LarderCacheManager";
  private static final String LEAF = "io.larder.ai.larder.LarderPlatform";

  private Platforms() {}

  static Platform of(CacheManager manager) {
    Object larder = unwrapped(manager);
    return larder == null ? new PlainPlatform() : leaf(larder);
  }

  private static @Nullable Object unwrapped(CacheManager manager) {
    try {
      Class<?> type = Class.forName(MANAGER, false, Platforms.class.getClassLoader());
      return manager.unwrap(type);
    } catch (ClassNotFoundException | IllegalArgumentException e) {
      return null;
    }
  }

  private static Platform leaf(Object larder) {
    try {
      return (Platform) Class.forName(LEAF).getMethod("of", Object.class).invoke(null, larder);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new CacheException("the AI cache cannot use Larder's cache manager", e);
    } catch (ReflectiveOperationException e) {
      throw new CacheException("the AI cache cannot use Larder's cache manager", e);
    }
  }
}
