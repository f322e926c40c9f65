package io.larder.ai;

import java.util.Objects;
import java.util.concurrent.Flow;

/** A stream of values as a stream of pieces. */
record PieceSource<T>(Flow.Publisher<T> values) implements Flow.Publisher<AiChunk<T>> {

  static final String NO_STREAM = "the model call gave null, not a publisher";

  PieceSource {
    Objects.requireNonNull(values, NO_STREAM);
  }

  @Override
  public void subscribe(Flow.Subscriber<? super AiChunk<T>> subscriber) {
    values.subscribe(new Flow.Subscriber<>() {
      @Override
      public void onSubscribe(Flow.Subscription subscription) {
        subscriber.onSubscribe(subscription);
      }

      @Override
      @SuppressWarnings("NullAway") // a null is refused there
      public void onNext(T value) {
        subscriber.onNext(value == null ? null : AiChunk.of(value));
      }

      @Override
      public void onError(Throwable e) {
        subscriber.onError(e);
      }

      @Override
      public void onComplete() {
        subscriber.onComplete();
      }
    });
  }
}
