package io.larder.config;

/**
 * A line for the log that reading the settings gave rise to; the caller logs it.
 *
 * @param level how loud
 * @param message the line, free of secrets
 */
public record Notice(LogLevel level, String message) {}
