package io.larder.store.redis;

import io.larder.log.Log;
import io.larder.store.Budget;
import io.larder.store.Probe;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A probe of Redis: its item is a key beside the cache's own, in one slot with its descriptor, and
 * goes through the commands and scripts that entries take.
 */
public final class RedisItemProbe implements Probe {

  private final RedisClient client;
  private final Caller caller;
  private final byte[] name;

  /** For the cache of which the log speaks. Nothing is sent yet. */
  public RedisItemProbe(RedisClient client, String namespace, Log log) {
    this.client = client;
    this.caller = new Caller(client, log);
    this.name = new Layout(namespace, log.subject()).probe(UUID.randomUUID().toString());
  }

  @Override
  public boolean isRemote() {
    return true;
  }

  @Override
  public CompletionStage<Void> ping() {
    return client.ping();
  }

  @Override
  public void ping(Budget budget) {
    caller.await(client.ping(), budget);
  }

  @Override
  public boolean write(byte[] item, long millis, Budget budget) {
    return Long.valueOf(1).equals(call(Call.take(name, item, millis), budget));
  }

  @Override
  public byte @Nullable [] read(Budget budget) {
    return (byte[]) call(Call.get(name), budget);
  }

  @Override
  public boolean remove(byte[] item, Budget budget) {
    Object removed = call(Call.eval(Script.RELEASE, List.of(name), item), budget);
    return Long.valueOf(1).equals(removed);
  }

  @Override
  public Map<String, String> information(String section, Budget budget) {
    Object reply = call(Call.info(name, section), budget);
    Map<String, String> found = new TreeMap<>();
    if (reply instanceof byte[] text) {
      new String(text, StandardCharsets.UTF_8).lines().forEach(line -> {
        int colon = line.indexOf(':');
        if (colon > 0 && !line.startsWith("#")) {
          found.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
      });
    }
    return found;
  }

  private @Nullable Object call(Call call, Budget budget) {
    client.ensureConnected(budget);
    return caller.call(call, budget);
  }
}
