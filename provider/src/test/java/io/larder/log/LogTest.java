package io.larder.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.config.LogLevel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.AbstractLogger;
import org.slf4j.helpers.MessageFormatter;

final class LogTest {

  private final Capturing backend = new Capturing();

  @ParameterizedTest
  @EnumSource(LogLevel.class)
  void letsThroughWhatIsOnTheFloorOrAboveIt(LogLevel floor) {
    Log log = new Log("books", floor, backend);
    log.debug("a {}", 1);
    log.info("b");
    log.warn("c {} {}", 1, null);
    log.error("d");

    List<String> all =
        List.of("DEBUG books: a 1", "INFO books: b", "WARN books: c 1 null", "ERROR books: d");
    assertThat(backend.lines).isEqualTo(all.subList(floor.ordinal(), all.size()));
  }

  @Test
  void neverRaisesTheBackendsLevel() {
    backend.floor = Level.ERROR;
    new Log("books", LogLevel.DEBUG, backend).warn("quiet");

    assertThat(backend.lines).isEmpty();
  }

  @Test
  void exceptionAfterTheArgumentsKeepsItsStackTrace() {
    Exception failure = new IllegalStateException("why");
    new Log("books", LogLevel.DEBUG, backend).warn("{} failed", "it", failure);

    assertThat(backend.lines).containsExactly("WARN books: it failed");
    assertThat(backend.thrown).containsExactly(failure);
  }

  @Test
  void anotherSubjectHasTheSameFloor() {
    Log log = new Log("larder:default", LogLevel.WARNING, backend).about("books");
    log.info("quiet");
    log.warn("loud");

    assertThat(backend.lines).containsExactly("WARN books: loud");
    assertThat(log.from(LogTest.class).logger().getName()).isEqualTo(LogTest.class.getName());
  }

  private static final class Capturing extends AbstractLogger {

    private static final long serialVersionUID = 1L;

    final transient List<String> lines = new ArrayList<>();
    final transient List<Throwable> thrown = new ArrayList<>();
    transient Level floor = Level.TRACE;

    @Override
    protected String getFullyQualifiedCallerName() {
      return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
        Level level, Marker marker, String message, Object[] arguments, Throwable throwable) {
      lines.add(level + " " + MessageFormatter.basicArrayFormat(message, arguments));
      if (throwable != null) {
        thrown.add(throwable);
      }
    }

    private boolean passes(Level level) {
      return level.toInt() >= floor.toInt();
    }

    @Override
    public boolean isTraceEnabled() {
      return passes(Level.TRACE);
    }

    @Override
    public boolean isTraceEnabled(Marker marker) {
      return isTraceEnabled();
    }

    @Override
    public boolean isDebugEnabled() {
      return passes(Level.DEBUG);
    }

    @Override
    public boolean isDebugEnabled(Marker marker) {
      return isDebugEnabled();
    }

    @Override
    public boolean isInfoEnabled() {
      return passes(Level.INFO);
    }

    @Override
    public boolean isInfoEnabled(Marker marker) {
      return isInfoEnabled();
    }

    @Override
    public boolean isWarnEnabled() {
      return passes(Level.WARN);
    }

    @Override
    public boolean isWarnEnabled(Marker marker) {
      return isWarnEnabled();
    }

    @Override
    public boolean isErrorEnabled() {
      return passes(Level.ERROR);
    }

    @Override
    public boolean isErrorEnabled(Marker marker) {
      return isErrorEnabled();
    }
  }
}
