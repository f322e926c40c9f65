package io.larder.store;

/**
 * An entry that a near tier may store, as hits will answer it.
 *
 * @param deadlineNanos the local nano time at which it must not be read any more
 */
record NearCandidate<V>(SharedStored<V> stored, long deadlineNanos) {}
