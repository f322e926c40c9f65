package io.larder.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.Stack;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The JDK's containers in the table of {@link JdkTypes}. */
@SuppressWarnings({"unchecked", "rawtypes", "JdkObsolete"})
final class JdkContainers {

  static final int LIST = 70;
  static final int LINKED_SET = 75;
  static final int TREE_SET = 76;
  static final int LINKED_MAP = 91;
  static final int TREE_MAP = 92;
  static final int ENTRY = 101;
  static final int LIST_OF = 110;
  static final int SET_OF = 111;
  static final int MAP_OF = 112;
  static final int UNMODIFIABLE = 120;
  static final int SYNCHRONIZED = 130;

  @SuppressWarnings("UnnecessaryLambda")
  private static final Function<Collection<Object>, @Nullable Object[]> ELEMENTS =
      collection -> collection.toArray();

  private final JdkTypes.Builder table;

  private JdkContainers(JdkTypes.Builder table) {
    this.table = table;
  }

  static void addTo(JdkTypes.Builder table) {
    JdkContainers containers = new JdkContainers(table);
    containers.lists();
    containers.sets();
    containers.maps();
    containers.holders();
    containers.immutable();
    containers.wrapped(UNMODIFIABLE, Wrappers.UNMODIFIABLE);
    containers.wrapped(SYNCHRONIZED, Wrappers.SYNCHRONIZED);
    containers.singletons();
  }

  private void elements(
      int id, Class<?> type, Function<@Nullable Object, Collection<Object>> maker) {
    table.add(id, type, new ElementsSerializer<>(maker), true);
  }

  private void lists() {
    elements(LIST, ArrayList.class, none -> new ArrayList<>());
    elements(71, LinkedList.class, none -> new LinkedList<>());
    elements(72, ArrayDeque.class, none -> new ArrayDeque<>());
    elements(77, Vector.class, none -> new Vector<>());
    elements(78, Stack.class, none -> new Stack<>());
    elements(79, CopyOnWriteArrayList.class, none -> new CopyOnWriteArrayList<>());
    elements(81, ConcurrentLinkedQueue.class, none -> new ConcurrentLinkedQueue<>());
    elements(82, ConcurrentLinkedDeque.class, none -> new ConcurrentLinkedDeque<>());
    table.add(
        73,
        PriorityQueue.class,
        new ElementsSerializer<PriorityQueue<Object>>(
            PriorityQueue::comparator, by -> new PriorityQueue<>((Comparator<Object>) by)),
        true);
  }

  private void sets() {
    elements(74, HashSet.class, none -> new HashSet<>());
    elements(LINKED_SET, LinkedHashSet.class, none -> new LinkedHashSet<>());
    elements(80, CopyOnWriteArraySet.class, none -> new CopyOnWriteArraySet<>());
    elements(84, ConcurrentHashMap.KeySetView.class, none -> ConcurrentHashMap.newKeySet());
    table.add(
        TREE_SET,
        TreeSet.class,
        new ElementsSerializer<SortedSet<Object>>(
            SortedSet::comparator, by -> new TreeSet<>((Comparator<Object>) by)),
        true);
    table.add(
        83,
        ConcurrentSkipListSet.class,
        new ElementsSerializer<SortedSet<Object>>(
            SortedSet::comparator, by -> new ConcurrentSkipListSet<>((Comparator<Object>) by)),
        true);
    table.add(85, java.util.EnumSet.class, new EnumCollections.Sets(), true);
  }

  private void maps() {
    entries(90, HashMap.class, none -> new HashMap<>());
    entries(LINKED_MAP, LinkedHashMap.class, none -> new LinkedHashMap<>());
    entries(93, ConcurrentHashMap.class, none -> new ConcurrentHashMap<>());
    entries(95, Hashtable.class, none -> new Hashtable<>());
    table.add(
        TREE_MAP,
        TreeMap.class,
        new EntriesSerializer<SortedMap<Object, Object>>(
            SortedMap::comparator, by -> new TreeMap<>((Comparator<Object>) by)),
        true);
    table.add(
        94,
        ConcurrentSkipListMap.class,
        new EntriesSerializer<SortedMap<Object, Object>>(
            SortedMap::comparator, by -> new ConcurrentSkipListMap<>((Comparator<Object>) by)),
        true);
    table.add(
        96,
        Properties.class,
        new EntriesSerializer<Properties>(
            properties -> {
              for (String name : properties.stringPropertyNames()) {
                if (!properties.containsKey(name)) {
                  throw new UnstorableException("Properties with defaults cannot be stored");
                }
              }
              return null;
            },
            none -> new Properties()),
        true);
    table.add(97, java.util.EnumMap.class, new EnumCollections.Maps(), true);
  }

  private void entries(
      int id, Class<?> type, Function<@Nullable Object, Map<Object, Object>> maker) {
    table.add(id, type, new EntriesSerializer<>(maker), true);
  }

  private void holders() {
    parts(
        100,
        Optional.class,
        (Optional o) -> o.isPresent() ? new Object[] {o.get()} : new Object[0],
        all -> all.length == 0 ? Optional.empty() : Optional.of(all[0]));
    parts(
        ENTRY,
        AbstractMap.SimpleEntry.class,
        (Map.Entry e) -> new Object[] {e.getKey(), e.getValue()},
        all -> new AbstractMap.SimpleEntry(all[0], all[1]));
    parts(
        102,
        AbstractMap.SimpleImmutableEntry.class,
        (Map.Entry e) -> new Object[] {e.getKey(), e.getValue()},
        all -> new AbstractMap.SimpleImmutableEntry(all[0], all[1]));
    parts(
        103,
        Map.entry("", "").getClass(),
        (Map.Entry e) -> new Object[] {e.getKey(), e.getValue()},
        all -> Map.entry(all[0], all[1]));
    parts(
        104,
        AtomicReference.class,
        (AtomicReference r) -> new Object[] {r.get()},
        all -> new AtomicReference(all[0]));
    parts(
        105,
        AtomicReferenceArray.class,
        (AtomicReferenceArray r) -> {
          Object[] all = new Object[r.length()];
          Arrays.setAll(all, r::get);
          return all;
        },
        AtomicReferenceArray::new);
  }

  private void immutable() {
    parts(LIST_OF, List.of(1).getClass(), ELEMENTS, all -> Arrays.stream(all).toList());
    parts(SET_OF, Set.of(1).getClass(), ELEMENTS, all -> Set.of(all));
    parts(MAP_OF, Map.of(1, 1).getClass(), JdkContainers::flat, all -> {
      Map.Entry[] entries = new Map.Entry[all.length / 2];
      Arrays.setAll(entries, i -> Map.entry(all[2 * i], all[2 * i + 1]));
      return Map.ofEntries(entries);
    });
    parts(113, Arrays.asList(1).getClass(), ELEMENTS, Arrays::asList);
    parts(
        114,
        Collections.singletonList(1).getClass(),
        ELEMENTS,
        all -> Collections.singletonList(all[0]));
    parts(115, Collections.singleton(1).getClass(), ELEMENTS, all -> Collections.singleton(all[0]));
    parts(
        116,
        Collections.singletonMap(1, 1).getClass(),
        JdkContainers::flat,
        all -> Collections.singletonMap(all[0], all[1]));
    parts(
        117,
        Collections.nCopies(1, 1).getClass(),
        (List list) -> list.isEmpty() ? new Object[] {0} : new Object[] {list.size(), list.get(0)},
        all -> Collections.nCopies((Integer) all[0], all.length > 1 ? all[1] : null));
  }

  private <T> void parts(
      int id,
      Class<?> type,
      Function<T, @Nullable Object[]> parts,
      Function<@Nullable Object[], ?> builder) {
    table.add(
        id,
        type,
        new PartsSerializer<>(
            Set.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type),
            parts,
            (Function<@Nullable Object[], T>) builder),
        true);
  }

  private static @Nullable Object[] flat(Map<?, ?> map) {
    List<@Nullable Object> all = new ArrayList<>();
    map.forEach((key, value) -> {
      all.add(key);
      all.add(value);
    });
    return all.toArray();
  }

  /** Six wrappers in the order {@link JdkViews} counts on, numbered from {@code base}. */
  private void wrapped(int base, Wrappers wrap) {
    parts(
        base,
        wrap.collection(new ArrayList<>()).getClass(),
        ELEMENTS,
        all -> wrap.collection(new ArrayList<>(Arrays.asList(all))));
    parts(
        base + 1,
        wrap.list(new ArrayList<>()).getClass(),
        ELEMENTS,
        all -> wrap.list(new ArrayList<>(Arrays.asList(all))));
    parts(
        base + 2,
        wrap.set(new HashSet<>()).getClass(),
        ELEMENTS,
        all -> wrap.set(new LinkedHashSet<>(Arrays.asList(all))));
    parts(
        base + 3,
        wrap.map(new HashMap<>()).getClass(),
        JdkContainers::flat,
        all -> wrap.map(filled(new LinkedHashMap<>(), all, 0)));
    parts(
        base + 4,
        wrap.sortedSet(new TreeSet<>()).getClass(),
        (SortedSet<Object> set) -> headed(set.comparator(), set.toArray()),
        all -> {
          TreeSet<Object> set = new TreeSet<>((Comparator<Object>) all[0]);
          set.addAll(Arrays.asList(all).subList(1, all.length));
          return wrap.sortedSet(set);
        });
    parts(
        base + 5,
        wrap.sortedMap(new TreeMap<>()).getClass(),
        (SortedMap<Object, Object> map) -> headed(map.comparator(), flat(map)),
        all -> wrap.sortedMap(filled(new TreeMap<>((Comparator<Object>) all[0]), all, 1)));
  }

  private static @Nullable Object[] headed(@Nullable Object head, @Nullable Object[] rest) {
    @Nullable Object[] all = new Object[rest.length + 1];
    all[0] = head;
    System.arraycopy(rest, 0, all, 1, rest.length);
    return all;
  }

  private static <M extends Map<Object, Object>> M filled(M map, @Nullable Object[] all, int from) {
    for (int i = from; i < all.length; i += 2) {
      map.put(all[i], all[i + 1]);
    }
    return map;
  }

  private void singletons() {
    singleton(140, Collections.emptyList());
    singleton(141, Collections.emptySet());
    singleton(142, Collections.emptyMap());
    singleton(150, Comparator.naturalOrder());
    singleton(151, Comparator.reverseOrder());
    singleton(152, String.CASE_INSENSITIVE_ORDER);
  }

  private void singleton(int id, Object instance) {
    table.add(
        id,
        instance.getClass(),
        new Serializer<Object>() {
          @Override
          public void write(Kryo kryo, Output output, Object object) {}

          @Override
          public Object read(Kryo kryo, Input input, Class<?> type) {
            return instance;
          }

          @Override
          public Object copy(Kryo kryo, Object original) {
            return original;
          }
        },
        false);
  }
}
