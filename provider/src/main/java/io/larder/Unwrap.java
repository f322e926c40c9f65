package io.larder;

/** What {@code unwrap} of the javax.cache types means here: the object itself, as a type it has. */
final class Unwrap {

  private Unwrap() {}

  static <T> T as(Class<T> type, Object self) {
    if (type.isInstance(self)) {
      return type.cast(self);
    }
    throw new IllegalArgumentException(
        "a " + self.getClass().getName() + " cannot be unwrapped as " + type.getName());
  }
}
