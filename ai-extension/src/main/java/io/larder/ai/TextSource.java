package io.larder.ai;

import java.util.concurrent.Flow;

/** A stream of strings as a stream of pieces. */
record TextSource(Flow.Publisher<String> texts) implements Flow.Publisher<AiChunk<String>> {

  @Override
  public void subscribe(Flow.Subscriber<? super AiChunk<String>> subscriber) {
    texts.subscribe(new Flow.Subscriber<>() {
      @Override
      public void onSubscribe(Flow.Subscription subscription) {
        subscriber.onSubscribe(subscription);
      }

      @Override
      public void onNext(String text) {
        subscriber.onNext(AiChunk.of(text));
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
