package io.larder.ai.larder;

import io.larder.LarderCache;
import io.larder.LarderCacheManager;
import io.larder.RedisWatch;
import io.larder.ai.config.AiConfig;
import io.larder.ai.config.TextTiers;
import io.larder.ai.platform.Platform;
import io.larder.config.AiSettings;
import io.larder.config.CodecKind;
import io.larder.config.Secret;
import io.larder.config.Settings;
import io.larder.stats.RedisStatus;
import io.larder.stats.RedisStatus.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiPredicate;
import javax.cache.Cache;
import javax.cache.CacheManager;
import org.jspecify.annotations.Nullable;

/** Larder's own provider: its settings, leases over Redis, and its near tier. */
public final class LarderPlatform implements Platform {

  private static final String ANY_OPERATION = "ai.";

  private final Settings settings;
  private final @Nullable RedisWatch watch;

  private LarderPlatform(Settings settings, @Nullable RedisWatch watch) {
    this.settings = settings;
    this.watch = watch;
  }

  /**
   * The platform of a manager.
   *
   * @param manager a {@link LarderCacheManager}
   */
  public static Platform of(Object manager) {
    LarderCacheManager larder = (LarderCacheManager) manager;
    return new LarderPlatform(larder.settings(), larder.redisWatch().orElse(null));
  }

  @Override
  public AiConfig config() {
    AiSettings ai = settings.ai();
    return new AiConfig(
        ai.enabled(),
        ai.textHashThreshold(),
        ai.hashAlgorithm(),
        new TextTiers(
            ai.textSizeTiers().small(),
            ai.textSizeTiers().medium(),
            ai.textSizeTiers().large()),
        ai.operationTtls(),
        defaultTtl(ANY_OPERATION),
        ai.smartPromotion(),
        ai.maxTextLength(),
        ai.keyHmacSecret().map(Secret::reveal));
  }

  @Override
  public Duration defaultTtl(String cacheName) {
    return settings.cache(cacheName).defaultTtl();
  }

  @Override
  public boolean isApart() {
    return watch != null && watch.status().connection() != Connection.CONNECTED;
  }

  @Override
  public @Nullable Duration apartFor() {
    RedisStatus status = watch == null ? null : watch.status();
    return status == null || status.connection() == Connection.CONNECTED
        ? null
        : Duration.between(status.since(), Instant.now());
  }

  @Override
  public boolean isSettled() {
    RedisStatus status = watch == null ? null : watch.status();
    return status == null
        || status.connection() == Connection.CONNECTED
            && status.journalledKeys() == 0
            && status.journalledClears() == 0;
  }

  @Override
  public long callsApart() {
    return watch == null ? 0 : watch.callsWithoutRedis();
  }

  @Override
  public <V> void put(Cache<String, V> cache, String key, V value, @Nullable Duration ttl) {
    if (ttl == null) {
      cache.put(key, value);
    } else {
      larder(cache).put(key, value, ttl);
    }
  }

  /** JSON names the envelope's class, not that of the object in it, nor of what is in that. */
  @Override
  public @Nullable String refusal(String cacheName, Object answer) {
    if (settings.redis().isEmpty()
        || settings.cache(cacheName).codec() != CodecKind.JSON
        || answer instanceof String
        || answer instanceof Boolean
        || answer instanceof Integer
        || answer instanceof Double) {
      return null;
    }
    return "codec json gives text back as it was, but not an answer of class "
        + answer.getClass().getName() + ": set \"caches\": {\"" + cacheName
        + "\": {\"codec\": \"kryo\"}}, or make the answer a text";
  }

  @Override
  public boolean dropsUnreadable() {
    return true;
  }

  @Override
  public <V> void admitNear(Cache<String, V> cache, BiPredicate<String, V> admission) {
    larder(cache).admitToNear(admission);
  }

  /** In Redis, what is called alike is the same, whichever manager it belongs to. */
  @Override
  public String sharedBy(CacheManager manager) {
    return settings
        .redis()
        .map(redis -> redis.addresses() + " " + redis.database() + " " + settings.namespace())
        .orElseGet(() -> Platform.super.sharedBy(manager));
  }

  @Override
  public void expectChurn(Cache<?, ?> cache) {
    cache.unwrap(LarderCache.class).expectChurn();
  }

  @Override
  public <V> long removeMatching(Cache<String, V> cache, String glob) {
    return larder(cache).removeMatching(glob);
  }

  @SuppressWarnings("unchecked")
  private static <V> LarderCache<String, V> larder(Cache<String, V> cache) {
    return cache.unwrap(LarderCache.class);
  }
}
