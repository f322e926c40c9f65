package io.larder.codec;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.cache.CacheException;

/**
 * One cache's codecs for keys and values, and its copier. Thread-safe. Nothing outlives it: no
 * thread and no static field holds a class of the application's.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class Codecs<K, V> {

  private final TypeRegistry types;
  private final KeyCodec<K> keys;
  private final ValueCodec<V> values;
  private final Copier copier;
  private final KryoPool pool;
  private final Map<Class<?>, Optional<String>> refusals = new ConcurrentHashMap<>();

  private Codecs(CodecContext context) {
    types = new TypeRegistry(context);
    pool = new KryoPool(types);
    keys = new CanonicalKeys<>(context, types);
    values = new FramedValues<>(context, types, pool);
    copier = new KryoCopier(types, pool);
  }

  /**
   * The codecs of one cache.
   *
   * @throws CacheException if {@code allowed_classes} holds what is no pattern
   */
  public static <K, V> Codecs<K, V> of(CodecContext context) {
    return new Codecs<>(context);
  }

  /** Keys as bytes. */
  public KeyCodec<K> keys() {
    return keys;
  }

  /** Values as bytes. */
  public ValueCodec<V> values() {
    return values;
  }

  /** Copies for store-by-value, of any class: what Redis would refuse too. */
  public Copier copier() {
    return copier;
  }

  /**
   * Why Redis would refuse this key or value, naming the line that {@code allowed_classes} lacks;
   * empty if it would not. Judged thoroughly, with what is in it, for the first object of each
   * class; later ones of that class get the same answer at the cost of a look-up.
   */
  public Optional<String> refusal(Object keyOrValue) {
    Class<?> type = keyOrValue.getClass();
    if (type == String.class) {
      return Optional.empty();
    }
    Optional<String> known = refusals.get(type);
    if (known == null) {
      known = judge(keyOrValue);
      refusals.put(type, known);
    }
    return known;
  }

  private Optional<String> judge(Object object) {
    String refusal = types.handler(object.getClass()).refusal();
    if (refusal != null) {
      return Optional.of(refusal);
    }
    KryoPool.Session session = pool.borrow();
    try {
      session.kryo().writeClassAndObject(session.output(), object);
    } catch (ForbiddenTypeException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (UnstorableException e) {
      return Optional.of(types.allowList().message(String.valueOf(e.getMessage())));
    } catch (RuntimeException | StackOverflowError e) {
      return Optional.of(types
          .allowList()
          .message("cannot encode an object of class " + object.getClass().getName()));
    }
    pool.giveBack(session);
    return Optional.empty();
  }
}
