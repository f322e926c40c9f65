package io.larder.codec;

import com.esotericsoftware.kryo.io.Output;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Kryos for whoever needs one now. One that failed in use is not given back. */
final class KryoPool {

  private static final int INITIAL_BYTES = 1 << 10;
  private static final int MAX_KEPT_BYTES = 1 << 18;

  private final TypeRegistry types;
  private final AtomicReferenceArray<Session> idle;

  KryoPool(TypeRegistry types) {
    this.types = types;
    idle = new AtomicReferenceArray<>(Math.max(8, 2 * Runtime.getRuntime().availableProcessors()));
  }

  Session borrow() {
    int start = (int) Thread.currentThread().getId();
    for (int i = 0; i < idle.length(); i++) {
      int slot = Math.floorMod(start + i, idle.length());
      if (idle.getPlain(slot) != null) {
        Session session = idle.getAndSet(slot, null);
        if (session != null) {
          return session;
        }
      }
    }
    return new Session(new DoorKryo(types), newOutput(), new BudgetInput());
  }

  void giveBack(Session session) {
    Session clean = session.output.getBuffer().length > MAX_KEPT_BYTES
        ? new Session(session.kryo, newOutput(), session.input)
        : session;
    clean.output.reset();
    clean.input.setBuffer(TypeHandler.NO_SHAPE);
    int start = (int) Thread.currentThread().getId();
    for (int i = 0; i < idle.length(); i++) {
      if (idle.compareAndSet(Math.floorMod(start + i, idle.length()), null, clean)) {
        return;
      }
    }
  }

  private static Output newOutput() {
    return new Output(INITIAL_BYTES, -1);
  }

  /** A Kryo with what it writes to and reads from. */
  record Session(DoorKryo kryo, Output output, BudgetInput input) {}
}
