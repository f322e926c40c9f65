package io.larder;

import io.larder.config.Reading;
import io.larder.config.Settings;
import io.larder.log.Log;
import io.larder.management.CacheBeans;
import io.larder.management.RedisBean;
import io.larder.store.Budget;
import io.larder.store.Circuit;
import io.larder.store.CircuitSpec;
import io.larder.store.StoreUnavailableException;
import io.larder.store.redis.RedisClient;
import io.larder.store.redis.RedisPing;

/**
 * One manager's way to Redis: a client, the circuit breaker before it, and those who watch it.
 *
 * @param client is let go of with this
 * @param bean takes the bean out of JMX
 */
record RedisConnection(RedisClient client, Circuit circuit, RedisWatch watch, Runnable bean)
    implements AutoCloseable {

  /**
   * Connects. A Redis that is not there is an error if the settings say so, after the connect
   * timeout; otherwise, after the operation timeout, the caches begin without it.
   */
  static RedisConnection open(
      CacheBeans beans, RedisClient client, Reading reading, ManagerResources resources) {
    Log log = resources.log();
    Settings settings = reading.settings();
    client.remarks().forEach(remark -> log.from(RedisClient.class).debug(remark));
    try {
      if (settings.failOnConnectionError()) {
        client.connect();
      }
      RedisNews news = new RedisNews(log, resources.news());
      RedisPing ping = new RedisPing(client, log);
      Circuit circuit = new Circuit(
          ping,
          new CircuitSpec(
              log,
              settings.breaker().failures(),
              settings.breaker().open(),
              settings.operationTimeout(),
              resources.timer(),
              resources.probes(),
              news::changed));
      if (!settings.failOnConnectionError()) {
        begin(circuit, ping, settings, Log.of(log.subject(), reading.startFloor()));
      }
      Runnable bean = beans.registerForManager("Redis", new RedisBean(circuit::status));
      return new RedisConnection(
          client, circuit, new RedisWatch(circuit::status, circuit::callsWithout, news), bean);
    } catch (RuntimeException | Error e) {
      client.close();
      throw e;
    }
  }

  private static void begin(Circuit circuit, RedisPing ping, Settings settings, Log startLog) {
    try {
      ping.ping(Budget.startingNow(settings.operationTimeout().toNanos()));
    } catch (StoreUnavailableException e) {
      circuit.open(e, startLog);
    }
  }

  /** Ends the work in the background. */
  void stop() {
    circuit.close();
  }

  @Override
  public void close() {
    try {
      bean.run();
    } finally {
      client.close();
    }
  }
}
