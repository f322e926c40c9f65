package io.larder.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.larder.config.CodecKind;
import io.larder.config.CompressionKind;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.time.ZonedDateTime;
import java.util.*;
import org.junit.jupiter.api.Test;

/** Damaged bytes are undecodable: no other exception, no hanging, no large allocation. */
class FuzzTest {

  private static final int ROUNDS = 40_000;
  private static final long MAX_ALLOCATED = 64L << 20;
  private static final long MAX_NANOS = 10_000_000_000L;

  record Item(String name, BigDecimal price, List<String> tags) {}

  static class Basket {
    int[] counts = {1, 2, 3};
    Map<String, Item> items = new HashMap<>();
    Basket self = this;
    Object[][] grid = {{1, "a"}, {null}};
    Throwable failure = new IllegalStateException("x", new java.io.IOException("y"));
    ZonedDateTime at = ZonedDateTime.now();
    EnumSet<Thread.State> states = EnumSet.of(Thread.State.NEW);
    BitSet bits = BitSet.valueOf(new long[] {5});
  }

  private static List<Object> samples() {
    Basket basket = new Basket();
    basket.items.put("a", new Item("a", BigDecimal.ONE, List.of("x", "y")));
    basket.items.put("b", new Item("b", null, new ArrayList<>(List.of("z"))));
    return List.of(
        basket,
        "a text of some length ".repeat(10),
        new byte[300],
        new Item("i", BigDecimal.TEN, List.of()),
        new TreeMap<>(Map.of(1, Set.of("x"), 2, Set.of())),
        Collections.nCopies(5, Optional.of(3)),
        Collections.unmodifiableMap(new TreeMap<>(Map.of("k", new long[] {1, 2}))),
        new int[][][] {{{1}}});
  }

  private static Contexts contexts() {
    return Contexts.any().allow("io.larder.codec.*");
  }

  @Test
  void mutatedValues() {
    for (CompressionKind compression : CompressionKind.values()) {
      ValueCodec<Object> codec = contexts().compression(compression).codecs().values();
      fuzz(samples().stream().map(codec::encode).toList(), bytes -> codec.decode(bytes, 0));
    }
  }

  @Test
  void mutatedJson() {
    ValueCodec<Object> codec = contexts().codec(CodecKind.JSON).codecs().values();
    fuzz(
        List.of(
            codec.encode(new Item("i", BigDecimal.TEN, List.of("a"))),
            codec.encode(List.of("a", 1))),
        bytes -> codec.decode(bytes, 0));
  }

  @Test
  void mutatedKeys() {
    KeyCodec<Object> codec = contexts().codecs().keys();
    fuzz(
        List.of(
            codec.encode(new Item("i", BigDecimal.TEN, List.of("a"))),
            codec.encode(Map.of("a", Set.of(1, 2L), 3.5, Optional.of(ZonedDateTime.now()))),
            codec.encode(new CanonicalKeysTest.SimpleKeyLike(1, "x", new int[] {3}))),
        codec::decode);
  }

  private interface Decoder {
    Object decode(byte[] bytes) throws UndecodableException;
  }

  private static void fuzz(List<byte[]> seeds, Decoder decoder) {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bytes = mutate(seeds.get(random.nextInt(seeds.size())), seeds, random);
      long allocated = threads.getCurrentThreadAllocatedBytes();
      long start = System.nanoTime();
      try {
        assertThat(decoder.decode(bytes)).isNotNull();
      } catch (UndecodableException expected) {
        // The other way these bytes may end.
      } catch (Throwable e) {
        throw new AssertionError(
            "seed " + seed + ", round " + i + ": " + HexFormat.of().formatHex(bytes), e);
      }
      if (threads.getCurrentThreadAllocatedBytes() - allocated > MAX_ALLOCATED
          || System.nanoTime() - start > MAX_NANOS) {
        throw new AssertionError(
            "too much, seed " + seed + ": " + HexFormat.of().formatHex(bytes));
      }
    }
  }

  private static byte[] mutate(byte[] original, List<byte[]> seeds, SplittableRandom random) {
    byte[] bytes = original.clone();
    for (int n = random.nextInt(4); n >= 0 && bytes.length > 0; n--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> bytes[at] = (byte) 0xff;
        case 3 -> {
          byte[] other = seeds.get(random.nextInt(seeds.size()));
          int length = Math.min(random.nextInt(20), Math.min(bytes.length - at, other.length));
          System.arraycopy(other, random.nextInt(other.length - length + 1), bytes, at, length);
        }
        case 4 -> {
          // Five bytes that read as a huge number.
          for (int i = at; i < Math.min(at + 4, bytes.length); i++) {
            bytes[i] = (byte) 0xff;
          }
        }
        default -> bytes = Arrays.copyOf(bytes, random.nextInt(10) == 0 ? at : bytes.length);
      }
    }
    return bytes;
  }

  @Test
  void truncatedAtEveryLength() {
    for (CompressionKind compression : CompressionKind.values()) {
      ValueCodec<Object> codec = contexts().compression(compression).codecs().values();
      for (Object sample : samples()) {
        byte[] bytes = codec.encode(sample);
        for (int length = 0; length < bytes.length; length++) {
          byte[] cut = Arrays.copyOf(bytes, length);
          assertThatThrownBy(() -> codec.decode(cut, 0)).isInstanceOf(UndecodableException.class);
        }
        assertThatThrownBy(() -> codec.decode(Arrays.copyOf(bytes, bytes.length + 1), 0))
            .isInstanceOf(UndecodableException.class);
      }
    }
  }

  @Test
  void nestingBeyondTheStackIsUndecodable() {
    byte[] bytes = new byte[3_000_000];
    // A list of one list of one list ...
    byte[] list = {(byte) 0x8c, 1, 1, 1};
    for (int i = 7; i + 4 <= bytes.length; i += 4) {
      System.arraycopy(list, 0, bytes, i, 4);
    }
    int payload = bytes.length - 7;
    bytes[0] = 0x11;
    for (int i = 0; i < 5; i++) {
      bytes[2 + i] = (byte) ((payload >>> (7 * i) & 0x7f) | (i < 4 ? 0x80 : 0));
    }
    assertThatThrownBy(() -> contexts().codecs().values().decode(bytes, 0))
        .isInstanceOf(UndecodableException.class)
        .hasMessageContaining("StackOverflowError");
  }

  @Test
  void nestedArraysCannotAnnounceMoreThanThereIs() {
    byte[] bytes = new byte[400_000];
    // An array of 200,000 objects, the first of which is an array of 200,000 objects ...
    byte[] array = {(byte) 0x82, 1, 1, (byte) 0xc0, (byte) 0x9a, 0x0c};
    for (int i = 5; i < 5 + 1000 * array.length; i += array.length) {
      System.arraycopy(array, 0, bytes, i, array.length);
    }
    int payload = bytes.length - 5;
    bytes[0] = 0x11;
    bytes[2] = (byte) ((payload & 0x7f) | 0x80);
    bytes[3] = (byte) ((payload >>> 7 & 0x7f) | 0x80);
    bytes[4] = (byte) (payload >>> 14);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    ValueCodec<Object> codec = contexts().codecs().values();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThatThrownBy(() -> codec.decode(bytes, 0))
        .isInstanceOf(UndecodableException.class)
        .hasMessageContaining("announces");
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(20 << 20);
  }

  @Test
  void setsThatTakeForEverToHashAreUndecodable() throws Exception {
    Set<Object> a = new IdentityLikeSet();
    Set<Object> root = a;
    Set<Object> b = new IdentityLikeSet();
    for (int i = 0; i < 60; i++) {
      Set<Object> c = new IdentityLikeSet();
      Set<Object> d = new IdentityLikeSet();
      a.addAll(Arrays.asList(c, d));
      b.addAll(Arrays.asList(c, d, "different"));
      a = c;
      b = d;
    }
    byte[] evil = contexts().codecs().values().encode(Collections.unmodifiableSet(root));
    assertThatThrownBy(() -> contexts().codecs().values().decode(evil, 0))
        .isInstanceOf(UndecodableException.class)
        .hasMessageContaining("hashing");
  }

  /** Writes itself as a set would, without ever hashing. */
  private static final class IdentityLikeSet extends CopyOnWriteArraySet0 {}

  /** A set on a list. */
  static class CopyOnWriteArraySet0 extends AbstractSet<Object> {
    private final List<Object> elements = new ArrayList<>();

    @Override
    public boolean add(Object element) {
      return elements.add(element);
    }

    @Override
    public Iterator<Object> iterator() {
      return elements.iterator();
    }

    @Override
    public int size() {
      return elements.size();
    }
  }

  @Test
  void aBombIsUndecodable() {
    byte[] zeros = new byte[100 << 20];
    byte[] packed = com.github.luben.zstd.Zstd.compress(zeros);
    byte[] bytes = new byte[packed.length + 6];
    bytes[0] = 0x14;
    bytes[1] = 1;
    int length = zeros.length;
    for (int i = 0; i < 4; i++) {
      bytes[2 + i] = (byte) ((length >>> (7 * i) & 0x7f) | (i < 3 ? 0x80 : 0));
    }
    System.arraycopy(packed, 0, bytes, 6, packed.length);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThatThrownBy(() -> contexts().codecs().values().decode(bytes, 0))
        .isInstanceOf(UndecodableException.class)
        .hasMessageContaining("bound");
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10 << 20);
  }
}
