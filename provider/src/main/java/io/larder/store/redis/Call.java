package io.larder.store.redis;

import io.netty.buffer.Unpooled;
import java.util.List;
import org.redisson.client.protocol.RedisCommand;

/**
 * One command for Redis, ready to be sent, again too.
 *
 * @param slotKey the key that says to which master it goes
 */
record Call(RedisCommand<Object> command, byte[] slotKey, Object[] arguments) {

  private static final RedisCommand<Object> EVALSHA = new RedisCommand<>("EVALSHA");
  private static final RedisCommand<Object> MGET = new RedisCommand<>("MGET");
  private static final RedisCommand<Object> GET = new RedisCommand<>("GET");
  private static final RedisCommand<Object> PEXPIRE = new RedisCommand<>("PEXPIRE");
  private static final RedisCommand<Object> PUBLISH = new RedisCommand<>("PUBLISH");
  private static final RedisCommand<Object> INFO = new RedisCommand<>("INFO");
  static final RedisCommand<Object> TIME = new RedisCommand<>("TIME");

  /** Bytes of a value, in a form that the client's messages and logs do not show. */
  record Payload(byte[] bytes) {}

  static Call get(byte[] key) {
    return new Call(GET, key, new Object[] {key});
  }

  static Call mget(Object... keys) {
    return new Call(MGET, (byte[]) keys[0], keys);
  }

  /** Says that this process may publish, which nobody needs to hear. */
  static Call hello(byte[] slotKey, String channel) {
    return new Call(PUBLISH, slotKey, new Object[] {channel, "H"});
  }

  static Call time(byte[] slotKey) {
    return new Call(TIME, slotKey, new Object[0]);
  }

  /** Sets a key that is not there; answers 1 if it did. */
  static Call take(byte[] key, byte[] value, long holdMillis) {
    return eval(Script.TAKE, List.of(key), "", value, holdMillis, "if absent");
  }

  /** Deletes a key if it holds that value; answers 1 if it did. */
  static Call release(byte[] key, byte[] value) {
    return eval(Script.RELEASE, List.of(key), (Object) value);
  }

  /** Asks the server for its version, among others. */
  static Call info(byte[] slotKey) {
    return info(slotKey, "server");
  }

  /** A section of what the master of that slot says of itself. */
  static Call info(byte[] slotKey, String section) {
    return new Call(INFO, slotKey, new Object[] {section});
  }

  /** Sets a key, whatever it holds. */
  static Call replace(byte[] key, byte[] value) {
    return eval(Script.TAKE, List.of(key), "", value, 0, "replace");
  }

  static Call expire(byte[] key, long millis) {
    return new Call(PEXPIRE, key, new Object[] {key, millis});
  }

  /** Runs a script; all keys are of one slot. */
  static Call eval(Script script, List<byte[]> keys, Object... arguments) {
    Object[] all = new Object[2 + keys.size() + arguments.length];
    all[0] = script.sha1();
    all[1] = keys.size();
    for (int i = 0; i < keys.size(); i++) {
      all[2 + i] = keys.get(i);
    }
    System.arraycopy(arguments, 0, all, 2 + keys.size(), arguments.length);
    return new Call(EVALSHA, keys.get(0), all);
  }

  /** Puts in, as the first argument of a script, until when by the server's time it may run. */
  void setLatest(long serverMicros) {
    int keys = (Integer) arguments[1];
    arguments[2 + keys] = Long.toString(serverMicros);
  }

  /** Whether it changes nothing, and may be sent a second time. */
  boolean onlyReads() {
    return command == MGET || command == GET;
  }

  /** What goes over the wire; a new array for each time. */
  Object[] wire() {
    Object[] wire = arguments.clone();
    for (int i = 0; i < wire.length; i++) {
      if (wire[i] instanceof Payload payload) {
        wire[i] = Unpooled.wrappedBuffer(payload.bytes());
      }
    }
    return wire;
  }
}
