package io.larder.codec;

import org.jspecify.annotations.Nullable;

/** Bytes that are not well formed, told inside the codec; outside it is Undecodable. */
final class MalformedBytesException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  MalformedBytesException(String reason) {
    super(reason);
  }

  MalformedBytesException(String reason, @Nullable Throwable cause) {
    super(reason, cause);
  }
}
