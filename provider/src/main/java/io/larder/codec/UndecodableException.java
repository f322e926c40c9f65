package io.larder.codec;

import org.jspecify.annotations.Nullable;

/** Bytes that are no value or key of this cache. Readers count it and answer with a miss. */
public final class UndecodableException extends Exception {

  private static final long serialVersionUID = 1L;

  /** For the given reason, which must not quote the bytes. */
  public UndecodableException(String reason) {
    super(reason);
  }

  /** For the given reason, which must not quote the bytes. */
  public UndecodableException(String reason, @Nullable Throwable cause) {
    super(reason, cause);
  }
}
