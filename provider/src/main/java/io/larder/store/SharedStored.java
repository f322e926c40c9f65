package io.larder.store;

import org.jspecify.annotations.Nullable;

/**
 * What a read of a shared store found.
 *
 * @param generation the bucket's generation; 0 if the bucket has no bookkeeping
 * @param sequence the entry's own sequence; 0 if absent
 * @param headSequence the bucket's sequence at the moment of the read; 0 if it has no bookkeeping
 * @param deadlineMicros when the entry ends, in the server's time (microseconds since the epoch),
 *     whether by expiry or by the bound on its stay; {@link Long#MAX_VALUE} for never
 */
public record SharedStored<V>(
    @Nullable V value,
    long generation,
    long sequence,
    long headSequence,
    long deadlineMicros,
    boolean expired,
    boolean provisional,
    boolean retained)
    implements Stored<V> {

  @Override
  public boolean sameVersion(Stored<V> other) {
    return other instanceof SharedStored<V> that
        && (value == null) == (that.value == null)
        && (value == null || (generation == that.generation && sequence == that.sequence));
  }

  @Override
  public boolean sameMoment(Stored<V> other) {
    return other instanceof SharedStored<V> that && headSequence == that.headSequence;
  }
}
