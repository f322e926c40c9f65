package io.larder.history;

import io.larder.store.SharedStore;
import io.larder.store.SharedStore.Invalidations;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
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
    return between(shared, new Losing(shared.buckets(), false));
  }

  /** Some messages do not arrive, and neither the chain nor the comparison tells of it. */
  static SharedStore<String, String> hiddenLosses(SharedStore<String, String> shared) {
    return between(shared, new Losing(shared.buckets(), true));
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

  /** Loses messages; to hide it, answers comparisons with no more than what was let through. */
  private static final class Losing implements Meddler {

    private final boolean hidden;
    private final AtomicLongArray told;
    private final AtomicLongArray heard;

    Losing(int buckets, boolean hidden) {
      this.hidden = hidden;
      this.told = new AtomicLongArray(buckets);
      this.heard = new AtomicLongArray(buckets);
    }

    @Override
    public void before(Method method, Object @Nullable [] arguments) {
      if (method.getName().equals("listen") && arguments != null) {
        arguments[0] = listener((Invalidations<?>) arguments[0]);
      }
    }

    @Override
    public @Nullable Object answer(
        Method method, Object @Nullable [] arguments, @Nullable Object answer) {
      if (hidden && method.getName().equals("heads") && answer instanceof CompletableFuture<?> f) {
        return f.thenApply(heads -> disguised((long[]) heads));
      }
      return answer;
    }

    /** The first time the truth, later what was heard. */
    private long[] disguised(long[] heads) {
      long[] disguise = heads.clone();
      for (int i = 0; i < heads.length; i++) {
        if (told.get(i) != 0) {
          disguise[i] = told.get(i);
        }
        told.set(i, disguise[i]);
      }
      return disguise;
    }

    @SuppressWarnings("unchecked")
    private Invalidations<String> listener(Invalidations<?> listener) {
      Invalidations<String> all = (Invalidations<String>) listener;
      return new Invalidations<>() {
        @Override
        public void changed(int bucket, long previous, long sequence, @Nullable List<String> keys) {
          if (ThreadLocalRandom.current().nextInt(LOST_ONE_IN) == 0) {
            return;
          }
          long last = heard.getAndSet(bucket, sequence);
          told.set(bucket, sequence);
          all.changed(bucket, hidden && last != 0 ? last : previous, sequence, keys);
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
