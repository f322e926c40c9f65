package io.larder.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Externalizable;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.*;
import java.util.*;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

// Odd classes and old types are what is tested here.
@SuppressWarnings({
  "AssignmentExpression",
  "ArrayRecordComponent",
  "JavaTimeDefaultTimeZone",
  "JavaUtilDate",
  "JdkObsolete",
  "UnnecessaryStringBuilder",
  "EnumOrdinal",
  "UnusedVariable"
})
class CanonicalKeysTest {

  private static final String HERE = "io.larder.codec.CanonicalKeysTest$";

  private final KeyCodec<Object> keys =
      Contexts.any().allow("io.larder.codec.*").codecs().keys();

  record Pair(Object left, Object right) {}

  enum Color {
    RED,
    GREEN {
      @Override
      public String toString() {
        return "g";
      }
    }
  }

  static class Point {
    private final int x;
    private final String name;

    Point(int x, String name) {
      this.x = x;
      this.name = name;
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof Point p && p.x == x && Objects.equals(p.name, name);
    }

    @Override
    public int hashCode() {
      return x;
    }
  }

  /** Shaped like Spring's key: the hash is transient and made by the constructor. */
  static class SimpleKeyLike implements Serializable {
    private final Object[] params;
    private transient int hashCode;

    SimpleKeyLike(Object... params) {
      this.params = params.clone();
      this.hashCode = Arrays.deepHashCode(this.params);
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof SimpleKeyLike s && Arrays.deepEquals(params, s.params);
    }

    @Override
    public final int hashCode() {
      return hashCode;
    }

    private void readObject(ObjectInputStream in) {
      throw new AssertionError("no Java deserialization");
    }
  }

  /** Shaped like Hibernate's key: the hash is an ordinary field. */
  static class EntityKeyLike implements Serializable {
    private final Object id;
    private final String entity;
    private final String tenant;
    private final int hashCode;

    EntityKeyLike(Object id, int unrelated, String entity) {
      this.id = id;
      this.entity = entity;
      tenant = null;
      hashCode = id.hashCode() * 31 + entity.hashCode() + unrelated;
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof EntityKeyLike e
          && e.hashCode == hashCode
          && e.id.equals(id)
          && e.entity.equals(entity);
    }

    @Override
    public int hashCode() {
      return hashCode;
    }
  }

  public static class External implements Externalizable {
    private transient String text;
    private transient List<Object> more;

    public External() {}

    External(String text, Object... more) {
      this.text = text;
      this.more = List.of(more);
    }

    @Override
    public void writeExternal(ObjectOutput out) throws java.io.IOException {
      out.writeUTF(text);
      out.writeObject(more);
    }

    @Override
    @SuppressWarnings("unchecked")
    public void readExternal(ObjectInput in) throws java.io.IOException, ClassNotFoundException {
      text = in.readUTF();
      more = (List<Object>) in.readObject();
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof External e && e.text.equals(text) && e.more.equals(more);
    }

    @Override
    public int hashCode() {
      return text.hashCode();
    }
  }

  static class Cached {
    private final String text;
    private int hash;

    Cached(String text) {
      this.text = text;
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof Cached c && c.text.equals(text);
    }

    @Override
    public int hashCode() {
      return hash == 0 ? hash = text.hashCode() : hash;
    }
  }

  static class Forgetful {
    private final transient Object lost;

    Forgetful(Object lost, int unused) {
      this.lost = lost;
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof Forgetful f && Objects.equals(f.lost, lost);
    }

    @Override
    public int hashCode() {
      return Objects.hashCode(lost);
    }
  }

  static class Identity {
    int a = 1;
  }

  record WithArray(int[] array) {}

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          text        | stext
          grüße €     | sgrüße €
          """)
  void stringsAreReadable(String key, String encoded) {
    assertThat(new String(keys.encode(key), StandardCharsets.UTF_8)).isEqualTo(encoded);
  }

  @Test
  void theFormIsFixed() {
    assertThat(text(42)).isEqualTo("i42");
    assertThat(text(42L)).isEqualTo("j42");
    assertThat(text(new BigDecimal("1.00"))).isEqualTo("D1.00");
    assertThat(text(new UUID(1, 2))).isEqualTo("u00000000-0000-0001-0000-000000000002");
    assertThat(text(Color.GREEN)).isEqualTo("e" + HERE + "Color#GREEN");
    assertThat(text(List.of("a", 1))).isEqualTo("l\u0002sa\u0002i1");
    assertThat(text(new TreeSet<>(List.of(10, 9)))).isEqualTo("t\u0003i10\u0002i9");
    assertThat(text(new Point(7, null)))
        .isEqualTo("r'" + HERE + "Point\u0004name\u0001n\u0001x\u0002i7");
    assertThat(text("\ud800"))
        .isEqualTo(new String(
            new byte[] {'s', (byte) 0xed, (byte) 0xa0, (byte) 0x80}, StandardCharsets.ISO_8859_1));
  }

  private String text(Object key) {
    return new String(keys.encode(key), StandardCharsets.ISO_8859_1);
  }

  static Stream<Object> keys() {
    Object[] all = {
      "",
      "\ud83d\ude00",
      "\ude00\ud83d",
      "a\ud800",
      true,
      'c',
      '\udfff',
      (byte) 1,
      (short) 1,
      1,
      1L,
      1f,
      1d,
      -0.0,
      0.0,
      Double.NaN,
      Float.NEGATIVE_INFINITY,
      BigInteger.TEN,
      new BigDecimal("1.0"),
      new BigDecimal("1E+3"),
      UUID.randomUUID(),
      URI.create("http://a/b?c#d"),
      URI.create("mailto:a@b"),
      URI.create("file:///x"),
      URI.create("a/b"),
      URI.create(""),
      URI.create("//u@h:5/"),
      Locale.GERMANY,
      Currency.getInstance("EUR"),
      Instant.now(),
      LocalDate.MIN,
      ZonedDateTime.now(),
      Duration.ofMillis(-5),
      Period.ofDays(3),
      ZoneId.of("Europe/Rome"),
      new Date(5),
      new java.sql.Timestamp(77),
      TimeUnit.DAYS,
      Color.RED,
      Color.GREEN,
      Optional.empty(),
      Optional.of(1),
      OptionalInt.of(4),
      List.of(),
      Arrays.asList(null, 1),
      Set.of(1, 2L, "3"),
      Map.of("a", 1, "b", List.of()),
      Map.entry(1, 2),
      new Pair(1, null),
      new Pair(new Pair("a", List.of(1)), Set.of()),
      new Point(1, "p"),
      new SimpleKeyLike(),
      new SimpleKeyLike(1, "a", null, new int[] {1, 2}, new Object[] {"x", List.of()}),
      new EntityKeyLike(5L, 7, "app.Book"),
      new External("e", 1, List.of("x")),
      new Cached("c")
    };
    return Stream.of(all);
  }

  @ParameterizedTest
  @MethodSource
  void keys(Object key) throws Exception {
    Object back = keys.decode(keys.encode(key));
    assertThat(back).isEqualTo(key).hasSameHashCodeAs(key);
    Object within = keys.decode(keys.encode(Arrays.asList(key, 1, key)));
    assertThat(within).isEqualTo(Arrays.asList(key, 1, key));
  }

  @Test
  void equalKeysOfOtherClassesEncodeAlike() {
    assertThat(keys.encode(new ArrayList<>(List.of(1, 2)))).isEqualTo(keys.encode(List.of(1, 2)));
    assertThat(keys.encode(new LinkedList<>(List.of(1, 2))))
        .isEqualTo(keys.encode(Arrays.asList(1, 2)));
    assertThat(keys.encode(new TreeSet<>(List.of(1, 2)))).isEqualTo(keys.encode(Set.of(2, 1)));
    assertThat(keys.encode(new TreeMap<>(Map.of(1, 2, 3, 4))))
        .isEqualTo(keys.encode(new HashMap<>(Map.of(3, 4, 1, 2))));
    assertThat(keys.encode(new AbstractMap.SimpleEntry<>(1, 2)))
        .isEqualTo(keys.encode(Map.entry(1, 2)));
    assertThat(keys.encode(EnumSet.of(Color.RED, Color.GREEN)))
        .isEqualTo(keys.encode(Set.of(Color.GREEN, Color.RED)));
    assertThat(keys.encode(URI.create("HTTP://Host/a%2fb")))
        .isEqualTo(keys.encode(URI.create("http://host/a%2Fb")));
    Cached used = new Cached("x");
    assertThat(used.hashCode()).isNotZero();
    assertThat(keys.encode(used)).isEqualTo(keys.encode(new Cached("x")));
  }

  static Stream<Object> refused() {
    return Stream.of(
        new int[] {1},
        new Object[][] {{"a"}},
        List.of(new int[] {1}),
        new Forgetful("x", 1),
        new Identity(),
        new WithArray(new int[] {1}),
        new StringBuilder("x"),
        new java.util.concurrent.atomic.AtomicInteger(1),
        new ArrayDeque<>(),
        new IdentityHashMap<>(),
        String.class,
        new Object(),
        java.util.regex.Pattern.compile("x"),
        new IllegalStateException("x"),
        (Runnable) () -> {});
  }

  @ParameterizedTest
  @MethodSource
  void refused(Object key) {
    assertThatThrownBy(() -> keys.encode(key))
        .isInstanceOf(ForbiddenTypeException.class)
        .hasMessageStartingWith("products: ");
  }

  @Test
  void aKeyWithinItselfIsRefused() {
    List<Object> self = new ArrayList<>();
    self.add(self);
    assertThatThrownBy(() -> keys.encode(self)).isInstanceOf(javax.cache.CacheException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "i007",
        "i+7",
        "zTRUE",
        "l\u0001",
        "D1.0e5",
        "q",
        "",
        "t\u0002i2\u0002i1",
        "m\u0002i1",
        "uxx",
        "nn",
        "cab",
        "v22:"
      })
  void onlyCanonicalBytesAreKeys(String bytes) {
    assertThatThrownBy(() -> keys.decode(bytes.getBytes(StandardCharsets.ISO_8859_1)))
        .isInstanceOf(UndecodableException.class);
  }

  @Test
  void malformedTextIsNoKey() {
    for (int[] bytes : new int[][] {
      {0xff}, {0xc0, 0x80}, {0xed, 0xa0}, {0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80}, {0xed, 0xa0, 0x41}
    }) {
      byte[] encoded = new byte[bytes.length + 1];
      encoded[0] = 's';
      for (int i = 0; i < bytes.length; i++) {
        encoded[i + 1] = (byte) bytes[i];
      }
      assertThatThrownBy(() -> keys.decode(encoded)).isInstanceOf(UndecodableException.class);
    }
  }

  @Test
  void equalBytesIfAndOnlyIfEqualKeys() throws Exception {
    long seed = System.nanoTime();
    KeyGenerator random = new KeyGenerator(new SplittableRandom(seed));
    for (int i = 0; i < 300_000; i++) {
      Object a = random.key(3);
      Object b = random.similar(a);
      byte[] encodedA = keys.encode(a);
      byte[] encodedB = keys.encode(b);
      if (a.equals(b) != Arrays.equals(encodedA, encodedB)) {
        throw new AssertionError("seed " + seed + ", round " + i + ": " + a + " and " + b);
      }
      if (i % 8 == 0 && !keys.decode(encodedA).equals(a)) {
        throw new AssertionError(
            "seed " + seed + ", round " + i + ": " + a + " does not come back");
      }
    }
  }

  /** Keys from small alphabets, so that equal ones are frequent. */
  private record KeyGenerator(SplittableRandom random) {

    Object key(int depth) {
      int kind = random.nextInt(depth > 0 ? 17 : 10);
      return switch (kind) {
        case 0, 1 -> string();
        case 2 -> random.nextInt(3);
        case 3 -> (long) random.nextInt(3);
        case 4 -> List.of(0.0, -0.0, Double.NaN, 1.0).get(random.nextInt(4));
        case 5 -> new BigDecimal(List.of("1", "1.0", "10", "1E+1").get(random.nextInt(4)));
        case 6 -> Color.values()[random.nextInt(2)];
        case 7 -> (char) ('0' + random.nextInt(3));
        case 8 -> LocalDate.ofEpochDay(random.nextInt(3));
        case 9 -> (short) random.nextInt(3);
        case 10, 11 -> list(depth);
        case 12 -> new LinkedHashSet<>(list(depth));
        case 13 -> map(depth);
        case 14 -> new Pair(key(depth - 1), random.nextBoolean() ? null : key(depth - 1));
        case 15 -> new SimpleKeyLike(list(depth).toArray());
        default -> new Point(random.nextInt(2), string());
      };
    }

    /** Equal to the key in half of the cases, in another class where that can be. */
    Object similar(Object key) {
      if (random.nextBoolean()) {
        return key(3);
      }
      if (key instanceof List<?> list) {
        return new LinkedList<>(list);
      }
      if (key instanceof Set<?> set) {
        List<Object> shuffled = new ArrayList<>(set);
        Collections.reverse(shuffled);
        return new LinkedHashSet<>(shuffled);
      }
      if (key instanceof Map<?, ?> map) {
        return new HashMap<>(map);
      }
      return key instanceof Pair pair ? new Pair(similar(pair.left), pair.right) : key;
    }

    private String string() {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(3); i > 0; i--) {
        text.append("a1,\ud800\udc00\ufffds".charAt(random.nextInt(7)));
      }
      return text.toString();
    }

    private List<Object> list(int depth) {
      List<Object> list = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        list.add(random.nextInt(10) == 0 ? null : key(depth - 1));
      }
      return list;
    }

    private Map<Object, Object> map(int depth) {
      Map<Object, Object> map = new LinkedHashMap<>();
      for (int i = random.nextInt(3); i > 0; i--) {
        map.put(key(depth - 1), key(depth - 1));
      }
      return map;
    }
  }
}
