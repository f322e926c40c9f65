package io.larder.history;

import io.larder.LarderCache;
import io.larder.testing.RespConnection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Questions that many threads of several processes ask a cache, and a slow function that answers
 * them. Redis counts its calls, so that those of a process that was killed count too.
 */
record Questions(LarderCache<String, String> cache, String host, int port, long millis) {

  /** Each thread asks all, in an order of its own; answers how many answers were wrong. */
  String ask(int threads, int questions) {
    List<String> all =
        IntStream.range(0, questions).mapToObj(i -> "q" + i).collect(Collectors.toList());
    List<Callable<Integer>> jobs = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      List<String> order = new ArrayList<>(all);
      Collections.shuffle(order, new Random());
      jobs.add(() -> wrongAnswers(order));
    }
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      int wrong = 0;
      for (Future<Integer> job : pool.invokeAll(jobs)) {
        wrong += job.get();
      }
      return String.valueOf(wrong);
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      pool.shutdownNow();
    }
  }

  private int wrongAnswers(List<String> questions) {
    int wrong = 0;
    for (String question : questions) {
      wrong += cache.getOrCompute(question, this::answer).equals("answer to " + question) ? 0 : 1;
    }
    return wrong;
  }

  private String answer(String question) {
    try (RespConnection redis = new RespConnection(host, port)) {
      redis.command("HINCRBY", counter(cache.getName()), question, "1");
    }
    try {
      TimeUnit.MILLISECONDS.sleep(millis); // what the computation takes
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return "answer to " + question;
  }

  private static String counter(String cacheName) {
    return "calls:" + cacheName;
  }

  /** How often each question was computed so far. */
  static TreeMap<String, Integer> calls(RespConnection redis, String cacheName) {
    TreeMap<String, Integer> calls = new TreeMap<>();
    List<?> reply = (List<?>) redis.command("HGETALL", counter(cacheName));
    for (int i = 0; i < reply.size(); i += 2) {
      calls.put(
          RespConnection.text(reply.get(i)),
          Integer.parseInt(RespConnection.text(reply.get(i + 1))));
    }
    return calls;
  }
}
