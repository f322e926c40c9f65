package io.larder.history;

import io.larder.store.SharedStore;
import io.larder.store.SharedStore.Invalidations;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Shared stores with something in between that delays, drops or hides what they say. */
final class Meddling {

  private static final int SLOW_ONE_IN = 10;
  private static final int LOST_ONE_IN = 2;

  private Meddling() {}

  /** Some replies to reads take their time, so that messages overtake them. */
  static SharedStore<String, String> slowReplies(SharedStore<String, String> shared) {
    return between(shared, (method, arguments, answer) -> {
      if (method.getName().equals("get") && ThreadLocalRandom.current().nextInt(SLOW_ONE_IN) == 0) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(3));
      }
      return answer;
    });
  }

  /** Some messages do not arrive. */
  static SharedStore<String, String> lostMessages(SharedStore<String, String> shared) {
    return between(shared, new Losing(false));
  }

  /** Some messages do not arrive, and neither the chain nor the comparison tells of it. */
  static SharedStore<String, String> hiddenLosses(SharedStore<String, String> shared) {
    return between(shared, new Losing(true));
  }

  /** What is done to a call. */
  private interface Meddler {

    @Nullable
    Object answer(Method method, Object @Nullable [] arguments, @Nullable Object answer);

    default void before(Method method, Object @Nullable [] arguments) {}
  }

  @SuppressWarnings("unchecked")
  private static SharedStore<String, String> between(
      SharedStore<String, String> shared, Meddler meddler) {
    return (SharedStore<String, String>) Proxy.newProxyInstance(
        Meddling.class.getClassLoader(),
        new Class<?>[] {SharedStore.class},
        (proxy, method, arguments) -> {
          try {
            meddler.before(method, arguments);
            return meddler.answer(method, arguments, method.invoke(shared, arguments));
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  /** Loses messages; to hide it, lets them pass without the keys that they name. */
  private record Losing(boolean hidden) implements Meddler {

    @Override
    public void before(Method method, Object @Nullable [] arguments) {
      if (method.getName().equals("listen") && arguments != null) {
        arguments[0] = listener((Invalidations<?>) arguments[0]);
      }
    }

    @Override
    public @Nullable Object answer(
        Method method, Object @Nullable [] arguments, @Nullable Object answer) {
      return answer;
    }

    @SuppressWarnings("unchecked")
    private Invalidations<String> listener(Invalidations<?> listener) {
      Invalidations<String> all = (Invalidations<String>) listener;
      return new Invalidations<>() {
        @Override
        public void changed(int bucket, long previous, long sequence, @Nullable List<String> keys) {
          if (ThreadLocalRandom.current().nextInt(LOST_ONE_IN) > 0) {
            all.changed(bucket, previous, sequence, keys);
          } else if (hidden) {
            all.changed(bucket, previous, sequence, List.of());
          }
        }

        @Override
        public void lost(int bucket) {
          all.lost(bucket);
        }

        @Override
        public void up() {
          all.up();
        }

        @Override
        public void down() {
          all.down();
        }
      };
    }
  }
}
