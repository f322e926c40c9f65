package io.larder.examples.answers.recipes;

import io.larder.ai.AiAnswer;
import io.larder.ai.AiCache;
import io.larder.ai.AiRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Incoming documents, many at once and often the same, for a document-processing service. */
public final class Intake {

  private final AiCache cache;
  private final Function<String, CompletionStage<String>> model;

  public Intake(AiCache cache, Function<String, CompletionStage<String>> model) {
    this.cache = cache;
    this.model = model;
  }

  /** The entities in each page; the model is asked once for each different page. */
  public Map<String, CompletableFuture<String>> entities(List<String> pages) {
    Map<String, CompletableFuture<String>> answers = new LinkedHashMap<>();
    for (String page : pages) {
      AiRequest request =
          AiRequest.builder("extract_entities").text(page).model("m-1").build();
      answers.computeIfAbsent(
          page,
          text -> cache
              .async()
              .getOrCompute(request, String.class, () -> model.apply(text).thenApply(AiAnswer::of))
              .thenApply(result -> String.valueOf(result.value()))
              .toCompletableFuture());
    }
    return answers;
  }

  /** The model was replaced by a better one of the same name. */
  public void modelReplaced() {
    cache.invalidateByModel("m-1");
  }
}
