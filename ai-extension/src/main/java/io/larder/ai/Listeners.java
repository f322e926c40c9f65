package io.larder.ai;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Who is told of operations. What a listener throws is a line in the log and no affair of the call
 * that it is told of. Thread-safe.
 */
final class Listeners {

  private final List<Consumer<String>> all = new CopyOnWriteArrayList<>();
  private final Troubles troubles;

  Listeners(Troubles troubles) {
    this.troubles = troubles;
  }

  void add(Consumer<String> listener) {
    all.add(listener);
  }

  void tellAll(Operation operation) {
    all.forEach(listener -> tell(listener, operation));
  }

  void tell(Consumer<String> listener, Operation operation) {
    try {
      listener.accept(operation.name());
    } catch (RuntimeException | Error e) {
      troubles.note(operation.cache().name(), "a listener to operations failed: " + e);
    }
  }
}
