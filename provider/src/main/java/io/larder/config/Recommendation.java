package io.larder.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The preset that fits an environment's name.
 *
 * @param preset a preset's name
 * @param confidence 0 (a guess) to 1 (the name says it)
 * @param reason why, in one sentence
 */
public record Recommendation(String preset, double confidence, String reason) {

  private static final Set<String> DEVELOPMENT = Set.of("development", "dev", "local", "test");
  private static final Set<String> PRODUCTION =
      Set.of("staging", "stage", "production", "prod", "live");

  /**
   * The preset for an environment such as {@code prod}, {@code ai-dev} or {@code staging-eu}. Words
   * count, not substrings: {@code email-dev} is not AI.
   */
  public static Recommendation recommend(String environment) {
    List<String> words = words(environment);
    boolean ai = words.contains("ai");
    List<String> development = words.stream().filter(DEVELOPMENT::contains).toList();
    List<String> production = words.stream().filter(PRODUCTION::contains).toList();
    String prefix = ai ? "ai-" : "";
    boolean exact = words.size() == (ai ? 2 : 1);
    if (!development.isEmpty() && !production.isEmpty()) {
      return new Recommendation(
          prefix + "development",
          0.4,
          "'" + development.get(0) + "' and '" + production.get(0)
              + "' disagree; development is the safer of the two");
    }
    if (!development.isEmpty()) {
      return named(prefix + "development", development.get(0), exact);
    }
    if (!production.isEmpty()) {
      return named(prefix + "production", production.get(0), exact);
    }
    if (ai) {
      return new Recommendation(
          "ai-development", 0.6, "the word 'ai' asks for an AI preset, no word says which");
    }
    return new Recommendation("simple", 0.3, "no word of the name is a known environment");
  }

  private static Recommendation named(String preset, String word, boolean exact) {
    return exact
        ? new Recommendation(preset, 1.0, "the name is the known environment '" + word + "'")
        : new Recommendation(preset, 0.8, "the name has the word '" + word + "'");
  }

  private static List<String> words(String name) {
    List<String> words = new ArrayList<>();
    for (String word : name.toLowerCase(Locale.ROOT).split("[^a-z0-9]+", -1)) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return words;
  }
}
