package io.larder.config;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The settings that this version knows and does not act on yet. */
final class NotInForce {

  private static final String FALLBACK = "fallback";
  private static final Object DEFAULT_FALLBACK = "memory";
  private static final Set<String> KEYS =
      Set.of("breaker_failures", "breaker_open_seconds", "journal_size");

  private final Map<List<String>, Given> said;

  NotInForce(Merged merged) {
    this.said = merged.said();
  }

  /** One line that names all keys, if there are any. */
  List<Notice> notices() {
    String keys = said.entrySet().stream()
        .filter(entry -> isIdle(entry.getKey(), entry.getValue()))
        .map(entry -> Layer.dotted(entry.getKey()) + " (" + entry.getValue().source() + ")")
        .sorted()
        .collect(Collectors.joining(", "));
    return keys.isEmpty()
        ? List.of()
        : List.of(new Notice(LogLevel.WARNING, keys + ": has no effect in this version"));
  }

  private static boolean isIdle(List<String> path, Given given) {
    if (given.value() instanceof Map) {
      return false;
    }
    boolean fallback = path.get(path.size() - 1).equals(FALLBACK)
        && (path.size() == 1 || path.get(0).equals("caches"));
    return fallback ? !given.value().equals(DEFAULT_FALLBACK) : KEYS.contains(path.get(0));
  }
}
