package io.larder.ai;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;

/** Streams of known pieces, and all the pieces of streams. */
final class Pieces {

  private Pieces() {}

  /** Those pieces, to each subscriber anew. */
  static <T> Flow.Publisher<T> of(List<T> pieces) {
    return subscriber -> {
      try (SubmissionPublisher<T> publisher = new SubmissionPublisher<>(Runnable::run, 16)) {
        publisher.subscribe(subscriber);
        pieces.forEach(publisher::submit);
      }
    };
  }

  /** Waits for the end. */
  static <T> List<T> all(Flow.Publisher<T> publisher) throws Exception {
    List<T> seen = new ArrayList<>();
    CompletableFuture<List<T>> end = new CompletableFuture<>();
    publisher.subscribe(new Flow.Subscriber<T>() {
      @Override
      public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
      }

      @Override
      public void onNext(T piece) {
        seen.add(piece);
      }

      @Override
      public void onError(Throwable e) {
        end.completeExceptionally(e);
      }

      @Override
      public void onComplete() {
        end.complete(seen);
      }
    });
    return end.get(1, TimeUnit.MINUTES);
  }
}
