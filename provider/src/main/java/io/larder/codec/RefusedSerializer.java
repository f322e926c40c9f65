package io.larder.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import javax.cache.CacheException;

/** Stands for a class that can be neither stored nor copied, and says why. */
final class RefusedSerializer extends Serializer<Object> {

  private final String reason;

  RefusedSerializer(String reason) {
    this.reason = reason;
  }

  @Override
  public void write(Kryo kryo, Output output, Object object) {
    throw new ForbiddenTypeException(reason);
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<?> type) {
    throw new MalformedBytesException(reason);
  }

  @Override
  public Object copy(Kryo kryo, Object original) {
    throw new CacheException(reason);
  }
}
