package io.larder;

import io.larder.config.RedisSettings;
import io.larder.config.Settings;
import io.larder.stats.TierStats;
import io.larder.store.redis.RedisClient;
import io.larder.store.redis.RedisClients;
import io.larder.store.redis.TakenConnections;
import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.spi.CachingProvider;

/**
 * What a manager's settings do, as measured on Redis and not as the settings say it: times to live,
 * stored bytes, commands, connections.
 */
final class Effects {

  /** What the near tier of a cache could not hold if it kept to any size that is tested here. */
  private static final int KEYS = 1500;

  private static final int HEADER = 69;
  private static final int LARGEST = 20_000;
  private static final int HOT_READS = 200;
  private static final long NANOS = TimeUnit.SECONDS.toNanos(20);

  private final CacheManager manager;
  private final RespConnection redis;
  private final TreeMap<String, String> found = new TreeMap<>();

  private Effects(CacheManager manager, RespConnection redis) {
    this.manager = manager;
    this.redis = redis;
  }

  /** Text that every compressor makes smaller, and smaller at higher levels. */
  static String text() {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder();
    while (text.length() < 60_000) {
      text.append(Integer.toString(random.nextInt(3000), 36)).append(random.nextInt(3) * 7);
    }
    return text.toString();
  }

  /** What settings do to the caches of those names, in the database where they put it. */
  static TreeMap<String, String> of(
      CacheManager manager, RedisServer server, int database, String... caches) {
    try (RespConnection redis = server.connect()) {
      redis.command("SELECT", database);
      Effects effects = new Effects(manager, redis);
      for (String cache : caches) {
        effects.measure(cache);
      }
      return effects.found;
    }
  }

  private void measure(String name) {
    LarderCache<Object, Object> cache = manager
        .createCache(name, new MutableConfiguration<Object, Object>())
        .unwrap(LarderCache.class);
    cache.put("k", "v");
    byte[] entry = entry(name);
    say(name, "names", new String(entry, StandardCharsets.UTF_8).replaceAll(":[0-9]{2}}.*", ""));
    say(name, "ttl", timeToLive(cache, entry));
    cache.put("k", List.of("v", 1));
    say(
        name,
        "codec",
        switch (value(entry)[0] & 15) {
          case 1 -> "kryo";
          case 2 -> "json";
          default -> "?";
        });
    say(name, "threshold", threshold(cache, entry));
    cache.put("k", text());
    byte[] stored = value(entry);
    say(name, "compression", List.of("none", "zstd", "deflate").get(stored[1]));
    say(name, "bytes", stored.length);
    say(name, "near", hasNear(cache) ? nearSize(cache) : "off");
    manager.destroyCache(name);
  }

  /** In seconds, of an entry that was written so lately that no second of it has passed. */
  private String timeToLive(LarderCache<Object, Object> cache, byte[] entry) {
    while (true) {
      long written = System.nanoTime();
      cache.put("k", "v");
      long millis = (Long) redis.command("PTTL", entry);
      if (millis < 0) {
        return "none";
      } else if (System.nanoTime() - written < TimeUnit.MILLISECONDS.toNanos(900)) {
        return String.valueOf((millis + 999) / 1000);
      }
    }
  }

  private Settings settings() {
    return manager.unwrap(LarderCacheManager.class).settings();
  }

  private void say(String cache, String what, Object value) {
    found.put(cache + " " + what, String.valueOf(value));
  }

  private byte[] entry(String cache) {
    List<?> names = (List<?>)
        redis.command("KEYS", "larder:{" + settings().namespace() + ":" + cache + ":??}:sk");
    if (names.size() != 1) {
      throw new IllegalStateException(cache + ": " + names.size() + " entries");
    }
    return (byte[]) names.get(0);
  }

  private byte[] value(byte[] entry) {
    byte[] frame = (byte[]) redis.command("GET", entry);
    return java.util.Arrays.copyOfRange(frame, HEADER, frame.length);
  }

  /** The length of the longest text that is stored as it is. */
  private String threshold(LarderCache<Object, Object> cache, byte[] entry) {
    int plain = 20;
    int compressed = LARGEST;
    while (compressed - plain > 1) {
      int middle = (plain + compressed) >>> 1;
      cache.put("k", "a".repeat(middle));
      if (value(entry)[1] == 0) {
        plain = middle;
      } else {
        compressed = middle;
      }
    }
    return compressed == LARGEST ? "never" : String.valueOf(plain);
  }

  /** Whether reads of one key come to need no command; a near tier has to hear Redis first. */
  private boolean hasNear(LarderCache<Object, Object> cache) {
    boolean claimed = cache.stats().tiers().get(0).tier().equals("near");
    long end = System.nanoTime() + NANOS;
    long asked;
    do {
      long before = mgets();
      for (int i = 0; i < HOT_READS; i++) {
        cache.get("k");
      }
      asked = mgets() - before;
    } while (claimed && asked >= HOT_READS / 2 && System.nanoTime() - end < 0);
    return asked < HOT_READS / 2;
  }

  private long mgets() {
    String info = RespConnection.text(redis.command("INFO", "commandstats"));
    return info.lines()
        .filter(line -> line.startsWith("cmdstat_mget:"))
        .mapToLong(
            line -> Long.parseLong(line.substring(line.indexOf("calls=") + 6, line.indexOf(','))))
        .sum();
  }

  /** How many entries of many the near tier answers once it has settled. */
  private int nearSize(LarderCache<Object, Object> cache) {
    Map<Object, Object> entries = new HashMap<>();
    for (int i = 0; i < KEYS; i++) {
      entries.put(i, i);
    }
    cache.putAll(entries);
    int likely = Math.min(KEYS, settings().cache(cache.getName()).memoryCacheSize());
    int hits;
    long end = System.nanoTime() + NANOS;
    do {
      long before = nearHits(cache);
      cache.getAll(entries.keySet());
      hits = (int) (nearHits(cache) - before);
      // Until it has heard of all writes it answers little; what is too much goes in the
      // background.
    } while ((hits < likely / 2 || hits > likely) && System.nanoTime() - end < 0);
    return hits;
  }

  private static long nearHits(LarderCache<?, ?> cache) {
    return cache.stats().tiers().stream()
        .filter(tier -> tier.tier().equals("near"))
        .mapToLong(TierStats::hits)
        .sum();
  }

  /**
   * The command connections that are there when more are asked for and kept, and those that
   * subscribe, as "commands+subscribers".
   */
  static String connections(LarderCache<Object, Object> cache, RedisServer server, Set<String> old)
      throws InterruptedException {
    Settings settings = cache.getCacheManager().unwrap(LarderCacheManager.class).settings();
    RedisSettings place = settings.redis().orElseThrow();
    boolean near = cache.stats().tiers().get(0).tier().equals("near");
    int likely = place.maxConnections();
    try (RespConnection redis = server.connect();
        RedisClient client =
            clients(cache.getCacheManager().getCachingProvider()).acquireLazily(place);
        TakenConnections taken = new TakenConnections(client, 2 * likely + 8)) {
      Set<String> others = new HashSet<>(old);
      others.add(RespConnection.text(redis.command("CLIENT", "ID")));
      long end = System.nanoTime() + NANOS;
      int commands = 0;
      int subscribers = 0;
      // Those that are one too many get a few more looks to come up.
      for (int more = 0; more < 5 && System.nanoTime() - end < 0; ) {
        Thread.sleep(5);
        List<String> seen = clients(redis).stream()
            .filter(line -> !others.contains(id(line)) && !isLeaving(line))
            .toList();
        subscribers =
            (int) seen.stream().filter(line -> !line.contains(" sub=0 ")).count();
        commands = seen.size() - subscribers;
        boolean all = taken.count() >= likely && (subscribers > 0 || !near);
        more += all ? 1 : 0;
      }
      return commands + "+" + subscribers;
    }
  }

  /** The provider's clients, where its managers' are found by their settings. */
  private static RedisClients clients(CachingProvider provider) {
    try {
      Field field = LarderCachingProvider.class.getDeclaredField("clients");
      field.setAccessible(true);
      return (RedisClients) field.get(provider);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether it has unsubscribed from a closed cache: on its way out, or to the next one. */
  private static boolean isLeaving(String line) {
    return line.contains(" sub=0 ") && line.contains("subscribe ");
  }

  /** The ids of those who are connected. */
  static Set<String> connected(RedisServer server) {
    try (RespConnection redis = server.connect()) {
      Set<String> ids = new HashSet<>();
      clients(redis).forEach(line -> ids.add(id(line)));
      return ids;
    }
  }

  private static List<String> clients(RespConnection redis) {
    return RespConnection.text(redis.command("CLIENT", "LIST")).lines().toList();
  }

  private static String id(String line) {
    return line.substring(3, line.indexOf(' '));
  }
}
