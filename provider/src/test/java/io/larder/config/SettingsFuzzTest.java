package io.larder.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random settings end in settings or in the one documented exception, and leak no secret. */
class SettingsFuzzTest {

  private static final String SECRET = "s3cr3tS3cr3t";
  private static final SettingsReader READER = new SettingsReader();

  private static final List<String> WORDS = List.of(
      "preset",
      "redis_url",
      "redis_password",
      "default_ttl",
      "l1_cache_size",
      "caches",
      "*",
      "ai_config",
      "operation_ttls",
      "text_size_tiers",
      "small",
      "large",
      "alerts",
      "codec",
      "hit_ratio_warning",
      "allowed_classes",
      "frame_hmac_secret",
      "key_hmac_secret",
      "redis_pasword",
      "books",
      "memory_cache_size",
      "enable_ai_cache",
      "environment",
      "zzz",
      "a\nb",
      "",
      "tls_ca_path",
      "fallback",
      "fail_on_connection_error",
      "use_tls");

  /** Keys whose text is a secret; the misspelt one is unknown, so its text could be one. */
  private static final List<String> SECRETS =
      List.of("redis_password", "frame_hmac_secret", "key_hmac_secret", "redis_pasword", "zzz");

  private static final List<String> VARIABLES = Stream.concat(
          OldVariables.all().keySet().stream(),
          Stream.of(
              "CACHE_PRESET",
              "CACHE_REDIS_URL",
              "ENABLE_AI_CACHE",
              "CACHE_CONFIG_FILE",
              "CACHE_CUSTOM_CONFIG",
              "CACHE_MEMORY_SIZ",
              "CACHE_REDIS_URI"))
      .toList();

  @TempDir
  Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void randomSources(long seed) {
    Random random = new Random(seed);
    int read = 0;
    for (int i = 0; i < 1500; i++) {
      SettingsSources sources = sources(random);
      try {
        Reading reading = READER.readAll(sources);
        assertThat(reading.toString()).doesNotContain(SECRET);
        reading.settings().cache("books");
        read++;
      } catch (ConfigurationException e) {
        assertThat(e.getMessage()).doesNotContain(SECRET);
        assertThat(e.getMessage().lines()).hasSize(e.faults().size() + 1);
        assertThat(e).hasNoCause();
      } catch (RuntimeException e) {
        fail("seed " + seed + ", case " + i + ": " + sources.environment(), e);
      }
    }
    assertThat(read).as("cases without a fault").isBetween(15, 1485);
  }

  /** A good URL with characters knocked out and knocked in. */
  @Test
  void randomUrls() {
    Random random = new Random(5);
    for (int i = 0; i < 10_000; i++) {
      StringBuilder url =
          new StringBuilder("rediss://user:" + SECRET + "@host.example:6379/2?max_connections=20");
      int from = url.indexOf(SECRET);
      for (int edits = random.nextInt(4); edits > 0; edits--) {
        int at = random.nextInt(url.length());
        // The secret itself stays whole, so that it can be recognised.
        if (at >= from && at < from + SECRET.length()) {
          continue;
        }
        char c = "@:/?#%[],&= .a1\u0000\u00e9".charAt(random.nextInt(17));
        if (random.nextBoolean() && at < from) {
          url.insert(at, c);
          from++;
        } else {
          url.setCharAt(at, c);
        }
      }
      urlLeaksNothing(url.toString());
    }
  }

  private static void urlLeaksNothing(String url) {
    try {
      Reading reading = READER.readAll(new SettingsSources(
          Map.of("CACHE_REDIS_URL", url),
          Map.of(),
          SettingsSources.DEFAULT_URI,
          null,
          SettingsFuzzTest.class.getClassLoader()));
      RedisSettings redis = reading.settings().redis().orElseThrow();
      // Where an edit made a user or a host of the secret, it is one.
      boolean isPassword =
          redis.password().filter(p -> p.reveal().contains(SECRET)).isPresent();
      if (isPassword) {
        assertThat(reading.toString()).doesNotContain(SECRET);
      }
    } catch (ConfigurationException e) {
      // Before an @ stands who; behind the last one a host, which is no secret.
      if (url.indexOf('@', url.indexOf(SECRET)) > 0) {
        assertThat(e.getMessage()).as(url).doesNotContain(SECRET);
      }
    }
  }

  private SettingsSources sources(Random random) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (int n = random.nextInt(3); n > 0; n--) {
      String variable = pick(random, VARIABLES);
      environment.put(variable, variable.endsWith("PASSWORD") ? SECRET : value(random));
    }
    Map<String, String> system = new LinkedHashMap<>();
    if (random.nextInt(3) == 0) {
      String path = path(random);
      system.put(
          "larder." + path, SECRETS.stream().anyMatch(path::endsWith) ? SECRET : value(random));
    }
    Properties properties = new Properties();
    if (random.nextInt(3) == 0) {
      properties.put(path(random), object(random));
    }
    URI uri = URI.create(
        pick(random, List.of("larder:default", "larder:default", "larder:minimal", "x")));
    if (random.nextInt(3) == 0) {
      uri = Sources.write(directory, "random.json", value(random)).toUri();
    }
    if (random.nextInt(8) == 0) {
      Path other = Sources.write(directory, "other.json", "{" + members(random, 0) + "}");
      environment.put("CACHE_CONFIG_FILE", other.toString());
    }
    return new SettingsSources(
        environment, system, uri, properties, SettingsFuzzTest.class.getClassLoader());
  }

  private static String path(Random random) {
    StringBuilder path = new StringBuilder(pick(random, WORDS));
    while (random.nextInt(3) == 0) {
      path.append('.').append(pick(random, WORDS));
    }
    return path.toString();
  }

  private static String value(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> json(random, 0);
      case 1 -> "{" + members(random, 0) + "}";
      case 2 -> "redis://:" + SECRET + "@h";
      case 3 -> "redis://u" + pick(random, List.of(":", "/", "#", "?", "%")) + SECRET + "@h";
      case 4 -> String.valueOf(random.nextLong());
      case 5 -> pick(random, List.of("true", "production", "60", "", "disabled", "600", "off"));
      case 6 -> bytes(random);
      default -> json(random, 0).replace('}', ']');
    };
  }

  private static Object object(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> random.nextInt();
      case 1 -> random.nextDouble() / random.nextInt(2);
      case 2 -> Map.of(pick(random, WORDS), value(random));
      case 3 -> List.of(random.nextLong());
      case 4 -> new Object[0];
      default -> value(random);
    };
  }

  private static String json(Random random, int depth) {
    return switch (random.nextInt(depth > 4 ? 6 : 9)) {
      case 0 -> "\"word\"";
      case 1 -> String.valueOf(random.nextInt(100_000));
      case 2 -> pick(random, List.of("1e400", "-0", "0.5", "1e999999999", "9".repeat(500), "NaN"));
      case 3 -> String.valueOf(random.nextBoolean());
      case 4 -> "null";
      case 5 -> "\"redis://:" + SECRET + "@h\"";
      case 6 -> "[" + json(random, depth + 1) + "]";
      default -> "{" + members(random, depth + 1) + "}";
    };
  }

  private static String members(Random random, int depth) {
    List<String> members = new ArrayList<>();
    for (int n = random.nextInt(4); n > 0; n--) {
      String name = pick(random, WORDS).replace("\n", "\\n");
      String value = SECRETS.contains(name) ? "\"" + SECRET + "\"" : json(random, depth);
      members.add("\"" + name + "\":" + value);
    }
    return String.join(",", members);
  }

  private static String bytes(Random random) {
    byte[] bytes = new byte[random.nextInt(40)];
    random.nextBytes(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static String pick(Random random, List<String> from) {
    return from.get(random.nextInt(from.size()));
  }
}
