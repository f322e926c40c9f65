package io.larder.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.config.CodecKind;
import io.larder.config.CompressionKind;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.concurrent.*;
import java.util.stream.Stream;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

// Odd classes and old types are what is tested here.
@SuppressWarnings({"UnnecessaryStringBuilder", "UnusedVariable"})
class FramedValuesTest {

  record Item(String name, BigDecimal price, List<Part> parts) {}

  record Part(long id) {}

  static class Bean {
    public Object any;
    public int number;
  }

  static class Failure extends Exception {
    private final int code;
    private transient String lost = "x";

    Failure(String message, int code) {
      super(message);
      this.code = code;
    }
  }

  static class Coded extends RuntimeException {
    private final int code;

    Coded(String message) {
      super(message);
      code = 0;
    }

    Coded(int code, String message, Throwable cause) {
      super(message, cause);
      this.code = code;
    }
  }

  private static Contexts contexts() {
    return Contexts.any().allow("io.larder.codec.*");
  }

  private static final Item ITEM = new Item("i".repeat(300), BigDecimal.TEN, List.of(new Part(1)));

  @Test
  void readersOfOtherSettingsReadEverything() throws Exception {
    for (CodecKind codec : List.of(CodecKind.KRYO, CodecKind.JSON)) {
      for (CompressionKind compression : CompressionKind.values()) {
        Contexts writer = contexts().codec(codec).compression(compression);
        for (Object value : List.of(ITEM, "text ".repeat(50), "\ud800".repeat(99), "")) {
          byte[] bytes = writer.codecs().values().encode(value);
          for (CodecKind other : CodecKind.values()) {
            assertThat(contexts().codec(other).codecs().values().decode(bytes, 0))
                .isEqualTo(value);
          }
          byte[] later = new byte[bytes.length + 3];
          System.arraycopy(bytes, 0, later, 3, bytes.length);
          assertThat(contexts().codecs().values().decode(later, 3)).isEqualTo(value);
        }
      }
    }
  }

  @Test
  void theHeadIsAsDocumented() {
    assertThat(contexts().codecs().values().encode("ab")).containsExactly(0x13, 0, 2, 'a', 'b');
    assertThat(contexts().codecs().values().encode(new byte[] {7})).containsExactly(0x14, 0, 1, 7);
    assertThat(contexts().codecs().values().encode("\ud800")).containsExactly(0x15, 0, 2, 0xd8, 0);
    assertThat(contexts().codecs().values().encode(5)).containsExactly(0x11, 0, 2, 10, 10);
    assertThat(
            contexts().compression(CompressionKind.ZSTD).codecs().values().encode("a".repeat(65)))
        .startsWith(0x13, 1, 65);
    assertThat(contexts()
            .compression(CompressionKind.DEFLATE)
            .codecs()
            .values()
            .encode("a".repeat(65)))
        .startsWith(0x13, 2, 65);
    assertThat(
            contexts().compression(CompressionKind.ZSTD).codecs().values().encode("a".repeat(64)))
        .startsWith(0x13, 0, 64);
  }

  @ParameterizedTest
  @EnumSource(CompressionKind.class)
  void whatDoesNotShrinkStaysUncompressed(CompressionKind kind) throws Exception {
    byte[] noise = new byte[5000];
    new Random(5).nextBytes(noise);
    byte[] bytes = contexts().compression(kind).codecs().values().encode(noise);
    assertThat(bytes).startsWith(0x14, 0).hasSize(5004);
    byte[] zeros = contexts().compression(kind).codecs().values().encode(new byte[100_000]);
    assertThat(zeros.length < 1000).isEqualTo(kind != CompressionKind.NONE);
    assertThat(contexts().codecs().values().decode(zeros, 0)).isEqualTo(new byte[100_000]);
  }

  @Test
  void valuesBeyondTheBoundAreNotCompressed() throws Exception {
    byte[] large = new byte[Compressor.MAX_DECOMPRESSED_BYTES + 1];
    byte[] bytes =
        contexts().compression(CompressionKind.ZSTD).codecs().values().encode(large);
    assertThat(bytes[1]).isZero();
    assertThat(((byte[]) contexts().codecs().values().decode(bytes, 0)).length)
        .isEqualTo(large.length);
  }

  @Test
  void codecsForTextAndBytesTakeNothingElse() {
    ValueCodec<Object> text = contexts().codec(CodecKind.STRING).codecs().values();
    ValueCodec<Object> bytes = contexts().codec(CodecKind.BYTES).codecs().values();
    assertThatThrownBy(() -> text.encode(5))
        .isInstanceOf(ForbiddenTypeException.class)
        .hasMessage(
            "products: codec string stores only String, not java.lang.Integer: set codec to kryo or json");
    assertThatThrownBy(() -> text.encode(new byte[1])).isInstanceOf(ForbiddenTypeException.class);
    assertThatThrownBy(() -> text.encode(new StringBuilder()))
        .isInstanceOf(ForbiddenTypeException.class);
    assertThatThrownBy(() -> bytes.encode("x"))
        .isInstanceOf(ForbiddenTypeException.class)
        .hasMessageContaining("bytes stores only byte[]");
  }

  static Stream<Object> throwables() {
    Throwable full = new IllegalStateException("m", new IOException("cause"));
    full.addSuppressed(new Coded(7, "s", full.getCause()));
    return Stream.of(
        full,
        new NullPointerException(),
        new RuntimeException(new Error("x")),
        new Exception((Throwable) null),
        new ExecutionException("e", new TimeoutException("t")),
        new UncheckedIOExceptionLike(),
        new StackOverflowError(),
        new Coded(5, "coded", new Failure0()));
  }

  static class UncheckedIOExceptionLike extends RuntimeException {
    @Override
    public String getMessage() {
      return "always the same";
    }
  }

  static class Failure0 extends Exception {}

  @ParameterizedTest
  @MethodSource
  void throwables(Throwable value) throws Exception {
    Codecs<Object, Object> codecs = contexts().codecs();
    same((Throwable) codecs.values().decode(codecs.values().encode(value), 0), value);
    same(codecs.copier().copy(value), value);
  }

  private static void same(Throwable actual, Throwable expected) {
    assertThat(actual)
        .isNotSameAs(expected)
        .hasSameClassAs(expected)
        .hasMessage(expected.getMessage());
    assertThat(actual.getStackTrace()).isEqualTo(expected.getStackTrace());
    assertThat(actual.getSuppressed()).hasSameSizeAs(expected.getSuppressed());
    for (int i = 0; i < expected.getSuppressed().length; i++) {
      same(actual.getSuppressed()[i], expected.getSuppressed()[i]);
    }
    if (expected instanceof Coded coded) {
      assertThat(((Coded) actual).code).isEqualTo(coded.code);
    }
    if (expected.getCause() == null) {
      assertThat(actual).hasNoCause();
    } else {
      same(actual.getCause(), expected.getCause());
    }
  }

  static class Sql extends java.sql.SQLException {
    Sql(String message) {
      super(message, "state", 5);
    }
  }

  static class Sized extends ArrayList<Object> {
    Sized(int size) {
      super(size);
    }
  }

  static class Worker extends Thread {}

  @Test
  void whatHidesStateIsRefused() {
    for (Object value : List.of(new Sql("m"), new Sized(3), new Worker())) {
      assertThatThrownBy(() -> contexts().codecs().values().encode(value))
          .isInstanceOf(ForbiddenTypeException.class)
          .hasMessageContaining("whose state cannot be reached");
    }
  }

  @Test
  void throwablesThatCannotBeRebuiltAreRefused() {
    assertThatThrownBy(() -> contexts().codecs().values().encode(new Failure("m", 3)))
        .isInstanceOf(ForbiddenTypeException.class)
        .hasMessageContaining("Failure cannot be rebuilt");
  }

  @Test
  void jsonKeepsTypesOrRefuses() throws Exception {
    ValueCodec<Object> json = contexts().codec(CodecKind.JSON).codecs().values();
    assertThat(json.decode(json.encode(ITEM), 0)).isEqualTo(ITEM);
    assertThat(new String(json.encode(new Part(5)), StandardCharsets.UTF_8)).endsWith("{\"id\":5}");
    for (Object fine : List.of(
        1,
        5L,
        true,
        2.5,
        List.of("a", 1),
        Map.of("a", 1),
        new ArrayList<>(List.of(true)),
        BigDecimal.ONE)) {
      assertThat(json.decode(json.encode(fine), 0)).isEqualTo(fine).satisfies(v -> {
        if (fine instanceof Integer || fine instanceof Long) {
          assertThat(v).hasSameClassAs(fine);
        }
      });
    }
    for (Object wrong : List.of(
        java.net.InetAddress.getLoopbackAddress(),
        List.of(5L),
        List.of(new Part(1)),
        Map.of(1, 2),
        new Object[] {new Part(1)})) {
      assertThatThrownBy(() -> json.encode(wrong))
          .isInstanceOf(ForbiddenTypeException.class)
          .hasMessageContaining("set codec to kryo");
    }
  }

  @Test
  void jsonOfAChangedClassIsAMiss() throws Exception {
    String main = "class Main { static Object make() { return new R(List.of(new P(1, 2))); } }";
    String root = "record R(List<P> all) {}";
    Compiled old = Compiled.of(main, root, "record P(int a, int b) {}");
    byte[] bytes = json(old).encode(old.make());
    assertThatThrownBy(() -> json(Compiled.of("class Main {}", root, "record P(int a, int c) {}"))
            .decode(bytes, 0))
        .isInstanceOf(UndecodableException.class);
    assertThat(json(Compiled.of("class Main {}", root, "record P(int a, int b, String c) {}"))
            .decode(bytes, 0))
        .hasToString("R[all=[P[a=1, b=2, c=null]]]");
  }

  private static ValueCodec<Object> json(ClassLoader loader) {
    return Contexts.any()
        .loader(loader)
        .allow("app.*")
        .codec(CodecKind.JSON)
        .codecs()
        .values();
  }

  @Test
  void cyclesRoundTripOrAreRefused() throws Exception {
    Codecs<Object, Object> codecs = contexts().codecs();
    Bean bean = new Bean();
    bean.any = new ArrayList<>(Arrays.asList(bean, bean));
    Bean read = (Bean) codecs.values().decode(codecs.values().encode(bean), 0);
    assertThat(((List<?>) read.any).get(1)).isSameAs(read);
    List<Object> inner = new ArrayList<>();
    List<Object> outer = List.of(inner);
    inner.add(outer);
    assertThatThrownBy(() -> codecs.values().encode(outer))
        .isInstanceOf(ForbiddenTypeException.class)
        .hasMessageContaining("cycle");
    // The same immutable twice is no cycle.
    List<Object> twice = Arrays.asList(ITEM, ITEM, List.of(ITEM));
    List<?> back = (List<?>) codecs.values().decode(codecs.values().encode(twice), 0);
    assertThat(back.get(0)).isEqualTo(ITEM).isSameAs(back.get(1));
  }

  @Test
  void tooDeepIsTold() {
    Bean root = new Bean();
    Bean at = root;
    for (int i = 0; i < 200_000; i++) {
      Bean next = new Bean();
      at.any = next;
      at = next;
    }
    assertThatThrownBy(() -> contexts().codecs().values().encode(root))
        .isInstanceOf(CacheException.class);
    assertThatThrownBy(() -> contexts().codecs().copier().copy(root))
        .isInstanceOf(CacheException.class);
  }

  @Test
  void manyThreads() throws Exception {
    Codecs<Object, Object> codecs = contexts().codecs();
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Future<Boolean>> all = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        int thread = t;
        all.add(pool.submit(() -> {
          for (int i = 0; i < 2000; i++) {
            Item item = new Item(
                "n" + thread + i, BigDecimal.valueOf(i), List.of(new Part(i), new Part(thread)));
            if (!codecs.values().decode(codecs.values().encode(item), 0).equals(item)
                || !codecs.copier().copy(new ArrayList<>(List.of(item))).equals(List.of(item))
                || !codecs.keys().decode(codecs.keys().encode(item)).equals(item)) {
              return false;
            }
          }
          return true;
        }));
      }
      for (Future<Boolean> each : all) {
        assertThat(each.get(60, TimeUnit.SECONDS)).isTrue();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void nothingHoldsTheClassLoaderAfterwards() throws Exception {
    WeakReference<ClassLoader> loader = use();
    for (int i = 0; i < 100 && loader.get() != null; i++) {
      System.gc();
      byte[][] pressure = new byte[10][1 << 20];
      assertThat(pressure).hasNumberOfRows(10);
      Thread.sleep(20); // The collector runs in its own time.
    }
    assertThat(loader.get()).isNull();
  }

  private static WeakReference<ClassLoader> use() throws Exception {
    Compiled loader = Compiled.of(
        "class Main { static Object make() { return new R(List.of(E.A), new B()); } }",
        "class R { public List<E> all; public B b; R() {} R(List<E> a, B b) { all = a; this.b = b; }"
            // A record's own hashCode is held softly by the JDK, and so would the loader be.
            + " public int hashCode() { return 1; } public boolean equals(Object o) { return o instanceof R; } }",
        "enum E { A }",
        "class B { public int x; public int hashCode() { return 1; } public boolean equals(Object o) { return o instanceof B; } }");
    for (CodecKind kind : List.of(CodecKind.KRYO, CodecKind.JSON)) {
      Codecs<Object, Object> codecs =
          Contexts.any().loader(loader).allow("app.*").codec(kind).codecs();
      Object value = loader.make();
      codecs.values().decode(codecs.values().encode(value), 0);
      codecs.keys().decode(codecs.keys().encode(value));
      codecs.copier().copy(new ArrayList<>(List.of(value)));
      codecs.refusal(value);
    }
    return new WeakReference<>(loader);
  }
}
