package io.larder.ai;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Callers on threads of their own who all ask the same, and wait for the first one's answer. */
public final class Waiting<T> {

  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final List<Thread> threads = new ArrayList<>();
  private final List<CompletableFuture<T>> answers = new ArrayList<>();

  private Waiting() {}

  /**
   * That many callers, all of whom wait: for a model that does not answer yet, or for the caller
   * who asked it.
   */
  public static <T> Waiting<T> callers(int count, AiCache cache, Supplier<T> asking)
      throws InterruptedException {
    Waiting<T> waiting = new Waiting<>();
    long missed = cache.stats("chat").total().misses();
    for (int i = 0; i < count; i++) {
      CompletableFuture<T> answer = new CompletableFuture<>();
      Thread thread = new Thread(() -> answer.completeAsync(asking, Runnable::run), "caller-" + i);
      thread.setDaemon(true);
      waiting.threads.add(thread);
      waiting.answers.add(answer);
      thread.start();
    }
    long start = System.nanoTime();
    while (cache.stats("chat").total().misses() < missed + count
        || !waiting.threads.stream().allMatch(Waiting::waits)
        || !workers().allMatch(Waiting::waits)) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new AssertionError("not all callers wait");
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return waiting;
  }

  /** Those of the answer cache, which make what is asynchronous. */
  private static Stream<Thread> workers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("larder-ai "));
  }

  private static boolean waits(Thread thread) {
    return thread.getState() == Thread.State.WAITING
        || thread.getState() == Thread.State.TIMED_WAITING;
  }

  /** What they got. */
  public List<T> answers() throws Exception {
    List<T> all = new ArrayList<>();
    for (CompletableFuture<T> answer : answers) {
      all.add(answer.get(1, TimeUnit.MINUTES));
    }
    return all;
  }
}
