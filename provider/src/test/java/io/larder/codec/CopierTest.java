package io.larder.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Externalizable;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.*;
import java.util.stream.Stream;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

// Odd classes and old types are what is tested here.
@SuppressWarnings({"JavaUtilDate", "UnusedVariable"})
class CopierTest {

  // Redis would refuse every class of this test: the heap has no door.
  private final Copier copier = Contexts.any().codecs().copier();

  record Money(BigDecimal amount, Currency currency) {}

  record Tagged(String name, List<String> tags) {}

  enum Color {
    RED
  }

  private static final class Frozen {
    private final int a = 1;
    private final Instant at = Instant.EPOCH;
    private final Color color = Color.RED;
  }

  private static final class Bean {
    private final List<String> texts = new ArrayList<>(List.of("a"));
    private transient String cached = "set";
    private final Date date = new Date(5);
    private int[][] grid = {{1}, {2}};
    private Object self = this;
    private final int last;

    Bean(int last) {
      this.last = last;
    }
  }

  static class Names extends ArrayList<String> {
    String label = "l";
  }

  static class Hooked implements Serializable {
    private transient int[] state = {1, 2};

    private void readObject(ObjectInputStream in) {
      throw new AssertionError();
    }
  }

  public static class External implements Externalizable {
    transient List<Object> parts = new ArrayList<>();

    @Override
    public void writeExternal(ObjectOutput out) throws java.io.IOException {
      out.writeObject(parts);
    }

    @Override
    @SuppressWarnings("unchecked")
    public void readExternal(ObjectInput in) throws java.io.IOException, ClassNotFoundException {
      parts = (List<Object>) in.readObject();
    }
  }

  static Stream<Object> shared() {
    return Stream.of(
        "text",
        1,
        2L,
        'c',
        1.5,
        true,
        BigDecimal.TEN,
        UUID.randomUUID(),
        Instant.now(),
        Locale.ROOT,
        Color.RED,
        List.of("a", 1),
        Set.of(1),
        Map.of("a", List.of(2)),
        Optional.of("x"),
        new Frozen(),
        String.class,
        new Money(BigDecimal.ONE, Currency.getInstance("EUR")),
        new Tagged("t", List.of("a")),
        new Tagged("t", null),
        Collections.emptyList(),
        List.of(new Money(BigDecimal.ONE, null)));
  }

  @ParameterizedTest
  @MethodSource
  void shared(Object immutable) {
    assertThat(copier.copy(immutable)).isSameAs(immutable);
  }

  static Stream<Object> copied() {
    return Stream.of(
        new Date(5),
        new ArrayList<>(List.of(1)),
        List.of(new Date(1)),
        Map.of("a", new ArrayList<>()),
        Optional.of(new ArrayList<>(List.of(1))),
        new Tagged("t", new ArrayList<>(List.of("a"))),
        new ArrayDequeHolder(),
        Collections.unmodifiableList(new ArrayList<>(List.of(1))));
  }

  record ArrayDequeHolder(List<Object> list) {
    ArrayDequeHolder() {
      this(new ArrayList<>());
    }
  }

  @ParameterizedTest
  @MethodSource
  void copied(Object mutable) {
    assertThat(copier.copy(mutable)).isNotSameAs(mutable).isEqualTo(mutable);
  }

  @Test
  void aSubclassOfAnImmutableIsNotTrusted() {
    BigDecimal odd = new BigDecimal("1") {
      int state;
    };
    Money money = new Money(odd, null);
    assertThatThrownBy(() -> copier.copy(money)).isInstanceOf(CacheException.class);
  }

  @Test
  void beansAreCopiedDeeplyWithoutTransients() {
    Bean bean = new Bean(9);
    Bean copy = copier.copy(bean);
    assertThat(copy).isNotSameAs(bean);
    assertThat(copy.texts).isEqualTo(bean.texts).isNotSameAs(bean.texts);
    assertThat(copy.date).isEqualTo(bean.date).isNotSameAs(bean.date);
    assertThat(copy.grid[1]).isEqualTo(bean.grid[1]).isNotSameAs(bean.grid[1]);
    assertThat(copy.self).isSameAs(copy);
    assertThat(copy.last).isEqualTo(9);
    assertThat(copy.cached).isNull();
  }

  @Test
  void everyTierAnswersAlike() throws Exception {
    Codecs<Object, Object> codecs = Contexts.any().allow("io.larder.codec.*").codecs();
    Bean bean = new Bean(9);
    Bean read = (Bean) codecs.values().decode(codecs.values().encode(bean), 0);
    assertThat(read).usingRecursiveComparison().isEqualTo(codecs.copier().copy(bean));
    assertThat(read.self).isSameAs(read);
    Names names = new Names();
    names.add("x");
    names.label = "changed";
    Names readNames = (Names) codecs.values().decode(codecs.values().encode(names), 0);
    assertThat(readNames).containsExactly("x");
    assertThat(readNames.label).isEqualTo("changed");
    assertThat(codecs.copier().copy(names).label).isEqualTo("changed");
  }

  @Test
  void localClassesAreCopied() {
    checkLocal(copier, 5);
  }

  private static void checkLocal(Copier copier, int captured) {
    class Local {
      List<Integer> list = new ArrayList<>(List.of(captured));
    }
    Local local = new Local();
    assertThat(copier.copy(local).list).isEqualTo(local.list).isNotSameAs(local.list);
  }

  static class Inherited {
    String own = "set";
    private final long since;

    Inherited(long since) {
      this.since = since;
    }
  }

  static final class Flat extends Inherited {
    boolean yes;
    byte small;
    char letter;
    short few;
    int count;
    float part;
    double share;
    String name;
    Color color;
    Instant at;
    UUID id;
    final String own;
    transient String cached = "set";

    Flat(long since, String own) {
      super(since);
      this.own = own;
    }
  }

  @Test
  void everyFieldOfAFlatClassIsCopied() {
    Flat flat = new Flat(Long.MIN_VALUE, "own");
    ((Inherited) flat).own = "inherited";
    flat.yes = true;
    flat.small = -1;
    flat.letter = '\uffff';
    flat.few = Short.MIN_VALUE;
    flat.count = 7;
    flat.part = 0.5f;
    flat.share = Math.PI;
    flat.name = "n";
    flat.color = Color.RED;
    flat.at = Instant.now();
    flat.id = UUID.randomUUID();
    for (int i = 0; i < 500; i++) {
      Flat copy = copier.copy(flat);
      assertThat(copy)
          .isNotSameAs(flat)
          .usingRecursiveComparison()
          .ignoringFields("cached")
          .isEqualTo(flat);
      assertThat(copy.own).isEqualTo("own");
      assertThat(((Inherited) copy).own).isEqualTo("inherited");
      assertThat(copy.cached).isNull();
      copy.count = 8;
      assertThat(flat.count).isEqualTo(7);
    }
    assertThat(copier.copy(new Flat(1, null)))
        .usingRecursiveComparison()
        .ignoringFields("cached")
        .isEqualTo(new Flat(1, null));
  }

  static class Open {
    Object any = "shared";
    int number = 3;
  }

  static final class Narrow extends Open {
    int more = 4;
  }

  @Test
  void whatAFieldHoldsDecidesWhereItsTypeDoesNot() {
    Open open = new Open();
    Narrow narrow = new Narrow();
    open.any = narrow;
    narrow.any = open;
    narrow.more = 5;
    Open copy = copier.copy(open);
    assertThat(copy.any).isNotSameAs(narrow).isInstanceOf(Narrow.class);
    assertThat(((Narrow) copy.any).more).isEqualTo(5);
    assertThat(((Narrow) copy.any).any).isSameAs(copy);
  }

  static final class Unmakable {
    static boolean broken;
    int number = 1;

    Unmakable() {
      if (broken) {
        throw new AssertionError("broken");
      }
    }
  }

  @Test
  void aConstructorThatFailsIsTold() {
    Unmakable instance = new Unmakable();
    assertThat(copier.copy(instance).number).isEqualTo(1);
    Unmakable.broken = true;
    try {
      assertThatThrownBy(() -> copier.copy(instance))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("cannot copy an object of class " + Unmakable.class.getName())
          .hasStackTraceContaining("the constructor of " + Unmakable.class.getName() + " failed");
    } finally {
      Unmakable.broken = false;
    }
  }

  @Test
  void hooksMeanAllFieldsAreCopied() {
    Hooked hooked = new Hooked();
    assertThat(copier.copy(hooked).state).containsExactly(1, 2).isNotSameAs(hooked.state);
    assertThat(Contexts.any().allow("io.larder.codec.*").codecs().refusal(hooked))
        .hasValueSatisfying(m -> assertThat(m).contains("readObject").contains("Externalizable"));
  }

  @Test
  void externalizablesCopyThemselves() throws Exception {
    External external = new External();
    external.parts.add(new Date(3));
    External copy = copier.copy(external);
    assertThat(copy.parts).isEqualTo(external.parts);
    assertThat(copy.parts.get(0)).isNotSameAs(external.parts.get(0));
    Codecs<Object, Object> codecs = Contexts.any().allow("io.larder.codec.*").codecs();
    External read = (External) codecs.values().decode(codecs.values().encode(external), 0);
    assertThat(read.parts).isEqualTo(external.parts);
  }

  @Test
  void lambdasAreSharedAndMapsWithThemCopied() {
    TreeMap<String, Date> map = new TreeMap<>(Comparator.comparing(String::length));
    map.put("a", new Date(1));
    TreeMap<String, Date> copy = copier.copy(map);
    assertThat(copy).isEqualTo(map).isNotSameAs(map);
    assertThat(copy.get("a")).isNotSameAs(map.get("a"));
  }

  @Test
  void whatCannotBeCopiedIsTold() {
    assertThatThrownBy(() -> copier.copy(new Object[] {new Random()}))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("products: ")
        .hasMessageContaining("java.util.Random");
    // And the next one is not harmed.
    assertThat(copier.copy(new Date(5))).isEqualTo(new Date(5));
  }
}
