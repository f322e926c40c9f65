package io.larder.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.history.Fleet;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * All faults in turn, in an order of chance, for as long as {@code larderTest.soakMinutes} says.
 */
@Tag("soak")
final class SoakTest {

  private static final int PROCESSES = 3;
  private static final int PAUSE_MICROS = Integer.getInteger("larderTest.pauseMicros", 100);

  private static final int LOOKS = 300;

  private record Fault(Class<?> suite, Method method, List<Object> arguments) {

    String name() {
      return method.getName() + arguments;
    }
  }

  @Test
  void faultsInTurn() throws Exception {
    long end = System.nanoTime()
        + TimeUnit.MINUTES.toNanos(Integer.getInteger("larderTest.soakMinutes", 60));
    List<String> failures = new ArrayList<>();
    Random random = new Random();
    try (Figures figures = new Figures();
        Fleet fleet = Fleet.of(PROCESSES).pace(PAUSE_MICROS, LOOKS)) {
      List<Fault> faults = faults();
      do {
        Collections.shuffle(faults, random);
        for (Fault fault : faults) {
          try {
            once(fault, new Trial(fault.name(), fleet, figures));
          } catch (ReflectiveOperationException e) {
            failures.add(fault.name() + ": " + e.getCause());
            System.out.println("[faults] FAILED " + failures.get(failures.size() - 1));
          }
          if (System.nanoTime() - end > 0) {
            break;
          }
        }
      } while (System.nanoTime() - end < 0);
      assertThat(failures).isEmpty();
      assertThat(figures.total().violations()).isZero();
      assertThat(figures.total().latencyNanos(0.99))
          .as("invalidation, p99")
          .isLessThan(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private static List<Fault> faults() {
    List<Fault> faults = new ArrayList<>();
    for (Class<?> suite : List.of(
        ServerFaultsTest.class,
        LinkFaultsTest.class,
        ProcessFaultsTest.class,
        MovedNameTest.class,
        FailoverTest.class,
        FallbacksTest.class)) {
      Arrays.stream(suite.getDeclaredMethods())
          .filter(method -> method.isAnnotationPresent(Test.class))
          .forEach(method -> faults.add(new Fault(suite, method, List.of())));
    }
    for (Method method : FallbacksTest.class.getDeclaredMethods()) {
      if (method.isAnnotationPresent(ParameterizedTest.class)) {
        for (FallbacksTest.Harm harm : FallbacksTest.Harm.values()) {
          for (String fallback : List.of("memory", "none")) {
            faults.add(new Fault(FallbacksTest.class, method, List.of(harm, fallback)));
          }
        }
      }
    }
    for (Method method : OutagesTest.class.getDeclaredMethods()) {
      ValueSource values = method.getAnnotation(ValueSource.class);
      if (values != null) {
        for (String value : values.strings()) {
          faults.add(new Fault(OutagesTest.class, method, List.of(value)));
        }
      }
    }
    return faults;
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
