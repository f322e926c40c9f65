package io.larder.store;

/**
 * What a change did in a shared store.
 *
 * @param sequence the bucket's new sequence, which is the entry's too; the unchanged one if refused
 * @param generation the bucket's generation
 * @param deadlineMicros the entry's deadline in the server's time; {@link Long#MAX_VALUE} for never
 */
public record SharedWrite(Outcome outcome, long sequence, long generation, long deadlineMicros) {}
