package io.larder.examples.answers.recipes;

import io.larder.ai.AiAnswer;
import io.larder.ai.AiCache;
import io.larder.ai.AiControl;
import io.larder.ai.AiRequest;
import java.io.IOException;

/** Titles for articles, for a content management system with many sites. */
public final class Cms {

  private final AiCache cache;
  private final Model model;

  public Cms(AiCache cache, Model model) {
    this.cache = cache;
    this.model = model;
  }

  /** A title; the editor who wants another one gets it, and so does everybody after. */
  public String title(String site, String article, boolean another) throws IOException {
    AiRequest request = AiRequest.builder("generate_title")
        .text(article)
        .tenant(site)
        .schemaVersion("2")
        .control(another ? AiControl.usual().withRefresh() : AiControl.usual())
        .build();
    return String.valueOf(cache
        .getOrCompute(request, () -> AiAnswer.of(model.ask("A title, please.", article)))
        .value());
  }

  /** The site has a new house style. */
  public void styleChanged(String site) {
    cache.invalidateByTenant(site);
  }
}
