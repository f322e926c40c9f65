package io.larder.log;

import io.larder.config.LogLevel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the parts of one cache or one manager write their messages: SLF4J, above the floor that the
 * setting {@code log_level} draws. Each line begins with the subject's name. Thread-safe.
 *
 * <p>A message below the floor costs one comparison. One that is above it is still up to the
 * logging backend. The logger has the name of the class that speaks ({@link #from}).
 *
 * @param subject the cache's name or the manager's URI
 * @param floor the lowest level that is let through
 */
public record Log(String subject, LogLevel floor, Logger logger) {

  /** The messages of that subject; speaks as this class until {@link #from} says who does. */
  public static Log of(String subject, LogLevel floor) {
    return new Log(subject, floor, LoggerFactory.getLogger(Log.class));
  }

  /** The same for a class of this subject's. */
  public Log from(Class<?> speaker) {
    return new Log(subject, floor, LoggerFactory.getLogger(speaker));
  }

  /** The same floor for another subject. */
  public Log about(String other) {
    return new Log(other, floor, logger);
  }

  public void debug(String message, @Nullable Object... arguments) {
    log(LogLevel.DEBUG, message, arguments);
  }

  public void info(String message, @Nullable Object... arguments) {
    log(LogLevel.INFO, message, arguments);
  }

  public void warn(String message, @Nullable Object... arguments) {
    log(LogLevel.WARNING, message, arguments);
  }

  public void error(String message, @Nullable Object... arguments) {
    log(LogLevel.ERROR, message, arguments);
  }

  /** One line; an exception may be the last argument beyond those that the message names. */
  public void log(LogLevel level, String message, @Nullable Object... arguments) {
    if (level.compareTo(floor) < 0) {
      return;
    }
    @Nullable Object[] all = new @Nullable Object[arguments.length + 1];
    all[0] = subject;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    String line = "{}: " + message;
    switch (level) {
      case DEBUG -> logger.debug(line, all);
      case INFO -> logger.info(line, all);
      case WARNING -> logger.warn(line, all);
      case ERROR -> logger.error(line, all);
    }
  }
}
