package io.larder.ai.adapter;

import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one call finds in the cache, read once: when it is tested whether that can be used.
 * Thread-safe.
 *
 * @param <R> what stored texts stand for
 */
public final class Found<R> implements Predicate<Object> {

  private final Function<String, R> reader;
  private volatile @Nullable Read<R> last;

  private record Read<R>(String text, R meaning) {}

  /**
   * Nothing yet.
   *
   * @param reader throws if a text cannot be read
   */
  public Found(Function<String, R> reader) {
    this.reader = reader;
  }

  /** Whether that is a text which can be read. */
  @Override
  public boolean test(Object stored) {
    try {
      read((String) stored);
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  /** What the text stands for. */
  @SuppressWarnings("ReferenceEquality") // the cache gives out the object that was tested
  public R read(String text) {
    Read<R> known = last;
    if (known == null || known.text != text) {
      known = new Read<>(text, reader.apply(text));
      last = known;
    }
    return known.meaning;
  }
}
