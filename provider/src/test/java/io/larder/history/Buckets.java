package io.larder.history;

import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of a load's keys are in those buckets that some masters have; {@code docs/storage.md} says
 * how buckets are named. For one thread.
 */
public final class Buckets implements BiPredicate<Integer, Integer> {

  private static final String PROBE = "places";
  private static final Pattern ENTRY =
      Pattern.compile("larder:\\{.*:" + PROBE + ":(\\d\\d)}:\\D*k(\\d+)\\D*");
  private static final Pattern HEAD = Pattern.compile("larder:\\{.*:([A-Z]+)-\\d+:(\\d\\d)}");

  private record Bucket(int cache, int number) {}

  private final Map<Integer, Integer> bucketOfKey = new HashMap<>();
  private final Set<Bucket> buckets = new HashSet<>();

  /** None yet; finds out, with a cache of its own, which key is in which bucket of any cache. */
  public Buckets(Fleet fleet, List<RedisServer> masters) {
    Peer process = fleet.process(0);
    process.ask("open " + PROBE);
    int keys = new LoadPlan(0, fleet.size(), 0, 0, 0, 0).keys();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (bucketOfKey.size() != keys) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("not all keys were found: " + bucketOfKey);
      }
      for (int key = 0; key < keys; key++) {
        if (!bucketOfKey.containsKey(key)) {
          put(process, LoadPlan.name(key));
        }
      }
      for (RedisServer master : masters) {
        for (Matcher entry : found(master, "larder:{*:" + PROBE + ":??}:*", ENTRY)) {
          bucketOfKey.put(Integer.parseInt(entry.group(2)), Integer.parseInt(entry.group(1)));
        }
      }
    }
  }

  /** It need not get there: a busy machine may have found Redis too slow. */
  private static void put(Peer process, String key) {
    try {
      process.ask("do " + PROBE + " PUT " + key + " x");
    } catch (IllegalStateException e) {
      // It is not found then, and put again.
    }
  }

  /** And those which that master now has. */
  public Buckets with(RedisServer master) {
    for (Matcher head : found(master, "larder:{*:??}", HEAD)) {
      int cache = LoadCache.valueOf(head.group(1)).ordinal();
      buckets.add(new Bucket(cache, Integer.parseInt(head.group(2))));
    }
    return this;
  }

  /** How many there are. */
  public int size() {
    return buckets.size();
  }

  @Override
  public boolean test(Integer cache, Integer key) {
    return buckets.contains(new Bucket(cache, bucketOfKey.get(key)));
  }

  private static List<Matcher> found(RedisServer server, String glob, Pattern pattern) {
    return ((List<?>) server.command("KEYS", glob))
        .stream()
            .map(name -> pattern.matcher(RespConnection.text(name)))
            .filter(Matcher::matches)
            .toList();
  }
}
