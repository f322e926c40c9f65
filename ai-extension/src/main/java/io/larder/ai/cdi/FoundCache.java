package io.larder.ai.cdi;

import io.larder.ai.AiCache;
import jakarta.enterprise.inject.spi.BeanManager;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The container's answer cache, looked up at the first call. Thread-safe. */
final class FoundCache implements Supplier<AiCache> {

  private final BeanManager beans;
  private volatile @Nullable AiCache found;

  FoundCache(BeanManager beans) {
    this.beans = beans;
  }

  @Override
  public AiCache get() {
    AiCache cache = found;
    if (cache == null) {
      cache = beans.createInstance().select(AiCache.class).get();
      found = cache;
    }
    return cache;
  }
}
