package io.larder.store.redis;

import io.larder.store.Budget;
import io.larder.store.SharedStored;
import io.larder.store.Stored;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Claims keys whose values are to be computed.
 *
 * <p>A claim is written under the entry's own name. It is no frame, so that every reader and every
 * script finds the key absent; and whatever is stored there, removed or cleared takes the claim
 * away. Storing the computed value therefore asks for one thing only, that the claim is still
 * there: what else happens in the bucket meanwhile does not matter. Like a write, a claim is taken
 * only as long as its caller waits for it.
 */
final class Claims<V> {

  private final Layout layout;
  private final RedisClient client;
  private final TimelyCaller caller;
  private final EntryReader<V> reader;
  private final Lifetimes lifetimes;

  Claims(
      Layout layout,
      RedisClient client,
      TimelyCaller caller,
      EntryReader<V> reader,
      Lifetimes lifetimes) {
    this.layout = layout;
    this.client = client;
    this.caller = caller;
    this.reader = reader;
    this.lifetimes = lifetimes;
  }

  /** The entry, the claim, or another absence. An entry that cannot be read is claimed over. */
  Stored<V> claim(Keyed<?> key, String holder, Budget budget) {
    Stored<V> found = ask(key, holder, "", budget);
    return found instanceof SharedStored<V> absent
            && absent.value() == null
            && absent.sequence() != 0
        ? ask(key, holder, Frame.version(absent.generation(), absent.sequence()), budget)
        : found;
  }

  private Stored<V> ask(Keyed<?> key, String holder, String unreadable, Budget budget) {
    long grace = lifetimes.grace();
    Call call = Call.eval(
        Script.CLAIM,
        List.of(layout.head(key.bucket()), key.entry()),
        "",
        holder,
        RedisClaim.HOLD_MILLIS,
        unreadable,
        grace,
        layout.channel());
    List<?> reply = (List<?>) caller.call(call, budget);
    byte[] head = bytes(reply.get(1));
    byte[] frame = bytes(reply.get(2));
    byte[] generation = bytes(reply.get(3));
    if (generation != null) {
      String claimed = new String(generation, StandardCharsets.US_ASCII);
      return RedisClaim.taken(client, key.entry(), Frame.CLAIM + claimed + holder);
    }
    if (frame == null) {
      return new SharedStored<>(
          null,
          Frame.headGeneration(head),
          0,
          Frame.headSequence(head),
          Long.MAX_VALUE,
          false,
          false,
          false);
    }
    long now = grace == 0
        ? EntryReader.NO_TIME
        : Frame.number(Objects.requireNonNull(bytes(reply.get(0))), 0);
    return reader.read(key, head, frame, now);
  }

  private static byte @Nullable [] bytes(@Nullable Object part) {
    return (byte[]) part;
  }
}
