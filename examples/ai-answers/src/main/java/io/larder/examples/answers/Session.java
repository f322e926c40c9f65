package io.larder.examples.answers;

import io.larder.ai.AiResult;
import io.larder.examples.answers.Assistant.Task;
import io.larder.examples.answers.StandInModel.OverloadedException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;

/** One session with the assistant, in five acts, told as it goes. */
final class Session {

  private static final int THREADS = 16;

  private final Assistant assistant;
  private final StandInModel model;
  private final PrintStream out;
  private int answers;

  Session(Assistant assistant, StandInModel model, PrintStream out) {
    this.assistant = assistant;
    this.model = model;
    this.out = out;
  }

  /** How many answers it gave so far, streamed ones included. */
  int answers() {
    return answers;
  }

  void run(List<Document> documents) throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Task> batch = batch(documents);
      show(documents.get(0));
      tell("a batch, " + documents.size() + " documents", sources(askAll(threads, batch)));
      tell("the same batch again", sources(askAll(threads, batch)));
      Task one = new Task("qa", documents.get(0), "What do all of them ask at the same time?");
      tell(
          THREADS + " ask the same at once",
          sources(askAll(threads, Collections.nCopies(THREADS, one))));
    } finally {
      threads.shutdown();
    }
    fail(documents.get(0));
    stream(documents.get(0));
  }

  private static List<Task> batch(List<Document> documents) {
    List<Task> batch = new ArrayList<>();
    for (Document document : documents) {
      batch.add(new Task("summarize", document));
      batch.add(new Task("key_points", document));
      batch.add(new Task("sentiment", document));
      batch.add(new Task("qa", document, "What happens when a cache fails or Redis is away?"));
    }
    return batch;
  }

  private void show(Document document) throws ExecutionException {
    out.println();
    out.println("What came out for " + document.name());
    for (Task task : batch(List.of(document))) {
      try {
        String answer = String.valueOf(assistant.answer(task).value());
        answers++;
        String line = answer.replace('\n', ' ');
        out.printf(
            "  %-11s %s%n",
            task.operation(), line.length() > 86 ? line.substring(0, 83) + "..." : line);
      } catch (OverloadedException e) {
        throw new ExecutionException(e);
      }
    }
    out.println();
  }

  private List<AiResult<String>> askAll(ExecutorService threads, List<Task> tasks)
      throws InterruptedException, ExecutionException {
    CountDownLatch start = new CountDownLatch(1);
    List<Future<AiResult<String>>> asked = new ArrayList<>();
    for (Task task : tasks) {
      asked.add(threads.submit((Callable<AiResult<String>>) () -> {
        start.await();
        return assistant.answer(task);
      }));
    }
    start.countDown();
    List<AiResult<String>> results = new ArrayList<>();
    for (Future<AiResult<String>> future : asked) {
      results.add(future.get());
      answers++;
    }
    return results;
  }

  private void fail(Document document) {
    Task task = new Task("qa", document, "What does an overloaded model answer?");
    model.overloadFor(document.text());
    for (int attempt = 1; attempt <= 2; attempt++) {
      try {
        AiResult<String> result = assistant.answer(task);
        answers++;
        tell("the model is overloaded, attempt " + attempt, sources(List.of(result)));
      } catch (OverloadedException e) {
        tell("the model is overloaded, attempt " + attempt, "fails, and is not cached");
      }
    }
  }

  private void stream(Document document) throws InterruptedException, ExecutionException {
    for (String name : List.of("a summary streams", "the same stream again")) {
      int before = model.calls();
      Collector collector = new Collector();
      assistant.streamSummary(document).subscribe(collector);
      int pieces = collector.pieces.get().size();
      answers++;
      String source = model.calls() == before ? "from the cache" : "from the model";
      tell(name, pieces + (pieces == 1 ? " piece " : " pieces ") + source);
    }
  }

  private static String sources(List<AiResult<String>> results) {
    Map<AiResult.Source, Integer> counts = new EnumMap<>(AiResult.Source.class);
    results.forEach(result -> counts.merge(result.source(), 1, Integer::sum));
    return "model " + counts.getOrDefault(AiResult.Source.MODEL, 0)
        + ", another's call " + counts.getOrDefault(AiResult.Source.SHARED_CALL, 0)
        + ", cache " + counts.getOrDefault(AiResult.Source.CACHE, 0);
  }

  private void tell(String what, String how) {
    out.printf("%-40s %s%n", what, how);
  }

  /** Takes all pieces of a stream. */
  private static final class Collector implements Flow.Subscriber<String> {

    final CompletableFuture<List<String>> pieces = new CompletableFuture<>();
    private final List<String> sofar = new ArrayList<>();

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String piece) {
      sofar.add(piece);
    }

    @Override
    public void onError(Throwable failure) {
      pieces.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      pieces.complete(List.copyOf(sofar));
    }
  }
}
