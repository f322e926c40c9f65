package io.larder.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each JDK type comes back equal, or is refused at put. */
// Odd classes and old types are what is tested here.
@SuppressWarnings({
  "JavaUtilDate",
  "JdkObsolete",
  "JavaTimeDefaultTimeZone",
  "UnnecessaryStringBuilder"
})
class JdkTypesTest {

  private final Codecs<Object, Object> codecs = Contexts.any().codecs();

  static Stream<Arguments> equal() throws Exception {
    List<Object> all = new ArrayList<>();
    values(all);
    containers(all);
    views(all);
    return all.stream().map(each -> arguments(each.getClass().getName(), each));
  }

  private static void values(List<Object> all) throws Exception {
    Collections.addAll(
        all,
        true,
        (byte) -1,
        'x',
        '\uD800',
        (short) -300,
        Integer.MIN_VALUE,
        Long.MAX_VALUE,
        1.5f,
        Float.NaN,
        -0.0,
        Double.NaN,
        "",
        "text",
        "\u00e4\u20ac\ud83d\ude00",
        "lone \ud800 half",
        "\ufffd",
        "x".repeat(5000),
        "\u00e4".repeat(5000),
        "\udc00".repeat(5000));
    Collections.addAll(
        all,
        BigInteger.TEN.pow(100),
        BigInteger.ZERO,
        new BigDecimal("1.00"),
        new BigDecimal("-1E+400"));
    Collections.addAll(
        all,
        UUID.randomUUID(),
        URI.create("http://a.b/c?d#e"),
        Locale.GERMANY,
        Locale.ROOT,
        new Locale("no", "NO", "NY"),
        Locale.forLanguageTag("ja-JP-u-ca-japanese"),
        Locale.forLanguageTag("zh-Hans-CN"),
        new Locale("ja", "JP", "JP"),
        Currency.getInstance("EUR"),
        StandardCharsets.UTF_16LE,
        TimeUnit.DAYS,
        DayOfWeek.MONDAY,
        RoundingMode.UP);
    Collections.addAll(
        all,
        new Date(1),
        new java.sql.Timestamp(12345),
        new java.sql.Date(5),
        new java.sql.Time(7),
        new GregorianCalendar(TimeZone.getTimeZone("Europe/Paris")),
        TimeZone.getTimeZone("Asia/Tokyo"));
    Collections.addAll(
        all,
        Instant.MIN,
        Instant.MAX,
        Instant.now(),
        LocalDate.MIN,
        LocalDate.MAX,
        LocalTime.MAX,
        LocalDateTime.MIN,
        LocalDateTime.MAX,
        OffsetDateTime.MIN,
        OffsetTime.MAX,
        Year.of(-5),
        Year.of(5),
        YearMonth.of(12345, 3),
        MonthDay.of(2, 29),
        Duration.ofSeconds(Long.MIN_VALUE),
        Duration.ofSeconds(-1, 5),
        Period.of(1, -2, 3),
        ZoneOffset.ofHours(3),
        ZoneId.of("UTC"),
        ZoneId.of("Europe/Berlin"),
        ZoneId.of("GMT+2"));
    ZonedDateTime overlap = ZonedDateTime.of(2024, 10, 27, 2, 30, 0, 0, ZoneId.of("Europe/Berlin"));
    Collections.addAll(
        all,
        overlap.withEarlierOffsetAtOverlap(),
        overlap.withLaterOffsetAtOverlap(),
        Optional.empty(),
        Optional.of("x"),
        OptionalInt.of(3),
        OptionalInt.empty(),
        OptionalLong.of(5),
        OptionalDouble.of(-0.0),
        OptionalDouble.empty(),
        BitSet.valueOf(new long[] {1, 5, 9}));
    Collections.addAll(
        all,
        InetAddress.getByAddress("host", new byte[] {1, 2, 3, 4}),
        InetAddress.getLoopbackAddress(),
        Inet6Address.getByAddress(null, new byte[16], 3),
        new InetSocketAddress("127.0.0.1", 80),
        InetSocketAddress.createUnresolved("nowhere.invalid", 5),
        ByteBuffer.wrap(new byte[] {1, 2, 3}, 1, 2),
        ByteBuffer.allocateDirect(4),
        ByteBuffer.wrap(new byte[3]).asReadOnlyBuffer(),
        new StackTraceElement("a", "b", "c", "d", "e", null, 7));
  }

  private static void containers(List<Object> all) {
    Collections.addAll(
        all,
        new ArrayList<>(Arrays.asList(1, null, "x")),
        new LinkedList<>(List.of(1, 2)),
        new Vector<>(List.of(1)),
        new HashSet<>(List.of(1, 2L, "3")),
        new LinkedHashSet<>(List.of(3, 1, 2)),
        new TreeSet<>(List.of(3, 1)),
        new CopyOnWriteArrayList<>(List.of(1)),
        new CopyOnWriteArraySet<>(List.of(1)),
        new ConcurrentSkipListSet<>(List.of(2, 1)),
        ConcurrentHashMap.newKeySet(),
        EnumSet.of(TimeUnit.DAYS, TimeUnit.HOURS),
        EnumSet.noneOf(TimeUnit.class),
        EnumSet.allOf(TimeUnit.class));
    TreeSet<String> insensitive = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    insensitive.add("B");
    TreeMap<Integer, String> reversed = new TreeMap<>(Comparator.reverseOrder());
    reversed.put(1, "a");
    reversed.put(2, "b");
    LinkedHashMap<String, Integer> byAccess = new LinkedHashMap<>(16, 0.75f, true);
    byAccess.put("a", 1);
    EnumMap<TimeUnit, String> enumMap = new EnumMap<>(TimeUnit.class);
    enumMap.put(TimeUnit.DAYS, "d");
    Properties properties = new Properties();
    properties.setProperty("a", "b");
    Collections.addAll(
        all,
        insensitive,
        reversed,
        byAccess,
        enumMap,
        new EnumMap<>(DayOfWeek.class),
        properties,
        new HashMap<>(Map.of(1, "x")),
        new TreeMap<>(Map.of(1, 2)),
        new ConcurrentHashMap<>(Map.of(1, 2)),
        new ConcurrentSkipListMap<>(Map.of(1, 2)),
        new Hashtable<>(Map.of(1, 2)));
    Map<String, Object> nullable = new HashMap<>();
    nullable.put(null, null);
    Collections.addAll(
        all,
        nullable,
        List.of(),
        List.of(1),
        List.of(1, 2, 3),
        Set.of(),
        Set.of(1),
        Set.of(1, 2, 3),
        Map.of(),
        Map.of(1, 2),
        Map.of(1, 2, 3, 4),
        Arrays.asList("a", null),
        Map.entry("k", 1),
        new AbstractMap.SimpleEntry<>("k", null),
        new AbstractMap.SimpleImmutableEntry<>("k", 1),
        Stream.of("a", null).toList(),
        Stream.of("a", "b").toList(),
        Collections.nCopies(1_000_000, "x"),
        Collections.nCopies(0, "x"),
        Collections.nCopies(3, null),
        Collections.emptyList(),
        Collections.emptySet(),
        Collections.emptyMap(),
        Collections.singleton(null),
        Collections.singletonList("x"),
        Collections.singletonMap("x", null),
        Collections.emptySortedSet(),
        Collections.emptySortedMap());
  }

  private static void views(List<Object> all) {
    List<Integer> list = new ArrayList<>(List.of(1, 2, 3, 4));
    Map<String, Integer> map = new LinkedHashMap<>(Map.of("a", 1, "b", 2));
    TreeMap<String, Integer> tree = new TreeMap<>(map);
    Collections.addAll(
        all,
        list.subList(1, 3),
        new LinkedList<>(list).subList(1, 3),
        List.of(1, 2, 3).subList(1, 2),
        map.keySet(),
        map.entrySet(),
        map.entrySet().iterator().next(),
        tree.keySet(),
        tree.headMap("b"),
        tree.descendingMap(),
        tree.descendingKeySet(),
        tree.firstEntry(),
        tree.entrySet(),
        new TreeSet<>(list).headSet(3),
        new TreeSet<>(list).descendingSet(),
        new HashMap<>(map).keySet(),
        new ConcurrentHashMap<>(map).keySet(),
        new ConcurrentHashMap<>(map).entrySet(),
        Map.of(1, 2).keySet(),
        Map.of(1, 2).entrySet(),
        Collections.unmodifiableList(list),
        Collections.unmodifiableList(new LinkedList<>(list)),
        Collections.unmodifiableSet(new HashSet<>(list)),
        Collections.unmodifiableMap(map),
        Collections.unmodifiableSortedSet(new TreeSet<>(list)),
        Collections.unmodifiableSortedMap(tree),
        Collections.unmodifiableNavigableMap(tree),
        Collections.synchronizedList(list),
        Collections.synchronizedSet(new HashSet<>(list)),
        Collections.synchronizedMap(map),
        Collections.synchronizedSortedMap(tree),
        Collections.synchronizedSortedSet(new TreeSet<>(list)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void equal(String name, Object value) throws Exception {
    assertThat(roundTrip(value)).isEqualTo(value);
    assertThat(codecs.copier().copy(value)).isEqualTo(value);
    // And in company, where nothing but its own bytes tell where it ends.
    assertThat(roundTrip(Arrays.asList("before", value, value, 7)))
        .isEqualTo(Arrays.asList("before", value, value, 7));
  }

  static Stream<Arguments> alike() {
    Map<String, Integer> map = new LinkedHashMap<>(Map.of("a", 1));
    LongAdder adder = new LongAdder();
    adder.add(5);
    DoubleAdder doubles = new DoubleAdder();
    doubles.add(5);
    PriorityQueue<Integer> queue = new PriorityQueue<>(Comparator.reverseOrder());
    queue.addAll(List.of(1, 9, 5, 7));
    Function<Object, Object> text = Object::toString;
    Function<Object, Object> list = each -> new ArrayList<>((Collection<?>) each);
    return Stream.of(
        arguments(Pattern.compile("a+", Pattern.CASE_INSENSITIVE), (Function<Object, Object>)
            p -> ((Pattern) p).pattern() + ((Pattern) p).flags()),
        arguments(new AtomicInteger(-3), text),
        arguments(new AtomicLong(Long.MIN_VALUE), text),
        arguments(new AtomicBoolean(true), text),
        arguments(new AtomicReference<>(List.of("x")), text),
        arguments(new AtomicIntegerArray(new int[] {1, -2}), text),
        arguments(new AtomicLongArray(new long[] {1, -2}), text),
        arguments(new AtomicReferenceArray<>(new Object[] {1, null}), text),
        arguments(adder, text),
        arguments(doubles, text),
        arguments(new StringBuilder("sb"), text),
        arguments(new StringBuffer("sb"), text),
        arguments(new ArrayDeque<>(List.of(1, 2, 3)), list),
        arguments(new ConcurrentLinkedQueue<>(List.of(1, 2, 3)), list),
        arguments(new ConcurrentLinkedDeque<>(List.of(1, 2, 3)), list),
        arguments(queue, (Function<Object, Object>) q -> {
          PriorityQueue<?> copy = new PriorityQueue<>((PriorityQueue<?>) q);
          List<Object> order = new ArrayList<>();
          while (!copy.isEmpty()) {
            order.add(copy.poll());
          }
          return order;
        }),
        arguments(map.values(), list),
        arguments(new HashMap<>(map).values(), list),
        arguments(new TreeMap<>(map).values(), list),
        arguments(new ConcurrentHashMap<>(map).values(), list),
        arguments(Map.of("a", 1).values(), list),
        arguments(Collections.unmodifiableCollection(map.values()), list),
        arguments(Collections.synchronizedCollection(map.values()), list),
        arguments(String.CASE_INSENSITIVE_ORDER, text));
  }

  @ParameterizedTest
  @MethodSource
  void alike(Object value, Function<Object, Object> view) throws Exception {
    assertThat(view.apply(roundTrip(value))).isEqualTo(view.apply(value));
    assertThat(view.apply(codecs.copier().copy(value))).isEqualTo(view.apply(value));
  }

  @Test
  void arraysOfAllKinds() throws Exception {
    Object[] arrays = {
      new boolean[] {true, false},
      new byte[] {1, 2},
      new char[] {'a', '\ud800'},
      new short[] {-1},
      new int[] {Integer.MIN_VALUE, 5},
      new long[] {7},
      new float[] {Float.NaN},
      new double[] {-0.0},
      new String[] {"a", null},
      new Object[] {1, "x", null, new int[] {3}},
      new int[][] {{1}, {}, null},
      new String[][][] {{{"a"}}},
      new Integer[] {1, null},
      new UUID[] {UUID.randomUUID()},
      new Number[] {1, 2.5},
      new List<?>[] {List.of(1)},
      new TimeUnit[] {TimeUnit.DAYS},
      new LocalDate[][] {{LocalDate.MAX}},
      new Comparable<?>[] {1},
      new Map.Entry<?, ?>[] {Map.entry(1, 2)}
    };
    assertThat(Arrays.deepEquals((Object[]) roundTrip(arrays), arrays)).isTrue();
    Object[] copy = codecs.copier().copy(arrays);
    assertThat(Arrays.deepEquals(copy, arrays)).isTrue();
    assertThat(copy[4]).isNotSameAs(arrays[4]);
    for (int i = 0; i < arrays.length; i++) {
      assertThat(((Object[]) roundTrip(arrays))[i]).hasSameClassAs(arrays[i]);
    }
  }

  @Test
  void wrappersStayUnmodifiable() throws Exception {
    for (Object wrapped : List.of(
        List.of(1),
        Stream.of(1, null).toList(),
        Collections.unmodifiableList(new ArrayList<>()),
        Collections.unmodifiableCollection(new ArrayList<>()),
        Set.of(1),
        Collections.nCopies(2, 3))) {
      assertThatThrownBy(() -> ((Collection<Object>) roundTrip(wrapped)).add(1))
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }

  static Stream<Object> refused() throws Exception {
    Properties inherited = new Properties();
    inherited.setProperty("a", "b");
    Properties defaults = new Properties(inherited);
    return Stream.of(
        String.class,
        new java.net.URL("http://localhost/"),
        Thread.currentThread(),
        (Runnable & java.io.Serializable) () -> {},
        new ByteArrayInputStream(new byte[0]),
        new Random(),
        new IdentityHashMap<>(Map.of("a", 1)),
        new IdentityHashMap<>(Map.of("a", 1)).keySet(),
        new WeakHashMap<>(),
        Collections.checkedList(new ArrayList<>(), String.class),
        Collections.newSetFromMap(new IdentityHashMap<>()),
        Collections.asLifoQueue(new ArrayDeque<>()),
        new LinkedBlockingQueue<>(5),
        new SimpleTimeZone(5, "mine"),
        new GregorianCalendar(new SimpleTimeZone(5, "mine")),
        new TreeMap<String, String>(Comparator.comparing(String::length)),
        new Object(),
        new ArrayList<>(List.of(new Object())),
        Stream.of(1),
        List.of(1).iterator(),
        new Scanner("x"),
        defaults,
        new java.io.File("x").toPath(),
        java.lang.reflect.Proxy.newProxyInstance(
            JdkTypesTest.class.getClassLoader(),
            new Class<?>[] {Runnable.class},
            (p, m, a) -> null),
        new MissingResourceException("a", "b", "c"),
        new ClassLoader() {});
  }

  @ParameterizedTest
  @MethodSource
  void refused(Object value) {
    assertThatThrownBy(() -> codecs.values().encode(value))
        .isInstanceOf(ForbiddenTypeException.class)
        .hasMessageStartingWith("products: ");
    assertThat(codecs.refusal(value)).isPresent();
  }

  private Object roundTrip(Object value) throws Exception {
    return codecs.values().decode(codecs.values().encode(value), 0);
  }
}
