package io.larder.codec;

import com.esotericsoftware.kryo.ClassResolver;
import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes which class an object is of: 0 for null, an even number for a JDK type of the table, 1 for
 * a class by name and shape, an odd number for a class named before in these bytes. Reading asks
 * the door about a name before any class is loaded.
 */
@SuppressWarnings("rawtypes")
final class NamedClasses implements ClassResolver {

  private static final int NULL = 0;
  private static final int NAMED = 1;

  private final TypeRegistry types;
  private final IdentityHashMap<Class<?>, Integer> written = new IdentityHashMap<>();
  private final List<Registration> read = new ArrayList<>();
  private boolean open;

  NamedClasses(TypeRegistry types) {
    this.types = types;
  }

  /** Ends the time in which Kryo registers its own defaults, which are not wanted here. */
  void open() {
    open = true;
  }

  @Override
  public @Nullable Registration writeClass(Output output, @Nullable Class type) {
    if (type == null) {
      output.writeByte(NULL);
      return null;
    }
    TypeHandler handler = types.handler(type);
    if (handler.refusal() != null) {
      throw new ForbiddenTypeException(handler.refusal());
    }
    if (handler.id() > 0) {
      output.writeVarInt(handler.id() << 1, true);
      return handler.registration();
    }
    Integer earlier = written.get(handler.type());
    if (earlier != null) {
      output.writeVarInt(earlier << 1 | 1, true);
      return handler.registration();
    }
    written.put(handler.type(), written.size() + 1);
    output.writeVarInt(NAMED, true);
    Text.write(output, handler.name());
    output.writeVarInt(handler.shape().length, true);
    output.writeBytes(handler.shape());
    return handler.registration();
  }

  @Override
  public @Nullable Registration readClass(Input input) {
    int tag = input.readVarInt(true);
    if (tag == NULL) {
      return null;
    }
    if ((tag & 1) == 0) {
      return types.table(tag >>> 1).registration();
    }
    if (tag != NAMED) {
      int index = (tag >>> 1) - 1;
      if (index >= read.size()) {
        throw new MalformedBytesException("a class that was not named");
      }
      return read.get(index);
    }
    TypeHandler handler = types.named(Text.read(input));
    int length = Text.readCount(input, 1);
    int start = input.position();
    input.setPosition(start + length);
    byte[] buffer = input.getBuffer();
    Registration registration =
        Arrays.equals(buffer, start, start + length, handler.shape(), 0, handler.shape().length)
            ? handler.registration()
            : handler.adapted(Arrays.copyOfRange(buffer, start, start + length));
    read.add(registration);
    return registration;
  }

  @Override
  public void reset() {
    if (!written.isEmpty()) {
      written.clear();
    }
    read.clear();
  }

  @Override
  public @Nullable Registration getRegistration(Class type) {
    return open ? types.handler(type).registration() : null;
  }

  @Override
  public @Nullable Registration getRegistration(int classId) {
    return null;
  }

  @Override
  public Registration register(Registration registration) {
    return registration;
  }

  @Override
  public @Nullable Registration unregister(int classId) {
    return null;
  }

  @Override
  public Registration registerImplicit(Class type) {
    return types.handler(type).registration();
  }

  @Override
  public void setKryo(Kryo kryo) {
    // Nothing here needs it.
  }
}
