package io.larder.examples.answers.recipes;

import io.larder.ai.AiAnswer;
import io.larder.ai.AiCache;
import io.larder.ai.AiRequest;
import java.io.IOException;
import java.util.List;

/** What customers say about products, for a shop with several languages. */
public final class Shop {

  private final AiCache cache;
  private final Model model;

  public Shop(AiCache cache, Model model) {
    this.cache = cache;
    this.model = model;
  }

  /** What the reviews agree on. */
  public String opinion(String product, List<String> reviews, String language) throws IOException {
    String text = String.join("\n\n", reviews);
    AiRequest request = AiRequest.builder("analyze_reviews")
        .text(text)
        .option("language", language)
        .tags("product:" + product)
        .build();
    return String.valueOf(cache
        .getOrCompute(
            request, () -> AiAnswer.of(model.ask("What do they agree on? In " + language, text)))
        .value());
  }

  /** A review of the product was withdrawn: nothing made of it may be shown any more. */
  public void reviewWithdrawn(String product) {
    cache.invalidateByTag("product:" + product);
  }
}
