package io.larder.codec;

import com.esotericsoftware.kryo.io.Input;

/**
 * Bytes to read, with a budget for what they announce: each announced element takes a byte of its
 * own, so all announcements together cannot exceed the bytes, however they are nested.
 */
final class BudgetInput extends Input {

  private long claimed;

  void open(byte[] bytes, int offset, int length) {
    setBuffer(bytes, offset, length);
    claimed = 0;
  }

  void claim(long bytes) {
    claimed += bytes;
    if (claimed > limit) {
      throw new MalformedBytesException("announces more than it holds");
    }
  }
}
