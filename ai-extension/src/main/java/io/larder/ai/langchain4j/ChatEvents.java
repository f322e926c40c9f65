package io.larder.ai.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import io.larder.ai.AiAnswer;
import io.larder.ai.AiChunk;
import io.larder.ai.FinishReason;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a streaming model says, as pieces for the cache: a letter for the kind, and the content. The
 * last piece is the whole message, so that tool calls and attributes are replayed as they were.
 */
final class ChatEvents implements Flow.Publisher<AiChunk<String>> {

  static final char TEXT = 't';
  static final char THINKING = 'h';
  static final char MESSAGE = 'm';

  private final Replies replies;
  private final AtomicBoolean asked;
  private final Consumer<StreamingChatResponseHandler> call;

  /** Says in {@code asked} that the model was asked. */
  ChatEvents(Replies replies, AtomicBoolean asked, Consumer<StreamingChatResponseHandler> call) {
    this.replies = replies;
    this.asked = asked;
    this.call = call;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super AiChunk<String>> subscriber) {
    asked.set(true);
    Handler handler = new Handler(subscriber);
    subscriber.onSubscribe(handler);
    try {
      call.accept(handler);
    } catch (RuntimeException e) {
      handler.onError(e);
    }
  }

  /** Passes on until it has ended or nobody wants more. */
  private final class Handler implements StreamingChatResponseHandler, Flow.Subscription {

    private final Flow.Subscriber<? super AiChunk<String>> subscriber;
    private volatile @Nullable StreamingHandle handle;
    private volatile boolean over;

    Handler(Flow.Subscriber<? super AiChunk<String>> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long count) {
      // the cache asks for everything at once
    }

    @Override
    public void cancel() {
      over = true;
      StreamingHandle known = handle;
      if (known != null) {
        known.cancel();
      }
    }

    @Override
    public void onPartialResponse(@Nullable String text) {
      if (text != null && !text.isEmpty()) {
        say(TEXT + text);
      }
    }

    @Override
    public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
      if (isWanted(context.streamingHandle())) {
        onPartialResponse(partial.text());
      }
    }

    @Override
    public void onPartialThinking(PartialThinking thinking, PartialThinkingContext context) {
      if (isWanted(context.streamingHandle())) {
        onPartialThinking(thinking);
      }
    }

    /** Cancels the model's stream if nobody reads it any longer. */
    private boolean isWanted(StreamingHandle given) {
      handle = given;
      if (over) {
        given.cancel();
      }
      return !over;
    }

    @Override
    public void onPartialThinking(PartialThinking thinking) {
      say(THINKING + thinking.text());
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      AiAnswer<String> answer = replies.answer(response);
      String message = answer.value();
      if (message != null) {
        say(MESSAGE + message);
      }
      if (!over) {
        over = true;
        // what can't be stored wholly is not stored
        subscriber.onNext(
            message == null
                ? AiChunk.<String>end(answer.withFinish(FinishReason.OTHER)).withoutStoring()
                : AiChunk.end(answer));
        subscriber.onComplete();
      }
    }

    @Override
    public void onError(Throwable failure) {
      if (!over) {
        over = true;
        subscriber.onError(failure);
      }
    }

    private void say(String piece) {
      if (!over) {
        subscriber.onNext(AiChunk.of(piece));
      }
    }
  }
}
