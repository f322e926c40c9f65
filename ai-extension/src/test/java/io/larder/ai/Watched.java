package io.larder.ai;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.cache.Cache;
import javax.cache.CacheManager;

/** A manager whose caches tell of what they have done, on the thread that did it. */
final class Watched {

  private Watched() {}

  /**
   * That manager.
   *
   * @param done told the names of cache and method before the method returns
   */
  static CacheManager of(CacheManager manager, BiConsumer<String, String> done) {
    return proxy(
        CacheManager.class,
        manager,
        method -> {},
        result -> result instanceof Cache<?, ?> cache
            ? proxy(
                Cache.class,
                cache,
                method -> done.accept(cache.getName(), method),
                UnaryOperator.identity())
            : result);
  }

  private static <T> T proxy(
      Class<T> type, T target, Consumer<String> done, UnaryOperator<Object> shown) {
    return type.cast(Proxy.newProxyInstance(
        type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
          try {
            Object result = method.invoke(target, arguments);
            done.accept(method.getName());
            return shown.apply(result);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        }));
  }
}
