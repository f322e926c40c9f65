package io.larder.store.redis;

import io.larder.codec.KeyCodec;
import io.larder.codec.UndecodableException;
import io.larder.expiry.Ttl;
import io.larder.store.Budget;
import io.larder.store.SharedStored;
import io.larder.store.Stored;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a cache, page by page as they are asked for: SCAN finds names, one trip a page
 * reads values. Remembers the keys it has answered, so that none comes twice.
 */
final class EntryIterator<K, V> implements Iterator<Map.Entry<K, Stored<V>>> {

  private final KeyScan scan;
  private final Layout layout;
  private final KeyCodec<K> keys;
  private final Reads<K, V> reads;
  private final Complaints complaints;
  private final Set<K> seen = new HashSet<>();
  private Iterator<Map.Entry<K, SharedStored<V>>> page =
      List.<Map.Entry<K, SharedStored<V>>>of().iterator();
  private Map.@Nullable Entry<K, Stored<V>> next;

  EntryIterator(
      KeyScan scan, Layout layout, KeyCodec<K> keys, Reads<K, V> reads, Complaints complaints) {
    this.scan = scan;
    this.layout = layout;
    this.keys = keys;
    this.reads = reads;
    this.complaints = complaints;
  }

  @Override
  public boolean hasNext() {
    while (next == null) {
      while (page.hasNext() && next == null) {
        Map.Entry<K, SharedStored<V>> entry = page.next();
        if (entry.getValue().value() != null) {
          next = Map.entry(entry.getKey(), entry.getValue());
        }
      }
      if (next == null && !nextPage()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Map.Entry<K, Stored<V>> next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    Map.Entry<K, Stored<V>> result = next;
    next = null;
    return result;
  }

  private boolean nextPage() {
    Budget budget = Budget.startingNow(scan.timeoutNanos());
    List<byte[]> names = scan.next(budget);
    if (names == null) {
      return false;
    }
    List<Keyed<K>> found = new ArrayList<>(names.size());
    for (byte[] name : names) {
      Keyed<K> key = keyed(name);
      if (key != null && seen.add(key.key())) {
        found.add(key);
      }
    }
    page = reads.getAll(found, Ttl.KEEP, budget).entrySet().iterator();
    return true;
  }

  private @Nullable Keyed<K> keyed(byte[] name) {
    byte[] encoded = layout.keyOf(name);
    if (encoded == null) {
      return null;
    }
    try {
      return Keyed.of(keys.decode(encoded), encoded, layout);
    } catch (UndecodableException e) {
      complaints.unreadable("its key: " + e.getMessage());
      return null;
    }
  }
}
