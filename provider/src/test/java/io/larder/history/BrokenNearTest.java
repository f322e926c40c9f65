package io.larder.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.codec.KeyCodec;
import io.larder.codec.ValueCodec;
import io.larder.config.LogLevel;
import io.larder.config.RedisSettings;
import io.larder.config.TlsSettings;
import io.larder.history.Verdict.Fault;
import io.larder.log.Log;
import io.larder.stats.TierCounters;
import io.larder.store.NearSpec;
import io.larder.store.NearStore;
import io.larder.store.SharedStore;
import io.larder.store.redis.RedisClients;
import io.larder.store.redis.RedisStore;
import io.larder.store.redis.RedisStoreSpec;
import io.larder.testing.RedisServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checker, fed by the load, tells near caches that are broken from the one that is not. */
final class BrokenNearTest {

  private static final Log LOG = Log.of("things", LogLevel.WARNING);
  private static final int PROCESSES = 3;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final List<RedisClients> clients = new ArrayList<>();
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
  private RedisServer redis;

  @TempDir
  private Path directory;

  @BeforeEach
  void start() {
    redis = RedisServer.startOwn();
  }

  @AfterEach
  void stop() {
    timer.shutdownNow();
    clients.forEach(RedisClients::close);
    redis.close();
  }

  @Test
  void theNearStoreKeepsThePromisesWhenRepliesAreOvertaken() throws IOException {
    Verdict verdict = load(shared -> near(Meddling.slowReplies(shared)));

    assertThat(verdict.told()).isEmpty();
    assertThat(verdict.operations()).isGreaterThan(1_000);
  }

  @Test
  void aNearCacheThatFillsWithoutAGuardIsFound() throws IOException {
    Verdict verdict = load(shared -> new Unguarded(Meddling.slowReplies(shared)));

    assertThat(verdict.faults().keySet()).containsAnyOf(Fault.BACK_IN_TIME, Fault.STALE);
  }

  @Test
  void theNearStoreKeepsThePromisesWhenMessagesAreLost() throws IOException {
    Verdict verdict = load(shared -> near(Meddling.lostMessages(shared)));

    assertThat(verdict.told()).isEmpty();
    assertThat(verdict.longestStaleNanos()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(100));
  }

  @Test
  void aNearStoreThatDoesNotNoticeLostMessagesIsFound() throws IOException {
    Verdict verdict = load(shared -> near(Meddling.hiddenLosses(shared)));

    assertThat(verdict.faults()).containsKey(Fault.STALE);
  }

  private Target near(SharedStore<String, String> shared) {
    return new StoreTarget(
        new NearStore<>(shared, NearSpec.of(1_000, timer, new TierCounters(), LOG)));
  }

  private Verdict load(Function<SharedStore<String, String>, Target> made) throws IOException {
    List<Load> loads = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      Target target = made.apply(shared());
      LoadPlan plan = new LoadPlan(i, PROCESSES, 1, 400, 4, 0);
      loads.add(new Load(plan, List.of(target), directory));
    }
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(4));
    loads.forEach(Load::quiet);
    LockSupport.parkNanos(Promises.DETECTION_NANOS + TimeUnit.MILLISECONDS.toNanos(300));
    loads.forEach(Load::stop);
    History history = new History(cache -> Promises.near());
    try (var files = Files.list(directory)) {
      files.forEach(file -> Recorder.replay(file, history::add));
    }
    return history.judge();
  }

  private SharedStore<String, String> shared() {
    RedisClients own = new RedisClients();
    clients.add(own);
    RedisSettings settings = new RedisSettings(
        List.of(redis.url()),
        redis.url(),
        0,
        Optional.empty(),
        Optional.empty(),
        new TlsSettings(false, Optional.empty(), Optional.empty(), Optional.empty(), true),
        5,
        TIMEOUT,
        TIMEOUT);
    RedisStoreSpec spec =
        new RedisStoreSpec("broken", "things", Duration.ZERO, () -> Duration.ZERO, TIMEOUT, LOG);
    return new RedisStore<>(
        own.acquire(settings), spec, new TextKeys(), new TextValues(), new TierCounters());
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
