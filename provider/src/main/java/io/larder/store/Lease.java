package io.larder.store;

/** The right to be the only writer of a key among those that ask for it; ends with close. */
public interface Lease extends AutoCloseable {

  @Override
  void close();
}
