package io.larder.store.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** For each rule, a schedule that breaks a promise without it and none with it. */
public final class Counterexamples {

  private Counterexamples() {}

  public static Map<Rule, List<Step>> all() {
    Map<Rule, List<Step>> all = new EnumMap<>(Rule.class);
    try (InputStream in = Counterexamples.class.getResourceAsStream("counterexamples.txt")) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(": ", 2))
          .forEach(parts -> all.put(Rule.valueOf(parts[0]), Step.parse(parts[1])));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }
}
