package io.larder.store.redis;

import io.larder.codec.KeyCodec;
import io.larder.codec.UndecodableException;
import io.larder.log.Log;
import io.larder.store.SharedStore.Invalidations;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.redisson.client.ChannelName;
import org.redisson.client.RedisPubSubConnection;
import org.redisson.client.RedisPubSubListener;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.protocol.pubsub.PubSubType;
import org.redisson.pubsub.PubSubConnectionEntry;
import org.redisson.pubsub.PublishSubscribeService;

/**
 * A subscription to a cache's channel. All that the listener is told, it is told in the one thread
 * of the client's messages, so that it hears everything in the order of arrival; only that the
 * subscription ended may come from another thread.
 *
 * <p>A message is {@code W} (written) or {@code C} (cleared), the bucket in two digits, then the
 * previous and the new sequence in 16 digits each; after W come the keys that changed, each as its
 * length in eight digits and its bytes. {@code H} alone is no news: someone opened the cache.
 *
 * <p>The path to "up": an {@link Ear} is handed to the client library, which sends SUBSCRIBE unless
 * it believes the name subscribed. Up is said only when Redis has confirmed a SUBSCRIBE: to this
 * ear, or to that of another store which is up over the same connection. A lost connection is down;
 * the library opens it anew and sends SUBSCRIBE once, and does not look at the answer. So while the
 * channel is not up, this looks each second: where the library still has the ear, SUBSCRIBE is sent
 * over its connection if that is open (a second SUBSCRIBE does no harm: it is confirmed too); where
 * it has not, a new ear is handed over and the old one, deaf from now on, taken back afterwards. An
 * ear that is taken back is deaf before, and never one that is up: it would not learn of the end.
 */
final class InvalidationChannel<K> {

  private static final int KEYS = 3 + 2 * 16;
  private static final int LENGTH = 8;
  private static final long RETRY_SECONDS = 1;
  private static final int QUICK_RETRIES = 60;
  private static final long SLOW_RETRY_SECONDS = 5;

  private final RedisClient client;
  private final Log log;
  private final ChannelName name;
  private final KeyCodec<K> keys;
  private final Invalidations<K> listener;
  private final AtomicBoolean retrying = new AtomicBoolean();
  private final Object state = new Object();
  private CompletableFuture<?> subscribing = CompletableFuture.completedFuture(null);
  private volatile @Nullable Ear ear;
  private volatile @Nullable PubSubConnectionEntry place;
  private volatile int inVain;
  private volatile boolean closed;
  private volatile boolean up;

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

  /** Subscribes; from now on, again and again whenever it is not up, until closed. */
  void open() {
    client.subscriptions().add(this);
    subscribe();
    retryLater();
  }

  synchronized void close() {
    closed = true;
    client.subscriptions().remove(this);
    takeBack(ear);
  }

  private void takeBack(@Nullable Ear old) {
    if (old != null && !client.isShutDown()) {
      service()
          .removeListenerAsync(PubSubType.UNSUBSCRIBE, List.of(name), System.identityHashCode(old));
    }
  }

  private PublishSubscribeService service() {
    return client.redisson().getCommandExecutor().getConnectionManager().getSubscribeService();
  }

  /** At most one waits. More slowly after a while: the library writes an error for each refusal. */
  private void retryLater() {
    if (closed || client.isShutDown() || !retrying.compareAndSet(false, true)) {
      return;
    }
    long seconds = inVain < QUICK_RETRIES ? RETRY_SECONDS : SLOW_RETRY_SECONDS;
    try {
      client.background().schedule(this::retry, seconds, TimeUnit.SECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("the client is closed", e);
    }
  }

  private void retry() {
    retrying.set(false);
    if (!up) {
      subscribe();
      retryLater();
    }
  }

  private synchronized void subscribe() {
    if (closed || client.isShutDown() || !subscribing.isDone()) {
      return;
    }
    try {
      if (!client.isConnectedElseConnect()) {
        failed(client.unreachable(null));
      } else if (hasEar(place)) {
        subscribeAt(place);
      } else {
        subscribeAnew();
      }
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private boolean hasEar(@Nullable PubSubConnectionEntry at) {
    Ear now = ear;
    return at != null && now != null && at.getListeners(name).contains(now);
  }

  /** The answer comes to the ear; without a connection the library is about to make one. */
  private synchronized void subscribeAt(@Nullable PubSubConnectionEntry at) {
    if (closed || at == null || !hasEar(at)) {
      return;
    }
    RedisPubSubConnection connection = at.getConnection();
    if (connection.isClosed()) {
      Ear old = ear;
      if (deafenFor(null)) {
        takeBack(old);
      }
    } else if (connection.isActive()) {
      inVain++;
      connection.subscribe(ByteArrayCodec.INSTANCE, name);
    }
  }

  private void subscribeAnew() {
    Ear old = ear;
    Ear young = new Ear();
    if (!deafenFor(young)) {
      return;
    }
    inVain++;
    subscribing = service()
        .subscribe(ByteArrayCodec.INSTANCE, name, young)
        .whenComplete((places, failure) -> {
          takeBack(old);
          if (closed) {
            takeBack(young);
          } else if (failure != null) {
            failed(failure);
          } else {
            PubSubConnectionEntry at = places.get(0);
            place = at;
            client.subscriptions().inLine(() -> subscribed(at));
          }
        });
  }

  /** What is up keeps its ear: one that is taken back would not learn of the end. */
  private boolean deafenFor(@Nullable Ear young) {
    synchronized (state) {
      if (up) {
        return false;
      }
      ear = young;
      place = null;
      return true;
    }
  }

  private void failed(Throwable failure) {
    log.debug("cannot subscribe to invalidations", failure);
  }

  /** Where the library believed the name subscribed, there was no answer for this ear. */
  private void subscribed(PubSubConnectionEntry at) {
    synchronized (state) {
      if (up) {
        return;
      }
      if (hasEar(at) && client.subscriptions().anyHears(name, at)) {
        confirmed();
        return;
      }
    }
    subscribeAt(at);
  }

  /** Whether Redis' messages come to it through that connection; in the thread of the messages. */
  boolean hears(PubSubConnectionEntry at) {
    return up && hasEar(at);
  }

  private void confirmed() {
    down();
    if (!closed) {
      inVain = 0;
      up = true;
      listener.up();
    }
  }

  /** The connection is gone. */
  void down() {
    synchronized (state) {
      if (up) {
        up = false;
        listener.down();
      }
    }
    retryLater();
  }

  /** What the client library has of it, in one place at a time; only the youngest hears. */
  private final class Ear implements RedisPubSubListener<Object> {

    @Override
    public void onStatus(PubSubType type, CharSequence channel) {
      synchronized (state) {
        if (ear != this) {
          return;
        }
        if (type == PubSubType.SUBSCRIBE) {
          confirmed();
        } else {
          down();
        }
      }
    }

    @Override
    public void onMessage(CharSequence channel, @Nullable Object message) {
      if (ear == this) {
        heard(message);
      }
    }
  }

  private void heard(@Nullable Object message) {
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
