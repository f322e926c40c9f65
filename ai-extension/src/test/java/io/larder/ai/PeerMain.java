package io.larder.ai;

import io.larder.LarderCachingProvider;
import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.CacheManager;

/**
 * A process that asks questions on many threads. What the model is asked goes into two lists in
 * Redis: questions begun, and questions ended. It ends with its stdin.
 *
 * <p>Arguments: name, namespace, threads, questions, how often each is asked, milliseconds of a
 * call, after how many calls no further one ends.
 */
final class PeerMain {

  private PeerMain() {}

  public static void main(String[] args) throws Exception {
    String name = args[0];
    String namespace = args[1];
    int threads = Integer.parseInt(args[2]);
    int questions = Integer.parseInt(args[3]);
    int times = Integer.parseInt(args[4]);
    long millis = Long.parseLong(args[5]);
    AtomicInteger ending = new AtomicInteger(Integer.parseInt(args[6]));
    Thread watch = new Thread(PeerMain::endWithParent);
    watch.setDaemon(true);
    watch.start();
    RedisServer redis = RedisServer.start();
    Properties properties = new Properties();
    properties.setProperty("redis_url", redis.url());
    properties.setProperty("namespace", namespace);
    properties.setProperty("operation_timeout_ms", "20000");
    properties.setProperty("connection_timeout", "30");
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      CacheManager manager = provider.getCacheManager(
          URI.create("larder:ai-production"), PeerMain.class.getClassLoader(), properties);
      AiCache cache = AiCache.on(manager);
      CountDownLatch done = new CountDownLatch(threads);
      for (int t = 0; t < threads; t++) {
        int seed = t;
        Thread thread = new Thread(() -> {
          try (RespConnection log = redis.connect()) {
            ask(
                cache,
                log,
                namespace + ":" + name,
                new Random(seed)
                    .ints((long) questions * times / threads, 0, questions)
                    .toArray(),
                new Model(millis, ending));
            done.countDown();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
        thread.setDaemon(true);
        thread.start();
      }
      boolean all = done.await(5, TimeUnit.MINUTES);
      System.out.println(all ? "done" : "not done");
      System.out.flush();
      Runtime.getRuntime().halt(all ? 0 : 1);
    }
  }

  private static void endWithParent() {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // the parent is gone
    }
    Runtime.getRuntime().halt(2);
  }

  /** How long calls take, and how many of them are still to end. */
  private record Model(long millis, AtomicInteger ending) {

    private void work() throws InterruptedException {
      if (ending.getAndDecrement() <= 0) {
        new CountDownLatch(1).await(); // until the process is killed
      }
      TimeUnit.MILLISECONDS.sleep(millis); // a model at work
    }
  }

  private static void ask(
      AiCache cache, RespConnection log, String list, int[] numbers, Model model)
      throws InterruptedException {
    for (int number : numbers) {
      String question = "question " + number;
      String answer = cache
          .getOrCompute(AiRequest.of("qa", question), () -> {
            log.command("RPUSH", list + ":begun", question);
            model.work();
            log.command("RPUSH", list + ":ended", question);
            return AiAnswer.of("answer to " + question);
          })
          .value();
      if (!("answer to " + question).equals(answer)) {
        throw new IllegalStateException(question + ": " + answer);
      }
    }
  }
}
