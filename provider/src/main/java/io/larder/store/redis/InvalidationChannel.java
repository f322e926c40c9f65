package io.larder.store.redis;

import io.larder.codec.KeyCodec;
import io.larder.codec.UndecodableException;
import io.larder.log.Log;
import io.larder.store.SharedStore.Invalidations;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.redisson.client.ChannelName;
import org.redisson.client.RedisPubSubListener;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.protocol.pubsub.PubSubType;
import org.redisson.pubsub.PublishSubscribeService;

/**
 * A subscription to a cache's channel. All its methods that tell the listener run in the one thread
 * of the client's messages, so that the listener hears everything in the order of arrival.
 *
 * <p>A message is {@code W} (written) or {@code C} (cleared), the bucket in two digits, then the
 * previous and the new sequence in 16 digits each; after W come the keys that changed, each as its
 * length in eight digits and its bytes. {@code H} alone is no news: someone opened the cache.
 */
final class InvalidationChannel<K> implements RedisPubSubListener<Object> {

  private static final int KEYS = 3 + 2 * 16;
  private static final int LENGTH = 8;
  private static final long RETRY_SECONDS = 1;

  private final RedisClient client;
  private final Log log;
  private final ChannelName name;
  private final KeyCodec<K> keys;
  private final Invalidations<K> listener;
  private volatile boolean closed;
  private boolean up;

  InvalidationChannel(
      RedisClient client, RedisStoreSpec spec, KeyCodec<K> keys, Invalidations<K> listener) {
    this.client = client;
    this.log = spec.log().from(RedisStore.class);
    this.name = new ChannelName(new Layout(spec.namespace(), spec.cacheName()).channel());
    this.keys = keys;
    this.listener = listener;
  }

  ChannelName name() {
    return name;
  }

  /** Subscribes; where that fails, again a second later, until closed. */
  void open() {
    client.subscriptions().add(this);
    subscribe();
  }

  void close() {
    closed = true;
    client.subscriptions().remove(this);
    if (!client.isShutDown()) {
      service()
          .removeListenerAsync(
              PubSubType.UNSUBSCRIBE, List.of(name), System.identityHashCode(this));
    }
  }

  private PublishSubscribeService service() {
    return client.redisson().getCommandExecutor().getConnectionManager().getSubscribeService();
  }

  private void subscribe() {
    if (closed) {
      return;
    }
    if (!client.isConnectedElseConnect()) {
      again(client.unreachable(null));
      return;
    }
    try {
      service().subscribe(ByteArrayCodec.INSTANCE, name, this).whenComplete((entries, failure) -> {
        if (failure == null) {
          client.subscriptions().inLine(this::subscribed);
        } else {
          again(failure);
        }
      });
    } catch (RuntimeException e) {
      again(e);
    }
  }

  private void again(Throwable failure) {
    if (closed || client.isShutDown()) {
      return;
    }
    log.debug("cannot subscribe to invalidations", failure);
    try {
      client.background().schedule(this::subscribe, RETRY_SECONDS, TimeUnit.SECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("the client is closed", e);
    }
  }

  /** A second store on the same channel gets no status message of its own. */
  private void subscribed() {
    if (!up) {
      onStatus(PubSubType.SUBSCRIBE, name);
    }
  }

  @Override
  public void onStatus(PubSubType type, CharSequence channel) {
    down();
    if (type == PubSubType.SUBSCRIBE && !closed) {
      up = true;
      listener.up();
    }
  }

  /** The connection is gone. */
  void down() {
    if (up) {
      up = false;
      listener.down();
    }
  }

  @Override
  public void onMessage(CharSequence channel, @Nullable Object message) {
    if (closed || !(message instanceof byte[] bytes)) {
      return;
    }
    if (bytes.length == 1 && bytes[0] == 'H') {
      return;
    }
    int bucket = bucket(bytes);
    try {
      if (bucket < 0 || !deliver(bucket, bytes)) {
        listener.lost(bucket);
      }
    } catch (RuntimeException e) {
      log.warn("an invalidation was not processed", e);
      listener.lost(bucket);
    }
  }

  private static int bucket(byte[] message) {
    if (message.length < KEYS || (message[0] != 'W' && message[0] != 'C')) {
      return -1;
    }
    int bucket = (message[1] - '0') * 10 + message[2] - '0';
    return bucket >= 0 && bucket < Layout.BUCKETS ? bucket : -1;
  }

  private boolean deliver(int bucket, byte[] message) {
    long previous = Frame.number(message, 3);
    long sequence = Frame.number(message, 3 + 16);
    if (previous < 0 || sequence < 0) {
      return false;
    }
    if (message[0] == 'C') {
      listener.changed(bucket, previous, sequence, null);
      return true;
    }
    List<K> changed = keysOf(message);
    if (changed == null) {
      return false;
    }
    listener.changed(bucket, previous, sequence, changed);
    return true;
  }

  private @Nullable List<K> keysOf(byte[] message) {
    List<K> changed = new ArrayList<>(1);
    int at = KEYS;
    try {
      while (at < message.length) {
        int start = at + LENGTH;
        int end =
            start + Integer.parseInt(new String(message, at, LENGTH, StandardCharsets.ISO_8859_1));
        if (end < start || end > message.length) {
          return null;
        }
        changed.add(keys.decode(Arrays.copyOfRange(message, start, end)));
        at = end;
      }
    } catch (UndecodableException | RuntimeException e) {
      log.debug("an invalidation names a key that is unknown here", e);
      return null;
    }
    return changed;
  }
}
