package io.larder.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.history.Fleet;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * All faults in turn, in an order of chance, for as long as {@code larderTest.soakMinutes} says. A
 * run that is long enough makes each at least once and has the wanted number of operations; a
 * shorter one is a trial of some.
 */
@Tag("soak")
final class SoakTest {

  private static final int PROCESSES = 3;
  private static final int PAUSE_MICROS = Integer.getInteger("larderTest.pauseMicros", 100);

  private static final int LOOKS = 300;

  private static final int MINUTES = Integer.getInteger("larderTest.soakMinutes", 60);

  /** The shortest run that is more than a trial. */
  private static final int WHOLE_MINUTES = 12;

  /** Only faults whose name has this in it, for a trial of those. */
  private static final String ONLY = System.getProperty("larderTest.soakOnly", "");

  private static final long WANTED_OPERATIONS = 10_000_000;

  /** What has waited for so long is noticed a moment later. */
  private static final long TIMEOUT_MILLIS = Trial.TIMEOUT_MILLIS + Trial.TIMEOUT_MILLIS / 10;

  /** With fewer, a stall of the machine may decide on the median. */
  private static final int MEDIAN_OF = 3;

  /** Their tests with parameters are made with all choices that the suite names. */
  private static final List<Class<?>> SUITES = List.of(
      ServerFaultsTest.class,
      RefusalsTest.class,
      LinkFaultsTest.class,
      ProcessFaultsTest.class,
      MovedNameTest.class,
      FailoverTest.class,
      ClusterCoherenceTest.class,
      FallbacksTest.class,
      OutagesTest.class);

  private record Fault(Class<?> suite, Method method, List<Object> arguments) {

    String name() {
      return method.getName() + arguments;
    }
  }

  @Test
  void faultsInTurn() throws Exception {
    List<Fault> faults = faults();
    boolean whole = MINUTES >= WHOLE_MINUTES && ONLY.isEmpty();
    List<String> failures = new ArrayList<>();
    try (Figures figures = new Figures();
        Fleet fleet = Fleet.of(PROCESSES).pace(PAUSE_MICROS, LOOKS)) {
      Set<String> begun = make(faults, whole, figures, fault -> {
        try {
          once(fault, new Trial(fault.name(), fleet, figures));
        } catch (ReflectiveOperationException e) {
          failures.add(fault.name() + ": " + e.getCause());
          System.out.println("[faults] FAILED " + failures.get(failures.size() - 1));
        }
      });
      assertThat(failures).isEmpty();
      assertMade(begun, figures);
      assertFigures(figures);
      if (whole) {
        assertThat(begun).hasSameSizeAs(faults);
        assertThat(figures.total().operations())
            .as("checked operations")
            .isGreaterThanOrEqualTo(WANTED_OPERATIONS);
      }
    }
  }

  /**
   * Makes them until the time is over. The whole run has each made before that ends it; and a
   * machine that is too slow for the wanted number has as much time again.
   */
  private static Set<String> make(
      List<Fault> faults, boolean whole, Figures figures, Consumer<Fault> maker) {
    long time = TimeUnit.MINUTES.toNanos(MINUTES);
    long start = System.nanoTime();
    BooleanSupplier over = () -> {
      long passed = System.nanoTime() - start;
      boolean enough = !whole || figures.total().operations() >= WANTED_OPERATIONS;
      return passed > (enough ? time : 2 * time);
    };
    Set<String> begun = new TreeSet<>();
    Random random = new Random();
    do {
      Collections.shuffle(faults, random);
      for (Fault fault : faults) {
        if (!over.getAsBoolean() || whole && !begun.contains(fault.name())) {
          begun.add(fault.name());
          maker.accept(fault);
        }
      }
    } while (!over.getAsBoolean());
    return begun;
  }

  /** Each fault that was begun was made under a load, which was judged. */
  private static void assertMade(Set<String> begun, Figures figures) {
    Map<String, Figures.Made> made = figures.made();
    made.forEach((fault, of) -> System.out.printf("[faults] %s: %s%n", fault, of));
    assertThat(begun).isNotEmpty();
    for (String fault : begun) {
      assertThat(made).containsKey(fault);
      assertThat(made.get(fault).writes()).as("changes judged, " + fault).isPositive();
      assertThat(made.get(fault).operations())
          .as("operations judged, " + fault)
          .isGreaterThan(made.get(fault).writes());
    }
  }

  private static void assertFigures(Figures figures) {
    assertThat(figures.total().violations()).isZero();
    assertThat(figures.total().latencyNanos(0.99))
        .as("invalidation, p99")
        .isLessThan(TimeUnit.MILLISECONDS.toNanos(20));
    assertMedian(figures, ServerFaultsTest.LONGEST_CALL, TIMEOUT_MILLIS);
    assertMedian(figures, LinkFaultsTest.LOST_MESSAGE, 1_500);
    for (String fallback : List.of("memory", "none")) {
      assertMedian(figures, fallback + OutagesTest.MEDIAN_CALL, 1);
      assertMedian(figures, fallback + OutagesTest.BACK, 2_000);
    }
  }

  private static void assertMedian(Figures figures, String name, long millis) {
    List<Long> sorted = figures.measured(name).stream().sorted().toList();
    if (sorted.size() >= MEDIAN_OF) {
      assertThat(sorted.get((sorted.size() - 1) / 2))
          .as(name + ", the median of " + sorted)
          .isLessThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(millis));
    }
  }

  private static List<Fault> faults() throws ReflectiveOperationException {
    List<Fault> faults = new ArrayList<>();
    for (Class<?> suite : SUITES) {
      for (Method method : suite.getDeclaredMethods()) {
        if (method.isAnnotationPresent(Test.class)) {
          faults.add(new Fault(suite, method, List.of()));
        } else if (method.isAnnotationPresent(ParameterizedTest.class)) {
          choices(suite).forEach(choice -> faults.add(new Fault(suite, method, choice)));
        }
      }
    }
    faults.removeIf(fault -> !fault.name().contains(ONLY));
    assertThat(faults).extracting(Fault::name).doesNotHaveDuplicates().isNotEmpty();
    return faults;
  }

  @SuppressWarnings("unchecked")
  private static List<List<Object>> choices(Class<?> suite) throws ReflectiveOperationException {
    Method choices = suite.getDeclaredMethod("choices");
    choices.setAccessible(true);
    return (List<List<Object>>) choices.invoke(null);
  }

  /** As JUnit would. */
  private static void once(Fault fault, Trial trial) throws ReflectiveOperationException {
    var constructor = fault.suite().getDeclaredConstructor();
    constructor.setAccessible(true);
    Object suite = constructor.newInstance();
    call(suite, "start");
    try {
      fault.method().setAccessible(true);
      List<Object> arguments = new ArrayList<>(fault.arguments());
      arguments.add(trial);
      fault.method().invoke(suite, arguments.toArray());
    } finally {
      call(suite, "stop");
    }
  }

  private static void call(Object suite, String name) throws ReflectiveOperationException {
    for (Method method : suite.getClass().getDeclaredMethods()) {
      if (method.getName().equals(name)) {
        method.setAccessible(true);
        method.invoke(suite);
      }
    }
  }
}
