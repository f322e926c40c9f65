package io.larder.config;

/** Floor under Larder's own log messages (setting {@code log_level}). */
public enum LogLevel {
  DEBUG,
  INFO,
  WARNING,
  ERROR
}
