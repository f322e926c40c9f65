package io.larder.ai;

import java.util.concurrent.Flow;

/** A stream of values as a stream of pieces. */
record PieceSource<T>(Flow.Publisher<T> values) implements Flow.Publisher<AiChunk<T>> {

  @Override
  public void subscribe(Flow.Subscriber<? super AiChunk<T>> subscriber) {
    values.subscribe(new Flow.Subscriber<>() {
      @Override
      public void onSubscribe(Flow.Subscription subscription) {
        subscriber.onSubscribe(subscription);
      }

      @Override
      public void onNext(T value) {
        subscriber.onNext(AiChunk.of(value));
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
