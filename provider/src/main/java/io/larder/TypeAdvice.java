package io.larder;

import io.larder.log.Log;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Says, for a cache on the heap, which classes Redis would refuse: once for each class, so that the
 * move to Redis holds no surprise.
 */
final class TypeAdvice implements Consumer<Object> {

  private final Log log;
  private final Function<Object, Optional<String>> refusal;
  private final Set<Class<?>> seen = ConcurrentHashMap.newKeySet();

  TypeAdvice(Log log, Function<Object, Optional<String>> refusal) {
    this.log = log.from(TypeAdvice.class);
    this.refusal = refusal;
  }

  @Override
  public void accept(Object keyOrValue) {
    if (seen.add(keyOrValue.getClass())) {
      refusal
          .apply(keyOrValue)
          .ifPresent(reason -> log.info("over Redis this would be refused: {}", reason));
    }
  }
}
