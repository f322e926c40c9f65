package io.larder.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tables of docs/configuration.md say what the schema and the reference file say. */
class ConfigurationDocumentTest {

  private static final Path DOCUMENT = Path.of("..", "docs", "configuration.md");

  private final Reference reference = Reference.get();

  @Test
  void tableOfKeysHasEveryKeyWithItsRuleAndDefault() throws IOException {
    List<String> expected = keyRows();

    assertThat(rows("| key | value | default | when not to set it |"))
        .as("rows should begin:\n" + String.join("\n", expected))
        .hasSameSizeAs(expected)
        .allMatch(row -> expected.stream().anyMatch(row::startsWith))
        .allMatch(row -> row.split("(?<!\\\\)\\|", -1)[4].strip().length() > 5);
    for (String row : expected) {
      assertThat(rows("| key | value | default | when not to set it |"))
          .as(row)
          .anyMatch(line -> line.startsWith(row));
    }
  }

  @Test
  void tableOfPresetsHasEveryValueOfThem() throws IOException {
    List<String> expected = presetRows();

    assertThat(rows("| key | " + String.join(" | ", reference.presets()) + " |"))
        .as("rows should be:\n" + String.join("\n", expected))
        .containsExactlyElementsOf(expected);
  }

  @Test
  void oldVariablesAreListed() throws IOException {
    List<String> expected = OldVariables.all().entrySet().stream()
        .map(entry -> "| `" + entry.getKey() + "` | `" + entry.getValue() + "` |")
        .toList();

    assertThat(rows("| old variable | key |")).containsExactlyElementsOf(expected);
  }

  /** The lines of the table under a heading line. */
  private static List<String> rows(String heading) throws IOException {
    List<String> lines = Files.readAllLines(DOCUMENT);
    int start = lines.indexOf(heading);
    assertThat(start).as("the document has the table " + heading).isNotNegative();
    return lines.stream()
        .skip(start + 2L)
        .takeWhile(line -> line.startsWith("|"))
        .toList();
  }

  private List<String> keyRows() {
    List<String> rows = new ArrayList<>();
    rows("", reference.schema().root(), rows);
    return rows;
  }

  private void rows(String prefix, Kind.Group group, List<String> rows) {
    group.keys().values().forEach(key -> {
      String name = prefix + key.name();
      if (key.kind() instanceof Kind.Group inner) {
        rows(name + ".", inner, rows);
      } else if (key.kind() instanceof Kind.Named named
          && named.each().kind() instanceof Kind.Scalar scalar) {
        rows.add(row(name + ".<operation>", scalar.rule(), "by preset"));
      } else if (key.kind() instanceof Kind.Scalar scalar) {
        rows.add(row(name, scalar.rule(), standard(name)));
      } else {
        rows.add(row(name, "an object of sections by name or pattern", "see below"));
      }
    });
  }

  private static String row(String name, String rule, String standard) {
    return "| `" + name + "` | " + rule.replace("<", "&lt;") + " | " + standard + " |";
  }

  /** The value in force in all presets, or that it depends. */
  private String standard(String name) {
    List<Optional<String>> values = reference.presets().stream()
        .map(preset -> value(preset, name))
        .distinct()
        .toList();
    return values.size() > 1 ? "by preset" : values.get(0).orElse("-");
  }

  private Optional<String> value(String preset, String name) {
    return Optional.ofNullable(reference.values(preset).get(List.of(name.split("\\."))))
        .map(given -> shown(given.value()));
  }

  private static String shown(Object value) {
    return value instanceof List<?> list && list.isEmpty() ? "none" : value.toString();
  }

  private List<String> presetRows() {
    TreeSet<String> names = new TreeSet<>();
    for (String preset : reference.presets()) {
      for (Map.Entry<List<String>, Given> entry : reference.values(preset).entrySet()) {
        boolean differs = !(entry.getValue().value() instanceof Map);
        String name = String.join(".", entry.getKey());
        if (differs && !entry.getKey().get(0).equals("caches") && dependsOnPreset(name)) {
          names.add(name);
        }
      }
    }
    return names.stream()
        .map(name -> reference.presets().stream()
            .map(preset -> value(preset, name).orElse("-"))
            .collect(Collectors.joining(" | ", "| `" + name + "` | ", " |")))
        .toList();
  }

  private boolean dependsOnPreset(String name) {
    return reference.presets().stream()
            .map(preset -> value(preset, name))
            .distinct()
            .count()
        > 1;
  }
}
