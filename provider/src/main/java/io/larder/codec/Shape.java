package io.larder.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * A class's fields as its instances are written: the fingerprint by which a reader sees that the
 * class has changed, and what it needs to read instances of the class as it was.
 *
 * @param kind {@code 'R'} record, {@code 'O'} ordinary class, {@code 'T'} throwable, {@code 'C'}
 *     collection, {@code 'M'} map
 * @param fields the fields, in the order in which they are written
 */
record Shape(char kind, List<FieldShape> fields) {

  /**
   * One field.
   *
   * @param owner the declaring superclass; empty for the class itself
   * @param name its name
   * @param type the primitive's descriptor, {@code 'T'} for String, {@code 'L'} for others
   * @param typeHash the hash of the type's name where {@code type} is {@code 'L'}, else 0
   */
  record FieldShape(String owner, String name, char type, int typeHash) {

    static FieldShape of(String owner, String name, Class<?> type) {
      if (type == String.class) {
        return new FieldShape(owner, name, 'T', 0);
      }
      return type.isPrimitive()
          ? new FieldShape(owner, name, type.descriptorString().charAt(0), 0)
          : new FieldShape(owner, name, 'L', type.getName().hashCode());
    }

    boolean primitive() {
      return type != 'T' && type != 'L';
    }

    boolean sameName(FieldShape other) {
      return name.equals(other.name) && owner.equals(other.owner);
    }
  }

  byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      out.writeByte(kind);
      String owner = "";
      for (FieldShape field : fields) {
        if (!field.owner.equals(owner)) {
          owner = field.owner;
          out.writeByte('^');
          out.writeUTF(owner);
        }
        out.writeByte(field.type);
        out.writeUTF(field.name);
        if (field.type == 'L') {
          out.writeInt(field.typeHash);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static Shape parse(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      char kind = (char) in.readByte();
      List<FieldShape> fields = new ArrayList<>();
      HashSet<String> seen = new HashSet<>();
      String owner = "";
      while (in.available() > 0) {
        char type = (char) in.readByte();
        if (type == '^') {
          owner = in.readUTF();
          continue;
        }
        if ("ZBCSIJFDTL".indexOf(type) < 0) {
          throw new MalformedBytesException("a field of unknown type");
        }
        String name = in.readUTF();
        if (!seen.add(owner + '^' + name)) {
          throw new MalformedBytesException("a field twice");
        }
        fields.add(new FieldShape(owner, name, type, type == 'L' ? in.readInt() : 0));
      }
      return new Shape(kind, List.copyOf(fields));
    } catch (IOException e) {
      throw new MalformedBytesException("a damaged class description", e);
    }
  }

  /**
   * For each field of the bytes, the index of this class's own field that takes it, or -1 to read
   * past it.
   *
   * @throws MalformedBytesException if instances of the other shape cannot be read without error
   */
  int[] takers(Shape other) {
    if (other.kind != kind) {
      throw new MalformedBytesException("a class has changed its kind");
    }
    int[] takers = new int[other.fields.size()];
    for (int i = 0; i < takers.length; i++) {
      FieldShape theirs = other.fields.get(i);
      takers[i] = -1;
      for (int j = 0; j < fields.size(); j++) {
        if (fields.get(j).sameName(theirs)) {
          if (!fields.get(j).equals(theirs)) {
            throw new MalformedBytesException("field " + theirs.name + " has changed its type");
          }
          takers[i] = j;
        }
      }
    }
    if (kind == 'R') {
      checkRecord(takers);
    }
    return takers;
  }

  private void checkRecord(int[] takers) {
    int previous = -1;
    boolean[] taken = new boolean[fields.size()];
    for (int taker : takers) {
      if (taker <= previous) {
        throw new MalformedBytesException("a record has lost or moved a component");
      }
      previous = taker;
      taken[taker] = true;
    }
    for (int i = 0; i < taken.length; i++) {
      if (!taken[i] && fields.get(i).primitive()) {
        throw new MalformedBytesException("a record has a new component that cannot be null");
      }
    }
  }
}
