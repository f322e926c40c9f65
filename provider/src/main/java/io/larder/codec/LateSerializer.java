package io.larder.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Output;

/**
 * A serializer of objects that can only be built once all their parts are read.
 *
 * @param <T> the type of the objects
 */
abstract class LateSerializer<T> extends Serializer<T> {

  abstract void writeParts(DoorKryo kryo, Output output, T object);

  @Override
  public final void write(Kryo kryo, Output output, T object) {
    DoorKryo door = (DoorKryo) kryo;
    door.enter(object);
    writeParts(door, output, object);
    door.leave();
  }
}
