package io.larder.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A secret in a place where nobody expects one shows in no message, notice, report or text form.
 */
class SecretsTest {

  private static final String SECRET = "s3cr3tS3cr3t";

  /** Settings in JSON; all are faults or become settings. */
  private static final List<String> OBJECTS = List.of(
      "{'redis_password': ['SECRET']}",
      "{'redis_password': {'value': 'SECRET'}}",
      "{'redis_password': 'SECRET', 'use_tls': {'a': 'SECRET'}}",
      "{'redis_password': 'SECRET', 'redis_url': 'redis://:other@h'}",
      "{'redis_pasword': 'SECRET'}",
      "{'redis-password': 'SECRET'}",
      "{'password': 'SECRET'}",
      "{'redis': {'password': 'SECRET'}}",
      "{'caches': {'books': {'redis_password': 'SECRET'}}}",
      "{'caches': {'books': 'SECRET'}}",
      "{'caches': 'SECRET'}",
      "{'caches': {'books': {'default_ttl': {'x': 'SECRET'}}}}",
      "{'ai_config': {'key_hmac_secret': ['SECRET']}}",
      "{'ai_config': {'hmac_secret': 'SECRET'}}",
      "{'ai_config': 'SECRET'}",
      "{'ai_config': {'operation_ttls': {'qa': 'SECRET'}}}",
      "{'ai_config': {'text_size_tiers': 'SECRET'}}",
      "{'frame_hmac_secret': {'a': ['SECRET']}}",
      "{'frame_hmac_secret': 'SECRET', 'frame_hmac_secret': 'SECRET2'}",
      "{'frame_hmac_secret': 'SECRET'}",
      "{'alerts': {'webhook_token': 'SECRET'}}",
      "{'alerts': {'hit_ratio_warning': {'x': 'SECRET'}}}",
      "{'default_ttl': ['SECRET']}",
      "{'default_ttl': {'redis_password': 'SECRET'}}",
      "{'allowed_classes': [{'x': 'SECRET'}]}",
      "{'redis_url': {'password': 'SECRET'}}",
      "{'redis_url': ['redis://:SECRET@h']}",
      "{'tls_key_path': '-----BEGIN PRIVATE KEY----- SECRET'}",
      "{'tls_key_path': '-----BEGIN PRIVATE KEY-----\\nSECRET\\n-----END PRIVATE KEY-----'}",
      "{'namespace': 'redis://:SECRET@h'}",
      "{'environment': 'redis://u:SECRET@h:6379/2'}",
      "{'codec': 'redis://:SECRET@h'}",
      "{'redis_password': 'SECRET'",
      "['SECRET']",
      "'SECRET'");

  private static final List<String> URLS = List.of(
      "redis://:SECRET@h?password=SECRET",
      "redis://h?password=SECRET",
      "redis://h?SECRET=1",
      "redis://h?SECRET",
      "redis://h?max_connections=SECRET",
      "redis://h?max_connections=4&max_connections=SECRET",
      "redis://h?db=SECRET",
      "redis://h?cluster=SECRET",
      "redis://u:SECRET@",
      "redis://u:SECRET@h:99999999",
      "redis://u:SECRET@h/notadatabase",
      "redis://u:SECRET@h,h",
      "redis://u:SECRET%zz@h",
      "redis://u:SECRET@h@h",
      "redis://u:a/SECRET@h",
      "redis://u:a#SECRET@h",
      "redis://u:a?SECRET@h",
      "redis:/u:SECRET@h",
      "redis:u:SECRET@h",
      "u:SECRET@h:6379",
      "h:6379:SECRET",
      "http://u:SECRET@h",
      "SECRET",
      " redis://u:SECRET@h x",
      "redis+sentinel://u:SECRET@h",
      "rediss://u:SECRET@h?use_tls=false");

  @TempDir
  Path directory;

  static Stream<Arguments> objects() {
    Stream<String> urls = URLS.stream().map(url -> "{'redis_url': '" + url + "'}");
    return Stream.concat(OBJECTS.stream(), urls)
        .map(text -> text.replace('\'', '"').replace("SECRET", SECRET))
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("objects")
  void objectOfAnyJsonSourceShowsNoSecret(String json) {
    Path file = Sources.write(directory, "settings.json", json);
    showsNothing(Sources.none().uri(file.toUri()));
    showsNothing(Sources.none().env("CACHE_CONFIG_FILE", file.toString()));
    showsNothing(Sources.none().env("CACHE_CUSTOM_CONFIG", json));
    for (String key : List.of("ai_config", "caches", "alerts", "ai_config.text_size_tiers")) {
      showsNothing(Sources.none().system("larder." + key, json));
      showsNothing(Sources.none().property(key, json));
    }
    showsNothing(Sources.none().env("CACHE_OPERATION_TTLS", json));
    // Whole objects where text is meant.
    for (String variable : List.of("CACHE_PRESET", "CACHE_REDIS_URL", "CACHE_DEFAULT_TTL")) {
      showsNothing(Sources.none().env(variable, json));
    }
  }

  static Stream<String> urls() {
    return URLS.stream().map(url -> url.replace("SECRET", SECRET));
  }

  @ParameterizedTest
  @MethodSource("urls")
  void urlOfAnySourceShowsNoSecret(String url) {
    showsNothing(Sources.none().env("CACHE_REDIS_URL", url));
    showsNothing(Sources.none().env("CACHE_REDIS_URI", url));
    showsNothing(Sources.none().env("CACHE_REDIS_URL", url).env("CACHE_PRESET", "disabled"));
    showsNothing(Sources.none().system("larder.redis_url", url));
    showsNothing(Sources.none().system("larder.redis_ulr", url));
    showsNothing(Sources.none().property("redis_url", url));
    showsNothing(Sources.none().property("larder.url", url));
    LarderSettings.Builder builder = LarderSettings.builder().redis(url);
    List<String> shown = new ArrayList<>(List.of(builder.toString()));
    shown.add(builder.validate().toString());
    try {
      LarderSettings built = builder.build();
      shown.add(built.toString() + built.settings());
    } catch (ConfigurationException e) {
      shown.add(text(e));
    }
    assertThat(shown).noneMatch(line -> line.contains(SECRET));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis_password",
        "redis_pasword",
        "frame_hmac_secret",
        "frame_hmac_secrets",
        "ai_config.key_hmac_secret",
        "ai_config.key_hmac_secert",
        "caches.books.redis_password",
        "nonsense",
        "redis_password.value",
        "password"
      })
  void textUnderAnyKeyThatCouldBeASecretShowsNone(String key) {
    showsNothing(Sources.none().system("larder." + key, SECRET));
    showsNothing(Sources.none().property("larder." + key, SECRET));
    showsNothing(Sources.none().property(key, SECRET));
    showsNothing(Sources.none().property(key, List.of(SECRET)));
    showsNothing(Sources.none().property(key, new StringBuilder(SECRET)));
    showsNothing(Sources.none().env("CACHE_REDIS_PASSWORD", SECRET).system("larder." + key, "x"));
    showsNothing(Sources.none().env("CACHE_REDIS_PASSWROD", SECRET));
    showsNothing(Sources.none().env("CACHE_CONFIG_FILE", "http://u:" + SECRET + "@h/larder.json"));
  }

  /** An address where a word, a number or a file is meant. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://h:6379?password=SECRET",
        "redis://h?password=a@SECRET",
        "redis://u:SECRET@h?password=SECRET",
        "redis://u:SECRET?SECRET@h",
        "https://cfg/l.json?token=SECRET",
        "https://u:SECRET@cfg/l.json?token=SECRET",
        ":SECRET@h:6379",
        "u:SECRET@h:6379",
        "l.json?token=SECRET",
      })
  void addressInTheWrongPlaceShowsNoSecret(String address) {
    String given = address.replace("SECRET", SECRET);
    for (String variable : List.of(
        "CACHE_PRESET",
        "CACHE_CONFIG_FILE",
        "CACHE_DEFAULT_TTL",
        "CACHE_USE_TLS",
        "CACHE_ENVIRONMENT",
        "CACHE_OPERATION_TTLS")) {
      showsNothing(Sources.none().env(variable, given));
    }
    for (String key : List.of("default_ttl", "preset", "namespace", "codec", "allowed_classes")) {
      showsNothing(Sources.none().system("larder." + key, given));
      showsNothing(Sources.none().property(key, given));
    }
    showsNothing(Sources.none().system("larder." + given, "1"));
    if (!given.startsWith(":")) {
      showsNothing(Sources.none().uri(given));
    }
  }

  private static void showsNothing(Sources sources) {
    List<String> shown = new ArrayList<>();
    shown.add(sources.build().toString());
    shown.add(sources.validate().toString());
    try {
      Reading reading = sources.readAll();
      shown.add(reading.toString() + reading.settings() + reading.notices() + reading.report());
      reading.settings().redis().ifPresent(redis -> shown.add(redis.toString()));
      shown.add(reading.settings().caches() + " " + reading.settings().cache("books"));
    } catch (ConfigurationException e) {
      shown.add(text(e) + e.faults());
    }
    assertThat(shown).noneMatch(line -> line.contains(SECRET));
  }

  private static String text(ConfigurationException e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }
}
