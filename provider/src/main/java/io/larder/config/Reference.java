package io.larder.config;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The defaults and presets that come with Larder, read from {@code reference.json}. Immutable. */
final class Reference {

  static final String DEFAULT_PRESET = "development";

  private static final String FILE = "reference.json";

  private final Schema schema;
  private final Map<String, String> descriptions = new LinkedHashMap<>();
  private final Map<String, Map<List<String>, Given>> presets = new LinkedHashMap<>();

  private Reference(Map<?, ?> file) {
    Map<?, ?> byName = object(file, "presets");
    List<String> names = new ArrayList<>();
    byName.keySet().forEach(name -> names.add(String.valueOf(name)));
    this.schema = new Schema(names);
    Map<List<String>, Given> defaults = layer(Rank.DEFAULTS, object(file, "defaults"), "default");
    for (String name : names) {
      Map<?, ?> preset = object(byName, name);
      descriptions.put(name, String.valueOf(preset.get("description")));
      Map<List<String>, Given> values = new LinkedHashMap<>(defaults);
      values.putAll(layer(Rank.PRESET, object(preset, "settings"), "preset " + name));
      presets.put(name, Collections.unmodifiableMap(values));
    }
  }

  /**
   * Read once for each process, when it is first asked for: reading it takes most of a millisecond.
   */
  private static final class Holder {
    private static final Reference ONE = load();
  }

  /** That of this jar; immutable. */
  static Reference get() {
    return Holder.ONE;
  }

  /** Reads the file; the jar is broken where this throws. */
  private static Reference load() {
    try (InputStream stream =
        Objects.requireNonNull(Reference.class.getResourceAsStream(FILE), FILE)) {
      return new Reference((Map<?, ?>) JsonText.parse(stream.readAllBytes()).value());
    } catch (IOException | JsonText.NotJsonException e) {
      throw new IllegalStateException("Larder's own " + FILE + " cannot be read", e);
    }
  }

  Schema schema() {
    return schema;
  }

  List<String> presets() {
    return List.copyOf(presets.keySet());
  }

  String description(String preset) {
    return Objects.requireNonNull(descriptions.get(preset));
  }

  /** Defaults with the preset's values over them. */
  Map<List<String>, Given> values(String preset) {
    return Objects.requireNonNull(presets.get(preset));
  }

  private Map<List<String>, Given> layer(Rank rank, Map<?, ?> object, String source) {
    List<Fault> faults = new ArrayList<>();
    Layer layer = new Layer(rank, schema.root(), faults);
    layer.object(object, source);
    if (!faults.isEmpty()) {
      throw new IllegalStateException("Larder's own " + FILE + " has faults: " + faults);
    }
    return layer.values();
  }

  private static Map<?, ?> object(Map<?, ?> parent, String name) {
    return (Map<?, ?>) Objects.requireNonNull(parent.get(name), name);
  }
}
