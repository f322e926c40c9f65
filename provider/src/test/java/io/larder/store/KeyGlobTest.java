package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Patterns mean what they mean to Redis. */
final class KeyGlobTest {

  private static final String TEXT = "ab-^]\\*?[é";
  private static final String PATTERN = "ab*?[]^-\\é";
  private static final int KEYS = 400;
  private static final int PATTERNS = 3_000;

  @Test
  void agreesWithRedis() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (RedisServer redis = RedisServer.startOwn();
        RespConnection connection = redis.connect()) {
      Set<String> keys = new LinkedHashSet<>();
      while (keys.size() < KEYS) {
        keys.add(text(TEXT, 1 + random.nextInt(5), random));
      }
      keys.forEach(key -> connection.command("SET", key, "v"));
      int matches = 0;
      for (int i = 0; i < PATTERNS; i++) {
        String pattern = text(PATTERN, 1 + random.nextInt(6), random);
        KeyGlob glob = new KeyGlob(pattern);

        Set<String> ours = new TreeSet<>(keys.stream().filter(glob::matches).toList());

        Set<String> theirs = new TreeSet<>();
        for (Object name : (List<?>) connection.command("KEYS", pattern)) {
          theirs.add(RespConnection.text(name));
        }
        assertThat(ours).as("pattern %s, seed %d", pattern, seed).isEqualTo(theirs);
        matches += ours.size();
      }
      assertThat(matches).isGreaterThan(PATTERNS);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "*,'',true",
    "'','',true",
    "'',a,false",
    "a*,a,true",
    "**,a,true",
    "?,é,false",
    "??,é,true",
    "[^a],b,true",
    "[^a],a,false",
    "[z-a],m,true",
    "[abc,c,true",
    "\\,\\,true"
  })
  void cornersAreAsInRedis(String pattern, String text, boolean matches) {
    assertThat(new KeyGlob(pattern).matches(text)).isEqualTo(matches);
  }

  @Test
  void manyStarsTakeNoLongerThanOne() {
    KeyGlob glob = new KeyGlob("*a".repeat(500) + "b");
    assertThat(glob.matches("a".repeat(5_000))).isFalse();
  }

  @Test
  void halfASurrogatePairIsThreeBytes() {
    assertThat(new KeyGlob("???").matches("\ud800")).isTrue();
    assertThat(new KeyGlob("\ud800").matches("\ud800")).isTrue();
    assertThat(new KeyGlob("\ud800").matches("\ud801")).isFalse();
  }

  @Test
  void otherKeysMatchNothing() {
    assertThat(new KeyGlob("*").matches(7)).isFalse();
  }

  private static String text(String alphabet, int length, Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
