package io.larder.examples.answers.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.LarderCachingProvider;
import io.larder.ai.AiCache;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RecipesIT {

  private final LarderCachingProvider provider = new LarderCachingProvider();
  private final AiCache cache = AiCache.on(provider.getCacheManager(
      URI.create("larder:ai-production"), getClass().getClassLoader(), new Properties()));
  private final AtomicInteger calls = new AtomicInteger();
  private final Model model = (instructions, text) -> "answer " + calls.incrementAndGet();

  @AfterEach
  void close() {
    cache.close();
    provider.close();
  }

  @Test
  void theShopAsksAgainWhenAReviewIsWithdrawn() throws Exception {
    Shop shop = new Shop(cache, model);
    assertThat(shop.opinion("pump", List.of("Good.", "Loud."), "en")).isEqualTo("answer 1");
    assertThat(shop.opinion("hose", List.of("Long."), "en")).isEqualTo("answer 2");
    assertThat(shop.opinion("pump", List.of("Good.", "Loud."), "de")).isEqualTo("answer 3");
    assertThat(shop.opinion("pump", List.of("Good.", "Loud."), "en")).isEqualTo("answer 1");
    shop.reviewWithdrawn("pump");
    assertThat(shop.opinion("pump", List.of("Good.", "Loud."), "en")).isEqualTo("answer 4");
    assertThat(shop.opinion("hose", List.of("Long."), "en")).isEqualTo("answer 2");
  }

  @Test
  void theCmsRefreshesForEverybodyOfASite() throws Exception {
    Cms cms = new Cms(cache, model);
    assertThat(cms.title("a.com", "Text.", false)).isEqualTo("answer 1");
    assertThat(cms.title("b.com", "Text.", false)).isEqualTo("answer 2");
    assertThat(cms.title("a.com", "Text.", true)).isEqualTo("answer 3");
    assertThat(cms.title("a.com", "Text.", false)).isEqualTo("answer 3");
    cms.styleChanged("a.com");
    assertThat(cms.title("a.com", "Text.", false)).isEqualTo("answer 4");
    assertThat(cms.title("b.com", "Text.", false)).isEqualTo("answer 2");
  }

  @Test
  void theIntakeAsksOnceForEachPage() throws Exception {
    Intake intake = new Intake(
        cache, page -> CompletableFuture.completedFuture("in " + page + calls.incrementAndGet()));
    for (int i = 0; i < 2; i++) {
      var answers = intake.entities(List.of("x", "y", "x"));
      assertThat(answers.get("x").get(1, TimeUnit.MINUTES)).startsWith("in x");
      assertThat(answers.get("y").get(1, TimeUnit.MINUTES)).startsWith("in y");
    }
    assertThat(calls).hasValue(2);
    intake.modelReplaced();
    intake.entities(List.of("x")).get("x").get(1, TimeUnit.MINUTES);
    assertThat(calls).hasValue(3);
  }

  /** The documentation shows code of that class, as it is but for white space. */
  @ParameterizedTest
  @ValueSource(classes = {Shop.class, Cms.class, Intake.class})
  void theDocumentationShowsThisCode(Class<?> recipe) throws Exception {
    Path root = Path.of("").toAbsolutePath().resolve("../..").normalize();
    String name = "recipes/" + recipe.getSimpleName() + ".java";
    String source = Files.readString(
        root.resolve("examples/ai-answers/src/main/java/io/larder/examples/answers/" + name));
    String documentation = Files.readString(root.resolve("docs/ai.md"));
    List<String> shown = Pattern.compile("(?s)" + Pattern.quote(name) + "\\).*?```java\n(.*?)```")
        .matcher(documentation)
        .results()
        .map(match -> match.group(1))
        .toList();
    assertThat(shown).hasSize(1);
    assertThat(bare(source)).contains(bare(shown.get(0)));
  }

  private static String bare(String code) {
    return code.replaceAll("\\s+", "");
  }
}
