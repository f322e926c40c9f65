package io.larder.store.redis;

import io.larder.codec.KeyCodec;
import io.larder.codec.UndecodableException;
import io.larder.store.KeyGlob;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a cache that match a pattern, page by page. SCAN is asked for names that end like it,
 * which leaves out most others; the decoded key decides.
 */
final class MatchingKeys<K> implements Iterator<List<K>> {

  private final KeyScan scan;
  private final Layout layout;
  private final KeyCodec<K> keys;
  private final KeyGlob glob;
  private @Nullable List<byte[]> names;

  MatchingKeys(KeyScan scan, Layout layout, KeyCodec<K> keys, KeyGlob glob) {
    this.scan = scan;
    this.layout = layout;
    this.keys = keys;
    this.glob = glob;
    this.names = scan.next();
  }

  @Override
  public boolean hasNext() {
    return names != null;
  }

  @Override
  public List<K> next() {
    if (names == null) {
      throw new NoSuchElementException();
    }
    List<K> page = new ArrayList<>(names.size());
    for (byte[] name : names) {
      K key = key(name);
      if (key != null && glob.matches(key)) {
        page.add(key);
      }
    }
    names = scan.next();
    return page;
  }

  private @Nullable K key(byte[] name) {
    byte[] encoded = layout.keyOf(name);
    try {
      return encoded == null ? null : keys.decode(encoded);
    } catch (UndecodableException e) {
      return null;
    }
  }
}
