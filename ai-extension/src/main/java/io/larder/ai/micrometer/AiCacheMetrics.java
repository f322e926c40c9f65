package io.larder.ai.micrometer;

import io.larder.ai.AiCache;
import io.larder.ai.config.TextTier;
import io.larder.ai.stats.AiFigures;
import io.larder.ai.stats.Percentiles;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * An answer cache's figures as meters named {@code larder.ai...}, tagged with the operation; hits
 * and misses also with the size of text ({@code tier}). Operations join as they are first used.
 * Thread-safe.
 */
public final class AiCacheMetrics implements MeterBinder {

  private final AiCache cache;

  /** Meters of that cache; they hold on to it weakly. */
  public AiCacheMetrics(AiCache cache) {
    this.cache = Objects.requireNonNull(cache, "cache");
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Objects.requireNonNull(registry, "registry");
    FunctionCounter.builder("larder.ai.cache.failures", cache, c -> c.stats().cacheFailures())
        .register(registry);
    Set<String> bound = ConcurrentHashMap.newKeySet();
    cache.onOperation(operation -> {
      if (bound.add(operation)) {
        new Meters(registry, cache, operation).bind();
      }
    });
  }

  /** The meters of one operation. */
  private record Meters(MeterRegistry registry, AiCache cache, String operation) {

    void bind() {
      count("coalesced", AiFigures::coalesced);
      count("model.calls", AiFigures::modelCalls);
      count("model.failures", AiFigures::modelFailures);
      count("skipped", AiFigures::skippedForLength);
      count("not.stored", AiFigures::notStored);
      count("saved.calls", AiFigures::savedCalls);
      count("saved.tokens", AiFigures::savedTokens);
      count("saved.cost", figures -> figures.savedCost().doubleValue());
      for (TextTier tier : TextTier.values()) {
        countLookups(tier, "hit", AiFigures::hits);
        countLookups(tier, "miss", AiFigures::misses);
      }
      times("lookup", AiFigures::lookup);
      times("model.call", AiFigures::modelCall);
    }

    private Tags tags(String... more) {
      return Tags.of("operation", operation).and(more);
    }

    private void count(String name, ToDoubleFunction<AiFigures> figure) {
      FunctionCounter.builder(
              "larder.ai." + name,
              cache,
              c -> figure.applyAsDouble(c.stats(operation).total()))
          .tags(tags())
          .register(registry);
    }

    private void countLookups(TextTier tier, String result, ToDoubleFunction<AiFigures> figure) {
      FunctionCounter.builder("larder.ai.lookups", cache, c -> {
            AiFigures figures = c.stats(operation).byTier().get(tier);
            return figures == null ? 0 : figure.applyAsDouble(figures);
          })
          .tags(tags("result", result, "tier", tier.name()))
          .register(registry);
    }

    private void times(String name, Function<AiFigures, Percentiles> figure) {
      time(name, "0.5", figure.andThen(Percentiles::p50));
      time(name, "0.95", figure.andThen(Percentiles::p95));
      time(name, "0.99", figure.andThen(Percentiles::p99));
    }

    private void time(String name, String quantile, Function<AiFigures, Duration> figure) {
      TimeGauge.builder(
              "larder.ai." + name,
              cache,
              TimeUnit.NANOSECONDS,
              c -> figure.apply(c.stats(operation).total()).toNanos())
          .tags(tags("quantile", quantile))
          .register(registry);
    }
  }
}
