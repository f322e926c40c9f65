package io.larder.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.config.CodecKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowListTest {

  record Plain(String text) {}

  sealed interface Shape permits Round, Edged {}

  record Round(int radius) implements Shape {}

  sealed interface Edged extends Shape permits Square {}

  record Square(int side) implements Edged {}

  static class Open {
    int a = 1;
  }

  static class Sub extends Open {}

  static class Holder {
    Object held = new Plain("x");
  }

  @Test
  void closedByDefault() {
    assertThatThrownBy(() -> Contexts.any().codecs().values().encode(new Plain("x")))
        .isInstanceOf(ForbiddenTypeException.class)
        .hasMessage(
            "products: objects of class io.larder.codec.AllowListTest$Plain may not be stored: add"
                + " \"io.larder.codec.AllowListTest$Plain\" (or \"io.larder.codec.*\") to"
                + " allowed_classes");
    assertThatThrownBy(() -> Contexts.any().codecs().keys().encode(new Plain("x")))
        .isInstanceOf(ForbiddenTypeException.class)
        .hasMessageContaining("add \"io.larder.codec.AllowListTest$Plain\"");
  }

  @ParameterizedTest
  @CsvSource({
    "io.larder.codec.AllowListTest$Plain, true",
    "io.larder.codec.*, true",
    "io.larder.*, false",
    "io.larder.**, true",
    "io.larder.codec.**, true",
    "io.larder.cod.**, false",
    "io.larder.codec.AllowListTest, false",
    "io.larder.codec.AllowListTest$Pla, false"
  })
  void patterns(String pattern, boolean allowed) {
    Codecs<Object, Object> codecs = Contexts.any().allow(pattern).codecs();
    assertThat(codecs.refusal(new Plain("x")).isEmpty()).isEqualTo(allowed);
    assertThat(codecs.refusal(new Plain[0]).isEmpty()).isEqualTo(allowed);
    assertThat(codecs.refusal(List.of(new Plain("x"))).isEmpty()).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*", "**", "io.larder*", "io.*.codec", "a b", ".*", "io.larder.***"})
  void noPattern(String pattern) {
    assertThatThrownBy(() -> Contexts.any().allow(pattern).codecs())
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("allowed_classes: \"" + pattern + "\"");
  }

  @Test
  void declaredTypesPassWithoutTheirSubclasses() {
    Codecs<Object, Object> codecs =
        Contexts.any().types(String.class, Open.class).codecs();
    assertThat(codecs.refusal(new Open())).isEmpty();
    assertThat(codecs.refusal(new Sub())).hasValueSatisfying(m -> assertThat(m).contains("$Sub"));
    assertThat(Contexts.any().types(String.class, Open[][].class).codecs().refusal(new Open()))
        .isEmpty();
  }

  @Test
  void aSealedTypeImpliesWhatItPermits() {
    Codecs<Object, Object> codecs =
        Contexts.any().types(String.class, Shape.class).codecs();
    assertThat(codecs.refusal(new Round(1))).isEmpty();
    assertThat(codecs.refusal(new Square(1))).isEmpty();
  }

  @Test
  void whatIsInsideIsJudgedToo() {
    Codecs<Object, Object> codecs =
        Contexts.any().types(String.class, Holder.class).codecs();
    assertThatThrownBy(() -> codecs.values().encode(new Holder()))
        .isInstanceOf(ForbiddenTypeException.class)
        .hasMessageContaining("add \"io.larder.codec.AllowListTest$Plain\"");
    assertThat(codecs.refusal(new Holder())).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"java.**", "java.util.*", "javax.**", "sun.**", "com.sun.**", "java.util.Random"})
  void noPatternOpensTheJdk(String pattern) {
    assertThatThrownBy(
            () -> Contexts.any().allow(pattern).codecs().values().encode(new java.util.Random()))
        .isInstanceOf(ForbiddenTypeException.class);
    assertThatThrownBy(() -> Contexts.any()
            .allow(pattern)
            .codecs()
            .values()
            .encode(new javax.swing.event.EventListenerList()))
        .isInstanceOf(ForbiddenTypeException.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = CodecKind.class,
      names = {"KRYO", "JSON"})
  void aForbiddenNameLoadsNoClass(CodecKind kind) throws Exception {
    String main = "class Main { static Object make() { return new P(1); } }";
    Compiled writer = Compiled.of(
        main, "record P(int a) { static { System.setProperty(\"seenByTest.loaded\", \"x\"); } }");
    byte[] value = Contexts.any()
        .loader(writer)
        .allow("app.*")
        .codec(kind)
        .codecs()
        .values()
        .encode(writer.make());
    byte[] key = Contexts.any().loader(writer).allow("app.*").codecs().keys().encode(writer.make());
    Compiled reader = Compiled.of(main, "record P(int a) {}");
    Codecs<Object, Object> closed =
        Contexts.any().loader(reader).allow("other.**").codec(kind).codecs();
    assertThatThrownBy(() -> closed.values().decode(value, 0))
        .isInstanceOf(UndecodableException.class);
    assertThatThrownBy(() -> closed.keys().decode(key)).isInstanceOf(UndecodableException.class);
    assertThat(reader.asked).noneMatch(name -> name.startsWith("app."));
  }

  @Test
  void forgedJdkNamesAreRefused() throws Exception {
    Codecs<Object, Object> codecs = Contexts.any().allow("aaaa.bbbbb.Cccccc").codecs();
    for (String name : List.of(
        "java.lang.Thread",
        "java.util.Random",
        "java.lang.Class",
        "javax.naming.Name",
        "java.net.URL",
        "java.lang.Runtime",
        "java.lang.ProcessBuilder",
        "java.rmi.MarshalledObject",
        "[Ljava.lang.Object;",
        "java.util.concurrent.ExecutionException[]",
        "int",
        "int[]",
        "java.lang.Object[][]")) {
      byte[] text = name.getBytes(StandardCharsets.UTF_8);
      byte[] bytes = new byte[text.length + 20];
      bytes[0] = 0x11;
      bytes[2] = (byte) (bytes.length - 3);
      bytes[3] = 1;
      bytes[4] = (byte) (text.length * 2 + 1);
      System.arraycopy(text, 0, bytes, 5, text.length);
      assertThatThrownBy(() -> codecs.values().decode(bytes, 0))
          .isInstanceOf(UndecodableException.class);
    }
  }

  @Test
  void anotherLoadersClassIsRefusedAtPut() {
    Compiled other = Compiled.of(
        "class Main { static Object make() { return new P(1); } }", "record P(int a) {}");
    assertThatThrownBy(() -> Contexts.any().allow("app.*").codecs().values().encode(other.make()))
        .isInstanceOf(ForbiddenTypeException.class)
        .hasMessageContaining("class loader does not see");
  }

  @Test
  void valuesOfAnotherTypeThanDeclaredAreUndecodable() throws Exception {
    byte[] text = Contexts.any().codecs().values().encode("text");
    byte[] list = Contexts.any().codecs().values().encode(new ArrayList<>(List.of(1)));
    Codecs<Object, Object> maps = Contexts.any().types(Long.class, Map.class).codecs();
    assertThatThrownBy(() -> maps.values().decode(text, 0))
        .isInstanceOf(UndecodableException.class);
    assertThatThrownBy(() -> maps.values().decode(list, 0))
        .isInstanceOf(UndecodableException.class);
    assertThatThrownBy(() -> maps.keys().decode(maps0("text")))
        .isInstanceOf(UndecodableException.class);
    assertThat(maps.values().decode(maps.values().encode(new HashMap<>()), 0)).isEqualTo(Map.of());
  }

  private static byte[] maps0(Object key) {
    return Contexts.any().codecs().keys().encode(key);
  }
}
