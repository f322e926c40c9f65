package io.larder.config;

import io.larder.config.Kind.Group;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/** Reads every source into a layer, weakest first, collecting faults and notices on the way. */
final class SourceLayers {

  static final String PREFIX = "larder.";
  static final String LARDER = "larder";
  static final String DEFAULT = "default";
  static final List<String> REDIS_URL = List.of("redis_url");

  private static final List<String> OBJECTS = List.of("ai_config", "alerts", "caches");
  private static final String CONFIG_FILE = "CACHE_CONFIG_FILE";
  private static final String CUSTOM_CONFIG = "CACHE_CUSTOM_CONFIG";
  private static final Map<String, String> VARIABLES = Map.of(
      "CACHE_PRESET", "preset",
      "CACHE_REDIS_URL", "redis_url",
      "ENABLE_AI_CACHE", "enable_ai_cache");

  private final SettingsSources sources;
  private final Reference reference;
  private final OwnPreset own;
  private final List<Fault> faults = new ArrayList<>();
  private final List<Notice> notices = new ArrayList<>();
  private final List<Layer> layers = new ArrayList<>();

  SourceLayers(SettingsSources sources, Reference reference, OwnPreset own) {
    this.sources = sources;
    this.reference = reference;
    this.own = own;
  }

  List<Fault> faults() {
    return faults;
  }

  List<Notice> notices() {
    return notices;
  }

  List<Layer> read() {
    own.into(layer(Rank.OWN_PRESET));
    OldVariables.read(sources.environment(), layer(Rank.OLD_VARIABLE), notices);
    configFile();
    if (!isLarder(sources.managerUri())) {
      file(sources.managerUri(), "manager URI");
    }
    variables();
    customConfig();
    systemProperties();
    managerUri();
    managerProperties();
    layers.forEach(own::complete);
    layers.forEach(Layer::complete);
    return layers;
  }

  private Layer layer(Rank rank) {
    Layer layer = new Layer(rank, reference.schema().root(), faults);
    layers.add(layer);
    return layer;
  }

  private void configFile() {
    String path = variable(CONFIG_FILE);
    if (path.isEmpty()) {
      return;
    }
    try {
      URI uri = SettingsFile.locate(path);
      if (isLarder(uri)) {
        throw new SettingsFile.UnreadableException("must name a file; CACHE_PRESET names a preset");
      }
      file(uri, CONFIG_FILE);
    } catch (SettingsFile.UnreadableException e) {
      fault(CONFIG_FILE, Masks.value(path), e, CONFIG_FILE);
    }
  }

  private void file(URI uri, String named) {
    String shown = Masks.text(uri.toString());
    try {
      layer(Rank.FILE).json(SettingsFile.read(uri, sources.classLoader()), shown);
    } catch (SettingsFile.UnreadableException e) {
      fault(named, shown, e, named);
    } catch (JsonText.NotJsonException e) {
      fault("settings file", shown, e, named);
    }
  }

  private void variables() {
    Layer layer = layer(Rank.ENVIRONMENT);
    VARIABLES.forEach((variable, key) -> {
      String value = variable(variable);
      if (!value.isEmpty()) {
        layer.text(key, value, variable);
      }
    });
    Set<String> known = new LinkedHashSet<>(VARIABLES.keySet());
    known.addAll(OldVariables.all().keySet());
    known.add(CONFIG_FILE);
    known.add(CUSTOM_CONFIG);
    for (String name : new TreeMap<>(sources.environment()).keySet()) {
      boolean ours = name.startsWith("CACHE_") || name.startsWith("ENABLE_AI");
      if (ours && !known.contains(name)) {
        NearMiss.of(name, known).ifPresent(near -> misspelt(name, near));
      }
    }
  }

  private void misspelt(String name, String near) {
    notices.add(new Notice(
        LogLevel.WARNING,
        "environment variable " + Masks.text(name) + " is not read; did you mean " + near + "?"));
  }

  private void customConfig() {
    String json = variable(CUSTOM_CONFIG);
    if (json.isEmpty()) {
      return;
    }
    try {
      layer(Rank.CUSTOM_CONFIG).json(JsonText.parse(json), CUSTOM_CONFIG);
    } catch (JsonText.NotJsonException e) {
      fault(CUSTOM_CONFIG, Secret.MASK, e, CUSTOM_CONFIG);
    }
  }

  private void systemProperties() {
    Layer layer = layer(Rank.SYSTEM_PROPERTY);
    new TreeMap<>(sources.systemProperties()).forEach((name, value) -> {
      if (name.startsWith(PREFIX)) {
        String key = name.substring(PREFIX.length());
        layer.text(key.isEmpty() ? name : key, value, "system property " + Masks.text(name));
      }
    });
  }

  private void managerUri() {
    URI uri = sources.managerUri();
    String preset = uri.getSchemeSpecificPart();
    if (isLarder(uri) && !(preset.equals(DEFAULT) && uri.getRawFragment() == null)) {
      String named = uri.getRawFragment() == null ? preset : preset + "#" + uri.getRawFragment();
      layer(Rank.MANAGER_URI).text("preset", named, "manager URI");
    }
  }

  /** Applications may pass properties of their own: only ours, and near misses, are judged. */
  private void managerProperties() {
    Properties properties = sources.managerProperties();
    if (properties == null) {
      return;
    }
    Set<String> names = new LinkedHashSet<>(properties.stringPropertyNames());
    properties.keySet().forEach(name -> names.add(String.valueOf(name)));
    Layer layer = layer(Rank.CODE);
    for (String name : names.stream().sorted().toList()) {
      Object own = properties.get(name);
      Object value = own == null ? properties.getProperty(name) : own;
      boolean prefixed = name.startsWith(PREFIX);
      String key = prefixed ? name.substring(PREFIX.length()) : name;
      if (value != null && (prefixed || isOurs(key))) {
        layer.value(key.isEmpty() ? name : key, value, "property " + Masks.text(name));
      }
    }
  }

  private boolean isOurs(String name) {
    Group root = reference.schema().root();
    Collection<String> keys = root.names();
    int dot = name.indexOf('.');
    String head = dot < 0 ? name : name.substring(0, dot);
    boolean nested = dot > 0 && keys.contains(head);
    return keys.contains(name)
        || nested
        || NearMiss.of(name, keys).isPresent()
        || (dot > 0 && isNearlyWithin(root, head, name.substring(dot + 1)));
  }

  /** Whether an object's name is misspelt: what follows it tells it from other people's names. */
  private static boolean isNearlyWithin(Group root, String head, String rest) {
    String near = NearMiss.of(head, OBJECTS).orElse("");
    Kind.Key object = root.find(near);
    if (object == null) {
      return false;
    }
    int first = rest.indexOf('.');
    String next = first < 0 ? rest : rest.substring(0, first);
    return object.kind() instanceof Group group
        ? group.names().contains(next) || NearMiss.of(next, group.names()).isPresent()
        : first > 0 && Schema.perCache().contains(rest.substring(rest.lastIndexOf('.') + 1));
  }

  private String variable(String name) {
    return sources.environment().getOrDefault(name, "").strip();
  }

  private void fault(String key, String value, Exception broken, String source) {
    faults.add(new Fault(key, value, String.valueOf(broken.getMessage()), source));
  }

  private static boolean isLarder(URI uri) {
    return LARDER.equalsIgnoreCase(uri.getScheme());
  }
}
