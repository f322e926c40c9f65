package io.larder.codec;

import java.util.Objects;
import javax.cache.CacheException;

/** Shares what nobody can change, and copies the rest from object to object. */
final class KryoCopier implements Copier {

  private final TypeRegistry types;
  private final KryoPool pool;

  KryoCopier(TypeRegistry types, KryoPool pool) {
    this.types = types;
    this.pool = pool;
  }

  @Override
  public <T> T copy(T instance) {
    if (types.sharing().isShared(instance)) {
      return instance;
    }
    KryoPool.Session session = pool.borrow();
    T copy;
    try {
      copy = Objects.requireNonNull(session.kryo().copy(instance));
    } catch (CacheException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      throw new CacheException(
          types
              .allowList()
              .message("cannot copy an object of class " + instance.getClass().getName()),
          e);
    }
    pool.giveBack(session);
    return copy;
  }
}
