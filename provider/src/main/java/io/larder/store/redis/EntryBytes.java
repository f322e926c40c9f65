package io.larder.store.redis;

import io.larder.codec.FrameSigner;
import io.larder.codec.UndecodableException;
import io.larder.codec.ValueCodec;
import org.jspecify.annotations.Nullable;

/**
 * A value as it stands in its frame: as its codec writes it and, where there is a secret, signed
 * for the name of its entry. What is not signed so never reaches the codec. Thread-safe.
 */
final class EntryBytes<V> {

  private final ValueCodec<V> values;
  private final @Nullable FrameSigner signer;

  EntryBytes(ValueCodec<V> values, @Nullable FrameSigner signer) {
    this.values = values;
    this.signer = signer;
  }

  /** Whether there is a secret, so that a frame's header alone proves nothing. */
  boolean signed() {
    return signer != null;
  }

  byte[] encode(byte[] entry, V value) {
    byte[] bytes = values.encode(value);
    return signer == null ? bytes : signer.sign(bytes, entry);
  }

  V decode(byte[] entry, byte[] frame) throws UndecodableException {
    check(entry, frame);
    return values.decode(frame, Frame.HEADER);
  }

  /** Passes a frame whose value may be decoded. */
  void check(byte[] entry, byte[] frame) throws UndecodableException {
    if (signer != null) {
      signer.check(frame, Frame.HEADER, entry);
    }
  }
}
