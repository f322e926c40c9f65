package io.larder.history;

import io.larder.LarderCache;
import io.larder.LarderCacheManager;
import io.larder.LarderCachingProvider;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;

/**
 * What a process does. A command is words: its name, then what it needs, mostly a cache's name
 * first.
 *
 * <ul>
 *   <li>{@code manager key=value ...}: another manager, with those settings; the one before closes
 *   <li>{@code open c}, {@code openFor c millis}: creates the cache, in the latter with an expiry
 *   <li>{@code get c key}: the value, or {@code -}
 *   <li>{@code near c}: the near tier's hits so far
 *   <li>{@code readable c key}: whether a read was now answered from near
 *   <li>{@code do c change key value}: a {@link Change}
 *   <li>{@code load suffix plan directory}: opens a cache for each {@link LoadCache}, its name with
 *       that suffix, and starts a {@link Load}
 *   <li>{@code bare kind url namespace plan directory}: the same on a {@link BareNear} alone
 *   <li>{@code compute c threads questions millis host port}: see {@link Questions}
 *   <li>{@code quiet}: the load only reads on
 *   <li>{@code stop}: the load ends
 *   <li>{@code times}: the {@link CallTimes.Seen} of the load since last asked
 *   <li>{@code thrown}: the first few exceptions of the load since last asked
 *   <li>{@code settled}: returns when the process works with Redis and no journal is left to
 *       replay; the times before and after this was seen and when Redis was first asked, or
 *       {@code -} if there are no journals
 *   <li>{@code health}: what the manager says of its Redis, see {@link Wellness}
 *   <li>{@code apart}: the times in which the process answered without Redis, see {@link Apart};
 *       not noted where a fallback fails
 *   <li>{@code clock}: the wall clock
 * </ul>
 */
final class PeerWork {

  /** How an entry that is there gets another value, or goes. */
  enum Change {
    PUT,
    GET_AND_PUT,
    PUT_ALL,
    REPLACE,
    REPLACE_IF_EQUAL,
    GET_AND_REPLACE,
    INVOKE,
    REMOVE,
    REMOVE_IF_EQUAL,
    GET_AND_REMOVE,
    REMOVE_ALL_KEYS,
    REMOVE_ALL,
    CLEAR,
    INVOKE_REMOVE;

    boolean removes() {
      return ordinal() >= REMOVE.ordinal();
    }

    private void on(LarderCache<String, String> cache, String key, String value) {
      switch (this) {
        case PUT -> cache.put(key, value);
        case GET_AND_PUT -> cache.getAndPut(key, value);
        case PUT_ALL -> cache.putAll(Map.of(key, value));
        case REPLACE -> require(cache.replace(key, value));
        case REPLACE_IF_EQUAL -> require(cache.replace(key, cache.get(key), value));
        case GET_AND_REPLACE -> require(cache.getAndReplace(key, value) != null);
        case INVOKE ->
          cache.invoke(key, (entry, arguments) -> {
            entry.setValue(value);
            return null;
          });
        case REMOVE -> require(cache.remove(key));
        case REMOVE_IF_EQUAL -> require(cache.remove(key, cache.get(key)));
        case GET_AND_REMOVE -> require(cache.getAndRemove(key) != null);
        case REMOVE_ALL_KEYS -> cache.removeAll(Set.of(key));
        case REMOVE_ALL -> cache.removeAll();
        case CLEAR -> cache.clear();
        case INVOKE_REMOVE ->
          cache.invoke(key, (entry, arguments) -> {
            entry.remove();
            return null;
          });
      }
    }

    private static void require(boolean held) {
      if (!held) {
        throw new IllegalStateException("the entry was not there as its only writer left it");
      }
    }
  }

  private final LarderCachingProvider provider = new LarderCachingProvider();
  private final Map<String, LarderCache<String, String>> open = new HashMap<>();
  private final Apart apart;
  private CacheManager manager;
  private Load load;
  private BareNear bare;

  /** @param apart notes when calls are answered without Redis */
  PeerWork(Apart apart) {
    this.apart = apart;
  }

  void close() {
    provider.close();
    if (bare != null) {
      bare.close();
    }
  }

  String answer(String command) {
    String[] words = command.split(" ");
    return switch (words[0]) {
      case "manager" -> manager(words);
      case "load" -> load(words[1], LoadPlan.parse(words[2]), Path.of(words[3]));
      case "bare" -> bare(words);
      case "quiet" -> {
        load.quiet();
        yield "done";
      }
      case "stop" -> {
        load.stop();
        yield load.times().take().words();
      }
      case "times" -> load.times().take().words();
      case "thrown" -> load.times().told();
      case "settled" -> Settled.await();
      case "health" -> Wellness.of(manager).words();
      case "apart" -> apart.words();
      case "clock" -> String.valueOf(System.currentTimeMillis());
      case "open" -> open(words[1], configuration());
      case "openFor" ->
        open(
            words[1],
            configuration()
                .setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(
                    new Duration(TimeUnit.MILLISECONDS, Long.parseLong(words[2])))));
      default -> answer(words, open.get(words[1]));
    };
  }

  private static String answer(String[] words, LarderCache<String, String> cache) {
    return switch (words[0]) {
      case "get" -> {
        String value = cache.get(words[2]);
        yield value == null ? "-" : value;
      }
      case "compute" ->
        new Questions(cache, words[5], Integer.parseInt(words[6]), Long.parseLong(words[4]))
            .ask(Integer.parseInt(words[2]), Integer.parseInt(words[3]));
      case "near" -> String.valueOf(nearHits(cache));
      case "readable" -> {
        long before = nearHits(cache);
        cache.get(words[2]);
        yield String.valueOf(nearHits(cache) > before);
      }
      case "do" -> {
        Change.valueOf(words[2]).on(cache, words[3], words[4]);
        yield "done";
      }
      default -> throw new IllegalArgumentException(String.join(" ", words));
    };
  }

  private String manager(String[] words) {
    if (manager != null) {
      manager.close();
      open.clear();
    }
    Properties settings = LoadCache.settings();
    settings.setProperty("log_level", "debug");
    for (String setting : List.of(words).subList(1, words.length)) {
      int equals = setting.indexOf('=');
      settings.setProperty(setting.substring(0, equals), setting.substring(equals + 1));
    }
    manager = provider.getCacheManager(
        URI.create("larder:development"), PeerWork.class.getClassLoader(), settings);
    if (settings.getProperty("fallback").equals("fail")) {
      apart.forget();
    } else {
      apart.of(manager.unwrap(LarderCacheManager.class));
    }
    return "done";
  }

  private String load(String suffix, LoadPlan plan, Path directory) {
    List<Target> caches = new ArrayList<>();
    for (LoadCache cache : LoadCache.values()) {
      String name = cache + suffix;
      open(name, cache.configuration());
      caches.add(Target.of(open.get(name)));
    }
    load = new Load(plan, caches, directory, apart);
    return "done";
  }

  private String bare(String[] words) {
    if (bare != null) {
      bare.close();
    }
    bare = new BareNear(BareNear.Kind.valueOf(words[1]), words[2], words[3]);
    load = new Load(LoadPlan.parse(words[4]), List.of(bare.target()), Path.of(words[5]), apart);
    return "done";
  }

  private String open(String name, MutableConfiguration<String, String> configuration) {
    Cache<String, String> cache = manager.createCache(name, configuration);
    open.put(name, larder(cache));
    return "done";
  }

  @SuppressWarnings("unchecked")
  private static LarderCache<String, String> larder(Cache<String, String> cache) {
    return cache.unwrap(LarderCache.class);
  }

  private static MutableConfiguration<String, String> configuration() {
    return new MutableConfiguration<String, String>()
        .setTypes(String.class, String.class)
        .setStatisticsEnabled(true);
  }

  private static long nearHits(LarderCache<String, String> cache) {
    return cache.stats().tiers().get(0).hits();
  }
}
