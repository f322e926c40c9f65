package io.larder.codec;

import javax.cache.CacheException;

/** A key or value of a type that this cache may not store. The message says how to allow it. */
public final class ForbiddenTypeException extends CacheException {

  private static final long serialVersionUID = 1L;

  /** With a message that names the cache, the type and the rule. */
  public ForbiddenTypeException(String message) {
    super(message);
  }
}
