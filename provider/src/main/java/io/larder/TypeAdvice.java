package io.larder;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says, for a cache on the heap, which classes Redis would refuse: once for each class, so that the
 * move to Redis holds no surprise.
 */
final class TypeAdvice implements Consumer<Object> {

  private static final Logger LOG = LoggerFactory.getLogger(TypeAdvice.class);

  private final String cacheName;
  private final Function<Object, Optional<String>> refusal;
  private final Set<Class<?>> seen = ConcurrentHashMap.newKeySet();

  TypeAdvice(String cacheName, Function<Object, Optional<String>> refusal) {
    this.cacheName = cacheName;
    this.refusal = refusal;
  }

  @Override
  public void accept(Object keyOrValue) {
    if (seen.add(keyOrValue.getClass())) {
      refusal
          .apply(keyOrValue)
          .ifPresent(
              reason -> LOG.info("{}: over Redis this would be refused: {}", cacheName, reason));
    }
  }
}
