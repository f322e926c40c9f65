package io.larder.ai;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;

/** The ways in which a text can be asked for; each here waits for the whole of it. */
enum Way {
  PLAIN {
    @Override
    AiResult<String> ask(AiCache cache, AiRequest request, Callable<AiAnswer<String>> model)
        throws Exception {
      return cache.getOrCompute(request, model::call);
    }
  },
  ASYNC {
    @Override
    AiResult<String> ask(AiCache cache, AiRequest request, Callable<AiAnswer<String>> model)
        throws Exception {
      return own(cache
          .async()
          .getOrCompute(request, String.class, () -> later(model))
          .toCompletableFuture());
    }
  },
  STREAM {
    @Override
    AiResult<String> ask(AiCache cache, AiRequest request, Callable<AiAnswer<String>> model)
        throws Exception {
      Whole whole = new Whole();
      cache.stream(request, String.class, () -> pieces(model)).subscribe(whole);
      String text = own(whole.end);
      AiResult.Source source = whole.replayed ? AiResult.Source.CACHE : AiResult.Source.MODEL;
      return new AiResult<>(
          text,
          source,
          cache
              .getOrCompute(
                  request.with(AiControl.usual().withRefresh().withNoStore()),
                  () -> AiAnswer.of(text))
              .details());
    }
  };

  private static final int PATIENCE_SECONDS = 60;

  /** The answer, from the cache or from the model, or what the model threw. */
  abstract AiResult<String> ask(AiCache cache, AiRequest request, Callable<AiAnswer<String>> model)
      throws Exception;

  private static <T> T own(CompletableFuture<T> future) throws Exception {
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception own) {
        throw own;
      }
      throw e;
    }
  }

  private static CompletableFuture<AiAnswer<String>> later(Callable<AiAnswer<String>> model) {
    CompletableFuture<AiAnswer<String>> answer = new CompletableFuture<>();
    new Thread(() -> {
          try {
            answer.complete(model.call());
          } catch (Exception e) {
            answer.completeExceptionally(e);
          }
        })
        .start();
    return answer;
  }

  private static Flow.Publisher<AiChunk<String>> pieces(Callable<AiAnswer<String>> model) {
    return subscriber -> new Thread(() -> {
          try (SubmissionPublisher<AiChunk<String>> publisher =
              new SubmissionPublisher<>(Runnable::run, 256)) {
            publisher.subscribe(subscriber);
            try {
              AiAnswer<String> answer = model.call();
              publisher.submit(AiChunk.of(String.valueOf(answer.value())));
              publisher.submit(AiChunk.end(answer));
            } catch (Exception e) {
              publisher.closeExceptionally(e);
            }
          }
        })
        .start();
  }

  private static final class Whole implements Flow.Subscriber<AiChunk<String>> {

    private final StringBuilder text = new StringBuilder();
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private volatile boolean replayed;

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(AiChunk<String> chunk) {
      replayed |= chunk.replayed();
      if (chunk.value() != null) {
        text.append(chunk.value());
      }
    }

    @Override
    public void onError(Throwable e) {
      end.completeExceptionally(e);
    }

    @Override
    public void onComplete() {
      end.complete(text.toString());
    }
  }
}
