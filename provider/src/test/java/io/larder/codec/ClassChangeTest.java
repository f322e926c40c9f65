package io.larder.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.config.CodecKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Values written by an old version of a class and read by a new one. */
class ClassChangeTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
          component renamed       | record P(int a, int b)    | new P(1, 2)     | record P(int a, int c)            | miss
          components reordered    | record P(int a, int b)    | new P(1, 2)     | record P(int b, int a)            | miss
          component type changed  | record P(int a, int b)    | new P(1, 2)     | record P(int a, long b)           | miss
          component type boxed    | record P(int a, int b)    | new P(1, 2)     | record P(int a, Integer b)        | miss
          nullable appended       | record P(int a, int b)    | new P(1, 2)     | record P(int a, int b, String c)  | P[a=1, b=2, c=null]
          nullable in the middle  | record P(int a, int b)    | new P(1, 2)     | record P(int a, List<String> c, int b) | P[a=1, c=null, b=2]
          primitive appended      | record P(int a, int b)    | new P(1, 2)     | record P(int a, int b, int c)     | miss
          component removed       | record P(int a, String b) | new P(1, "x")   | record P(int a)                   | miss
          object component changed| record P(Object a)        | new P("x")      | record P(String a)                | miss
          same                    | record P(int a, Object b) | new P(1, List.of(2)) | record P(int a, Object b)    | P[a=1, b=[2]]
          renamed of two strings  | record P(String a, String b) | new P("x", "y") | record P(String b, String a)   | miss
          record became class     | record P(int a)           | new P(1)        | class P { int a; }                | miss
          """)
  void records(String name, String before, String make, String after, String expected)
      throws Exception {
    check(body(before), make, body(after), expected);
  }

  private static String body(String declaration) {
    return declaration.startsWith("record") ? declaration + " {}" : declaration;
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
          same                  | int a; String b;             | int a; String b;                    | 1 x
          field added           | int a; String b;             | int a; String b; int c = 5; List<String> d; | 1 x 5 null
          field first           | int b; String c;             | String a; int b; String c;          | null 1 x
          field removed         | int a; String b;             | int a;                              | 1
          object removed        | int a; String b; List<Object> c = List.of(1); int d = 4; | int a; String b; int d; | 1 x 4
          removed and shared    | int a; String b; List<Object> c = new ArrayList<>(List.of(1)); List<Object> d = c; | int a; String b; List<Object> d; | 1 x [1]
          type changed          | int a; String b;             | long a; String b;                   | miss
          object type changed   | int a; String b; List<Object> c; | int a; String b; Collection<Object> c; | miss
          renamed               | int a; String b;             | int z; String b;                    | x 0
          became transient      | int a; String b;             | int a; transient String b;          | 1 null
          """)
  void classes(String name, String before, String after, String expected) throws Exception {
    check(bean("", before, true), "new P(1, \"x\")", bean("", after, false), expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
          same              | int z = 7;          | int z;              | 1 x 7
          field added       | int z = 7;          | int z; int y = 3;   | 1 x 3 7
          field removed     | int z = 7;          |  int y = 3;         | 1 x 3
          type changed      | int z = 7;          | long z;             | miss
          """)
  void superclasses(String name, String before, String after, String expected) throws Exception {
    check(
        "class S { " + before + " } " + bean("extends S", "int a; String b;", true),
        "new P(1, \"x\")",
        "class S { " + after + " } " + bean("extends S", "int a; String b;", false),
        expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
          superclass gone   | class S { int z = 7; } class P extends S { int a = 1; } | class P { int a; int z = 2; %s } | 1 2
          constant moved    | enum P { A, B; }     | enum P { X, B, A; }   | B
          constant removed  | enum P { A, B; }     | enum P { A; }         | miss
          constant renamed  | enum P { A, B; }     | enum P { A, C; }      | miss
          enum became class | enum P { A, B; }     | class P { }           | miss
          class became enum | class P { }          | enum P { A, B; }      | miss
          """)
  void kinds(String name, String before, String after, String expected) throws Exception {
    String make = before.startsWith("enum") ? "P.B" : "new P()";
    check(before, make, after.replace("%s", TO_STRING), expected);
  }

  @ParameterizedTest
  @EnumSource(
      value = CodecKind.class,
      names = {"KRYO", "JSON"})
  void classGoneIsAMiss(CodecKind kind) throws Exception {
    Compiled old = Compiled.of(
        "class Main { static Object make() { return new P(1); } }", "record P(int a) {}");
    byte[] bytes = codecs(old, kind).values().encode(old.make());
    Compiled now = Compiled.of("class Main {}");
    assertThatThrownBy(() -> codecs(now, kind).values().decode(bytes, 0))
        .isInstanceOf(UndecodableException.class);
  }

  private static final String TO_STRING = """
      public String toString() {
        try {
          List<String> all = new ArrayList<>();
          for (Class<?> c = getClass(); c != Object.class; c = c.getSuperclass()) {
            TreeMap<String, Object> level = new TreeMap<>();
            for (var f : c.getDeclaredFields()) { f.setAccessible(true); level.put(f.getName(), "" + f.get(this)); }
            level.values().forEach(v -> all.add(v.toString()));
          }
          return String.join(" ", all);
        } catch (Exception e) { throw new RuntimeException(e); }
      }
      """;

  private static String bean(String extended, String fields, boolean writer) {
    String body = fields + (writer ? " P(int i, String s) { " + assign(fields) + " }" : TO_STRING);
    return "class P " + extended + " { " + body + " }";
  }

  private static String assign(String fields) {
    // The first int takes 1, the first String takes x.
    String number = fields.replaceFirst(".*?int (\\w+).*", "$1");
    String text = fields.replaceFirst(".*?String (\\w+).*", "$1");
    return "this." + number + " = i; this." + text + " = s;";
  }

  private static void check(String before, String make, String after, String expected)
      throws Exception {
    String main = "class Main { static Object make() { return " + make + "; } }";
    Compiled old = Compiled.of(main, before);
    Compiled now = Compiled.of("class Main {}", after);
    byte[] bytes = codecs(old, CodecKind.KRYO).values().encode(old.make());
    ValueCodec<Object> reader = codecs(now, CodecKind.KRYO).values();
    if (expected.equals("miss")) {
      assertThatThrownBy(() -> reader.decode(bytes, 0)).isInstanceOf(UndecodableException.class);
      // The same bytes among others: not only at the root.
      byte[] nested = codecs(old, CodecKind.KRYO).values().encode(java.util.List.of(old.make()));
      assertThatThrownBy(() -> reader.decode(nested, 0)).isInstanceOf(UndecodableException.class);
    } else {
      assertThat(reader.decode(bytes, 0)).hasToString(expected);
    }
  }

  private static Codecs<Object, Object> codecs(Compiled loader, CodecKind kind) {
    return Contexts.any().loader(loader).allow("app.*").codec(kind).codecs();
  }
}
