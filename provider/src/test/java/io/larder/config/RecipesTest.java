package io.larder.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipes of docs/configuration.md are free of faults and do what is written below them. */
class RecipesTest {

  private static final Path DOCUMENT = Path.of("..", "docs", "configuration.md");
  private static final Pattern RECIPE =
      Pattern.compile("### ([^\n]+)\n\n```([a-z]*)\n(.*?)```\n", Pattern.DOTALL);
  private static final Pattern YAML = Pattern.compile(
      "- name: (\\S+)\n\\s+(?:value: '?(.*?)'?\n|valueFrom:\n\\s+(secretKeyRef)[^\n]*\n)");

  @TempDir
  Path directory;

  private Map<String, Reading> recipes() throws IOException {
    String page = Files.readString(DOCUMENT);
    Matcher recipe = RECIPE.matcher(page.substring(page.indexOf("## Recipes")));
    Map<String, Reading> recipes = new LinkedHashMap<>();
    while (recipe.find()) {
      Map<String, String> environment = Map.of();
      URI uri = SettingsSources.DEFAULT_URI;
      switch (recipe.group(2)) {
        case "json" -> uri = Sources.write(directory, "r.json", recipe.group(3)).toUri();
        case "yaml" -> environment = yaml(recipe.group(3));
        default -> environment = lines(recipe.group(3));
      }
      recipes.put(
          recipe.group(1),
          new SettingsReader()
              .readAll(new SettingsSources(
                  environment, Map.of(), uri, null, getClass().getClassLoader())));
    }
    return recipes;
  }

  private static Map<String, String> lines(String block) {
    Map<String, String> variables = new LinkedHashMap<>();
    block
        .lines()
        .forEach(line -> variables.put(
            line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
    return variables;
  }

  private static Map<String, String> yaml(String block) {
    Map<String, String> variables = new LinkedHashMap<>();
    Matcher entry = YAML.matcher(block);
    while (entry.find()) {
      variables.put(
          entry.group(1),
          entry.group(3) == null ? entry.group(2) : "rediss://:of-the-secret@redis:6379");
    }
    return variables;
  }

  private Settings recipe(String name) throws IOException {
    Reading reading = recipes().get(name);
    assertThat(reading).as(name).isNotNull();
    return reading.settings();
  }

  @Test
  void theCasesAreThereAndEveryValueCounts() throws IOException {
    assertThat(recipes().keySet())
        .containsExactly(
            "Web application",
            "AI application",
            "Microservice",
            "Constrained machine",
            "Tests",
            "Several workers on a host",
            "Kubernetes");
    recipes().forEach((name, reading) -> assertThat(reading.notices()).as(name).isEmpty());
  }

  @Test
  void webApplication() throws IOException {
    Settings web = recipe("Web application");

    assertThat(web.namespace()).isEqualTo("shop");
    assertThat(web.cache("x").defaultTtl()).hasHours(2);
    assertThat(web.cache("sessions").defaultTtl()).hasMinutes(30);
    assertThat(web.cache("x").memoryCacheSize()).isEqualTo(500);
    assertThat(web.cache("x").allowedClasses()).containsExactly("com.acme.shop.**");
    RedisSettings redis = web.redis().orElseThrow();
    assertThat(redis.maxConnections()).isEqualTo(20);
    assertThat(redis.tls().enabled()).isTrue();
    assertThat(redis.password()).contains(new Secret("secret"));
  }

  @Test
  void aiApplication() throws IOException {
    Settings settings = recipe("AI application");

    assertThat(settings.ai().enabled()).isTrue();
    assertThat(settings.ai().textHashThreshold()).isZero();
    assertThat(settings.ai().operationTtls().get("translate")).hasDays(1);
    assertThat(settings.ai().operationTtls().get("summarize")).hasHours(4);
    assertThat(settings.redis().orElseThrow().database()).isEqualTo(1);
  }

  @Test
  void microservice() throws IOException {
    Settings settings = recipe("Microservice");

    assertThat(settings.operationTimeout()).hasMillis(200);
    assertThat(settings.redis().orElseThrow().maxConnections()).isEqualTo(8);
    assertThat(settings.cache("x").defaultTtl()).hasMinutes(5);
    assertThat(settings.cache("prices").memoryCacheSize()).isEqualTo(2000);
    assertThat(settings.declaredCaches()).isEqualTo(java.util.Set.of("prices"));
  }

  @Test
  void constrainedMachineAndWorkers() throws IOException {
    Settings small = recipe("Constrained machine");
    assertThat(small.redis().orElseThrow().maxConnections()).isEqualTo(1);
    assertThat(small.cache("x").nearEnabled()).isFalse();

    Settings worker = recipe("Several workers on a host");
    assertThat(worker.redis().orElseThrow().maxConnections()).isEqualTo(4);
    assertThat(worker.cache("x").memoryCacheSize()).isEqualTo(100);
    assertThat(worker.cache("x").defaultTtl()).hasHours(2);
  }

  @Test
  void tests() throws IOException {
    Settings settings = recipe("Tests");

    assertThat(settings.redis()).isEmpty();
    assertThat(settings.cache("x").heapCacheSize()).isEqualTo(10);
  }

  @Test
  void kubernetes() throws IOException {
    Settings settings = recipe("Kubernetes");
    RedisSettings redis = settings.redis().orElseThrow();

    assertThat(List.of(settings.preset(), settings.namespace()))
        .containsExactly("production", "shop");
    assertThat(redis.connectTimeout()).hasSeconds(3);
    assertThat(redis.password()).contains(new Secret("of-the-secret"));
    assertThat(settings.failOnConnectionError()).isFalse();
  }
}
