package io.larder.store.redis;

import io.larder.config.LogLevel;
import io.larder.config.ProbeReport;
import io.larder.config.ProbeReport.Failure;
import io.larder.config.ProbeReport.Step;
import io.larder.config.ProbeReport.Timing;
import io.larder.config.RedisSettings;
import io.larder.log.Log;
import io.larder.store.Budget;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tries Redis settings for real: connects, sets a key, gets it and deletes it, with the commands,
 * rights and timeouts of caches, over a client of its own.
 *
 * <p>All of it takes no longer than the connect timeout and the operation timeout together. What it
 * sets is in the namespace of the caches, under a name that no cache uses, and ends by itself soon
 * if it cannot be deleted.
 */
public final class RedisProbe {

  private static final String NAME = "probe";
  private static final long SLACK_MILLIS = 1000;

  private final Budget budget;
  private final long keptMillis;
  private final RedisClient client;
  private final Caller caller;
  private final byte[] key;
  private final byte[] token = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
  private final List<Timing> timings = new ArrayList<>();

  private RedisProbe(RedisSettings settings, String namespace, RedisClient client) {
    Duration limit = settings.connectTimeout().plus(settings.operationTimeout());
    this.budget = Budget.startingNow(limit.toNanos());
    this.keptMillis = limit.toMillis() + SLACK_MILLIS;
    this.client = client;
    this.caller = new Caller(client, Log.of(NAME, LogLevel.WARNING));
    this.key = new Layout(namespace, "larder-probe").lease(0, token);
  }

  /** Tries the settings; what goes wrong is in the report. */
  public static ProbeReport run(RedisSettings settings, String namespace) {
    try (RedisClients clients = new RedisClients()) {
      return new RedisProbe(settings, namespace, clients.acquireLazily(settings)).run();
    } catch (RuntimeException e) {
      // No client could be made: a certificate that is none, an address that cannot be resolved.
      return new ProbeReport(
          settings.maskedUrl(), List.of(), Optional.of(failure(Step.CONNECT, e)), Optional.empty());
    }
  }

  private ProbeReport run() {
    Failure failure = step(Step.CONNECT, this::connected);
    Optional<String> version = Optional.empty();
    if (failure == null) {
      version = version();
      failure = step(Step.SET, this::set);
    }
    if (failure == null) {
      failure = step(Step.GET, this::get);
      Failure undeleted = step(Step.DELETE, this::delete);
      failure = failure == null ? undeleted : failure;
    }
    return new ProbeReport(
        client.settings().maskedUrl(), timings, Optional.ofNullable(failure), version);
  }

  /** Runs a step, whose answer says whether it did what it should. */
  private @Nullable Failure step(Step step, Supplier<Boolean> action) {
    long start = System.nanoTime();
    try {
      if (action.get()) {
        timings.add(new Timing(step, Duration.ofNanos(System.nanoTime() - start)));
        return null;
      }
      return new Failure(
          step, "the key does not hold what was set", "do others write under larder:{ ?");
    } catch (RuntimeException e) {
      return failure(step, e);
    }
  }

  private static Failure failure(Step step, RuntimeException e) {
    return new Failure(step, String.valueOf(e.getMessage()), ProbeHint.of(e));
  }

  private boolean connected() {
    client.connect(budget);
    return true;
  }

  private boolean set() {
    return Long.valueOf(1).equals(caller.call(Call.take(key, token, keptMillis), budget));
  }

  private boolean get() {
    return caller.call(Call.get(key), budget) instanceof byte[] value
        && Arrays.equals(value, token);
  }

  private boolean delete() {
    return Long.valueOf(1).equals(caller.call(Call.release(key, token), budget));
  }

  /** Some users may not ask. */
  private Optional<String> version() {
    try {
      Object reply = caller.call(Call.info(key), budget);
      return reply instanceof byte[] text
          ? ServerVersion.in(new String(text, StandardCharsets.UTF_8))
          : Optional.empty();
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }
}
