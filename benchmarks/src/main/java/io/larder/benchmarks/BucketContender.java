package io.larder.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RedissonClient;

/** Redisson's {@code RBucket}, a Redis string an entry: GET and SET and nothing else. */
final class BucketContender implements Contender {

  private final RedissonClient client;
  private final List<String> names = new ArrayList<>();

  BucketContender(RedissonClient client) {
    this.client = client;
  }

  @Override
  public @Nullable Object get(String key) {
    return client.getBucket(key).get();
  }

  @Override
  public void put(String key, Object value) {
    client.getBucket(key).set(value);
  }

  @Override
  public void putAll(Map<String, Object> entries) {
    client.getBuckets().set(entries);
    names.addAll(entries.keySet());
  }

  @Override
  public void close() {
    client.getKeys().delete(names.toArray(String[]::new));
    client.shutdown();
  }
}
