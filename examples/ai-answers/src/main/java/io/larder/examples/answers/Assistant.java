package io.larder.examples.answers;

import io.larder.ai.AiAnswer;
import io.larder.ai.AiCache;
import io.larder.ai.AiRequest;
import io.larder.ai.AiResult;
import io.larder.ai.FinishReason;
import io.larder.examples.answers.StandInModel.OverloadedException;
import io.larder.examples.answers.StandInModel.Reply;
import java.util.concurrent.Flow;

/** Answers questions about documents, and asks the model only for what the cache does not have. */
final class Assistant {

  private final AiCache cache;
  private final StandInModel model;

  Assistant(AiCache cache, StandInModel model) {
    this.cache = cache;
    this.model = model;
  }

  /** What is asked about a text. */
  record Task(String operation, Document document, String question) {

    Task(String operation, Document document) {
      this(operation, document, "");
    }

    /** Everything that makes its answer different from others. */
    AiRequest request() {
      return AiRequest.builder(operation)
          .text(document.text())
          .model(StandInModel.NAME)
          .option("question", question)
          .build();
    }
  }

  AiResult<String> answer(Task task) throws OverloadedException {
    return cache.getOrCompute(task.request(), () -> {
      Reply reply = model.ask(task.operation(), task.document().text(), task.question());
      return AiAnswer.of(reply.text())
          .withModel(StandInModel.NAME)
          .withUsage(reply.inputTokens(), reply.outputTokens())
          .withFinish(FinishReason.STOP);
    });
  }

  /** A summary that streams; the second time it streams from the cache. */
  Flow.Publisher<String> streamSummary(Document document) {
    AiRequest request = AiRequest.builder("summarize")
        .text(document.text())
        .model(StandInModel.NAME)
        .option("streamed", true)
        .build();
    return cache.streamText(request, () -> model.stream(document.text()));
  }
}
