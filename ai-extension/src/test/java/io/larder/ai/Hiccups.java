package io.larder.ai;

import io.larder.ai.platform.Platform;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import javax.cache.Cache;
import javax.cache.CacheManager;
import org.jspecify.annotations.Nullable;

/**
 * A manager whose caches answer certain calls as a fallback does that is dropped at once: nothing
 * is found, and what is changed is gone. So it is when Redis stands still for a moment, which
 * cannot be timed to one call.
 */
final class Hiccups {

  private final AtomicLong callsApart = new AtomicLong();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private String cacheName = "";
  private String method = "";
  private int left;

  /** So many calls of that method, or of all if it is empty. */
  void come(String ofCache, String ofMethod, int count) {
    cacheName = ofCache;
    method = ofMethod;
    left = count;
  }

  /** The names of all methods that were called. */
  List<String> calls() {
    return calls;
  }

  CacheManager manager(CacheManager real) {
    return proxy(CacheManager.class, real, (proxy, called, arguments) -> {
      Object result = passed(real, called, arguments);
      return result instanceof Cache<?, ?> cache ? cache(cache) : result;
    });
  }

  Platform platform(Platform real) {
    return proxy(
        Platform.class,
        real,
        (proxy, called, arguments) -> called.getName().equals("callsApart")
            ? callsApart.get()
            : passed(real, called, arguments));
  }

  private Cache<?, ?> cache(Cache<?, ?> real) {
    return proxy(Cache.class, real, (proxy, called, arguments) -> {
      calls.add(called.getName());
      if (left == 0
          || !real.getName().equals(cacheName)
          || !method.isEmpty() && !method.equals(called.getName())
          || called.getName().equals("isClosed")) {
        return passed(real, called, arguments);
      }
      left--;
      callsApart.incrementAndGet();
      return switch (called.getName()) {
        case "get" -> null;
        case "getAll" -> Map.of();
        case "putIfAbsent", "invoke" -> true;
        default -> throw new AssertionError(called);
      };
    });
  }

  private static @Nullable Object passed(Object real, Method called, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return called.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, Object real, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(real.getClass().getClassLoader(), new Class<?>[] {type}, handler));
  }
}
