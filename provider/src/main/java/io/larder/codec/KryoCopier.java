package io.larder.codec;

import java.util.Objects;
import java.util.function.Supplier;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Shares what nobody can change, and copies the rest from object to object: instances of a class
 * whose fields are all values on a short way, since nothing in them can refer to anything that is
 * copied as well, and others by Kryo, which minds the references.
 */
final class KryoCopier implements Copier {

  private final TypeRegistry types;
  private final KryoPool pool;

  /** The class of the last flat instance: most caches hold one class. Written without a lock. */
  private @Nullable Flat recent;

  private record Flat(Class<?> type, BeanSerializer serializer) {}

  KryoCopier(TypeRegistry types, KryoPool pool) {
    this.types = types;
    this.pool = pool;
  }

  @Override
  public <T> T copy(T instance) {
    if (instance instanceof String) {
      return instance;
    }
    Flat last = recent;
    if (last != null && last.type == instance.getClass()) {
      return flatCopy(last, instance);
    } else if (types.sharing().isShared(instance)) {
      return instance;
    }
    Class<?> type = instance.getClass();
    if (types.handler(type).registration().getSerializer() instanceof BeanSerializer serializer
        && serializer.isFlat()) {
      Flat flat = new Flat(type, serializer);
      recent = flat;
      return flatCopy(flat, instance);
    }
    KryoPool.Session session = pool.borrow();
    T copy = copying(instance, () -> session.kryo().copy(instance));
    pool.giveBack(session);
    return copy;
  }

  @SuppressWarnings("unchecked")
  private <T> T flatCopy(Flat flat, T instance) {
    return copying(instance, () -> (T) flat.serializer.copyFlat(instance));
  }

  private <T> T copying(T instance, Supplier<@Nullable T> copy) {
    try {
      return Objects.requireNonNull(copy.get());
    } catch (CacheException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      throw new CacheException(
          types
              .allowList()
              .message("cannot copy an object of class " + instance.getClass().getName()),
          e);
    }
  }
}
