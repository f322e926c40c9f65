package io.larder.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.Externalizable;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets an {@link Externalizable} class write and read itself. Its objects pass the same door. */
final class ExternalizableSerializer extends Serializer<Externalizable> {

  private final Maker maker;

  ExternalizableSerializer(Maker maker) {
    this.maker = maker;
  }

  @Override
  public void write(Kryo kryo, Output output, Externalizable object) {
    try (ObjectSink sink = new ObjectSink(output, part -> kryo.writeClassAndObject(output, part))) {
      object.writeExternal(sink);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Externalizable read(Kryo kryo, Input input, Class<? extends Externalizable> type) {
    Externalizable object = (Externalizable) maker.make();
    kryo.reference(object);
    readInto(object, new ObjectSource(input, () -> kryo.readClassAndObject(input)));
    return object;
  }

  @Override
  public Externalizable copy(Kryo kryo, Externalizable original) {
    Externalizable copy = (Externalizable) maker.make();
    kryo.reference(copy);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    List<@Nullable Object> parts = new ArrayList<>();
    try (ObjectSink sink = new ObjectSink(bytes, part -> parts.add(kryo.copy(part)))) {
      original.writeExternal(sink);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var rest = parts.iterator();
    readInto(copy, new ObjectSource(new ByteArrayInputStream(bytes.toByteArray()), rest::next));
    return copy;
  }

  static void readInto(Externalizable object, ObjectSource source) {
    try {
      object.readExternal(source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException e) {
      throw new MalformedBytesException("an unknown class", e);
    }
  }

  /** Takes an object that was handed to {@link ObjectOutput#writeObject}. */
  interface PartWriter {
    void write(@Nullable Object part);
  }

  /** Gives the next object for {@link ObjectInput#readObject}. */
  interface PartReader {
    @Nullable
    Object read();
  }

  /** Where an object writes itself. */
  static final class ObjectSink extends DataOutputStream implements ObjectOutput {
    private final PartWriter parts;

    ObjectSink(OutputStream out, PartWriter parts) {
      super(out);
      this.parts = parts;
    }

    @Override
    public void writeObject(@Nullable Object part) {
      parts.write(part);
    }

    @Override
    public void close() {
      // What it writes to belongs to others.
    }
  }

  /** Where an object reads itself from. */
  static final class ObjectSource extends DataInputStream implements ObjectInput {
    private final PartReader parts;

    ObjectSource(InputStream in, PartReader parts) {
      super(in);
      this.parts = parts;
    }

    @Override
    public @Nullable Object readObject() {
      return parts.read();
    }
  }
}
