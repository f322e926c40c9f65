package io.larder.history;

import io.larder.codec.KeyCodec;
import io.larder.codec.ValueCodec;
import io.larder.config.LogLevel;
import io.larder.config.RedisSettings;
import io.larder.config.TlsSettings;
import io.larder.log.Log;
import io.larder.stats.TierCounters;
import io.larder.store.NearSpec;
import io.larder.store.NearStore;
import io.larder.store.SharedStore;
import io.larder.store.redis.RedisClients;
import io.larder.store.redis.RedisStore;
import io.larder.store.redis.RedisStoreSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** A near cache over Redis without the cache around it, sound or broken. */
final class BareNear implements AutoCloseable {

  /** What is wrong with it, and with its Redis. */
  enum Kind {
    /** Nothing; replies are overtaken by messages. */
    SOUND_WITH_SLOW_REPLIES,
    /** It stores whatever it reads; replies are overtaken by messages. */
    UNGUARDED,
    /** Nothing; messages are lost. */
    SOUND_WITH_LOST_MESSAGES,
    /** It does not notice that messages are lost. */
    DEAF_TO_LOSSES
  }

  private static final Log LOG = Log.of("things", LogLevel.WARNING);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final RedisClients clients = new RedisClients();
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
  private final Target target;

  BareNear(Kind kind, String url, String namespace) {
    SharedStore<String, String> shared = shared(url, namespace);
    target = switch (kind) {
      case SOUND_WITH_SLOW_REPLIES -> near(Meddling.slowReplies(shared));
      case UNGUARDED -> new Unguarded(Meddling.slowReplies(shared));
      case SOUND_WITH_LOST_MESSAGES -> near(Meddling.lostMessages(shared));
      case DEAF_TO_LOSSES -> near(Meddling.hiddenLosses(shared));
    };
  }

  Target target() {
    return target;
  }

  private Target near(SharedStore<String, String> shared) {
    return new StoreTarget(
        new NearStore<>(shared, NearSpec.of(1_000, timer, new TierCounters(), LOG)));
  }

  private SharedStore<String, String> shared(String url, String namespace) {
    RedisSettings settings = new RedisSettings(
        List.of(url),
        url,
        0,
        Optional.empty(),
        Optional.empty(),
        new TlsSettings(false, Optional.empty(), Optional.empty(), Optional.empty(), true),
        5,
        TIMEOUT,
        TIMEOUT);
    RedisStoreSpec spec =
        new RedisStoreSpec(namespace, "things", Duration.ZERO, () -> Duration.ZERO, TIMEOUT, LOG);
    return new RedisStore<>(
        clients.acquire(settings), spec, new TextKeys(), new TextValues(), new TierCounters());
  }

  @Override
  public void close() {
    timer.shutdownNow();
    clients.close();
  }

  private static final class TextKeys implements KeyCodec<String> {

    @Override
    public byte[] encode(String key) {
      return key.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String decode(byte[] encoded) {
      return new String(encoded, StandardCharsets.UTF_8);
    }
  }

  private static final class TextValues implements ValueCodec<String> {

    @Override
    public byte[] encode(String value) {
      return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String decode(byte[] bytes, int offset) {
      return new String(bytes, offset, bytes.length - offset, StandardCharsets.UTF_8);
    }
  }
}
