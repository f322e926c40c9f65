package io.larder.codec;

/** An object that its serializer cannot store, told inside the codec, without the cache's name. */
final class UnstorableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnstorableException(String reason) {
    super(reason);
  }
}
