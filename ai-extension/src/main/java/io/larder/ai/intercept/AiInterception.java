package io.larder.ai.intercept;

import io.larder.ai.AiCache;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the annotations do around calls of methods, for whichever framework intercepts them: it
 * hands in the method, the class of its object, the arguments, and a way to call it. Thread-safe;
 * reads each method once.
 */
public final class AiInterception {

  private final Supplier<AiCache> cache;
  private final Map<Called, Optional<Around>> known = new ConcurrentHashMap<>();

  private record Called(Method method, Class<?> target) {}

  /**
   * Around calls, with that answer cache.
   *
   * @param cache asked for at each call
   */
  public AiInterception(Supplier<AiCache> cache) {
    this.cache = Objects.requireNonNull(cache, "cache");
  }

  /**
   * Whether a method has one of the annotations, itself or where its class has it from.
   *
   * @param target the class of the object that it is called on
   * @throws IllegalArgumentException naming class, method and rule if it breaks one
   */
  public boolean isAnnotated(Method method, Class<?> target) {
    return around(method, target).isPresent();
  }

  /**
   * Whether any method of a class has one of the annotations, itself or where the class has it
   * from.
   *
   * @throws IllegalArgumentException naming class, method and rule for each that is broken
   */
  public boolean isAnnotated(Class<?> type) {
    Objects.requireNonNull(type, "type");
    boolean annotated = false;
    List<String> faults = new ArrayList<>();
    for (Method method : Declarations.methods(type)) {
      try {
        annotated |= isAnnotated(method, type);
      } catch (IllegalArgumentException e) {
        String fault = String.valueOf(e.getMessage());
        if (!faults.contains(fault)) {
          faults.add(fault);
        }
      }
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    return annotated;
  }

  /**
   * A call of a method, with what its annotation does around it; without, if it has none.
   *
   * @param called the method, and the class of the object that it is called on
   * @return what the method gave, or the cache in its place
   * @throws Throwable what the method threw
   */
  public @Nullable Object around(
      Method called, Class<?> target, @Nullable Object[] arguments, TargetCall call)
      throws Throwable {
    Objects.requireNonNull(arguments, "arguments");
    Objects.requireNonNull(call, "call");
    Optional<Around> around = around(called, target);
    return around.isPresent() ? around.get().around(cache.get(), arguments, call) : call.proceed();
  }

  private Optional<Around> around(Method method, Class<?> target) {
    Called called = new Called(
        Objects.requireNonNull(method, "method"), Objects.requireNonNull(target, "target"));
    Optional<Around> read = known.get(called);
    if (read == null) {
      read = Optional.ofNullable(MethodReader.read(Declarations.of(method, target)));
      known.put(called, read);
    }
    return read;
  }
}
