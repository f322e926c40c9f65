package io.larder.ai.springai;

import io.larder.ai.AiAnswer;
import io.larder.ai.AiCache;
import io.larder.ai.AiChunk;
import io.larder.ai.AiRequest;
import io.larder.ai.AiResult.Source;
import io.larder.ai.FinishReason;
import io.larder.ai.adapter.Found;
import io.larder.ai.springai.Replies.Written;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.client.ChatClientResponse;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * One subscription to a streamed answer. What the model says goes into the cache as written
 * responses, and comes out of it as such; but on its way each goes with the piece that stands for
 * it, so that all who share the stream get what the model said.
 */
final class ReplyStream {

  private final Replies replies;
  private final Map<String, @Nullable Object> context;
  private volatile boolean asked;

  /** Gives responses from the cache that context. */
  ReplyStream(Replies replies, Map<String, @Nullable Object> context) {
    this.replies = replies;
    this.context = context;
  }

  /** The responses. They are passed on by threads that may wait, as those of Spring AI itself. */
  Flux<ChatClientResponse> answer(
      AiCache cache, AiRequest request, Supplier<Flux<ChatClientResponse>> call) {
    Flow.Publisher<AiChunk<String>> pieces = cache.stream(
        request.usableIf(new Found<>(replies::read)), String.class, () -> recorded(call.get()));
    return JdkFlowAdapter.flowPublisherToFlux(pieces)
        .<ChatClientResponse>handle((piece, sink) -> {
          String text = piece.value();
          if (text != null) {
            sink.next(response(text, piece));
          }
        })
        .publishOn(Schedulers.boundedElastic());
  }

  private ChatClientResponse response(String text, AiChunk<String> piece) {
    if (piece.companion() instanceof ChatClientResponse live) {
      return asked
          ? CachingChatAdvisor.told(live, Source.MODEL)
          : CachingChatAdvisor.told(CachingChatAdvisor.shared(live, context), Source.SHARED_CALL);
    }
    Source source = piece.replayed() ? Source.CACHE : Source.SHARED_CALL;
    return CachingChatAdvisor.told(
        new ChatClientResponse(replies.read(text).response(source), context), source);
  }

  private Flow.Publisher<AiChunk<String>> recorded(Flux<ChatClientResponse> said) {
    asked = true;
    Ending ending = new Ending();
    return JdkFlowAdapter.publisherToFlowPublisher(said.map(response -> {
          Written written = replies.write(response.chatResponse());
          ending.add(written);
          return AiChunk.of(written.text()).withCompanion(response);
        })
        .concatWith(Mono.fromSupplier(() -> ending.end())));
  }

  /** What the responses of a stream say together. For one thread at a time. */
  private static final class Ending {

    private boolean content;
    private boolean kept = true;
    private @Nullable String model;
    private FinishReason finish = FinishReason.UNKNOWN;
    private long inputTokens;
    private long outputTokens;

    void add(Written written) {
      content |= written.content();
      kept &= written.kept();
      finish = FinishReasons.worse(finish, written.finish());
      model = written.model() == null ? model : written.model();
      inputTokens = Math.max(inputTokens, written.usage().inputTokens());
      outputTokens = Math.max(outputTokens, written.usage().outputTokens());
    }

    /** One that says nothing, or not all that it said, is not stored. */
    AiChunk<String> end() {
      boolean whole = content && kept;
      AiChunk<String> end = AiChunk.end(AiAnswer.<String>of(null)
          .withModel(model)
          .withUsage(inputTokens, outputTokens)
          .withFinish(whole ? finish : FinishReason.OTHER));
      return whole ? end : end.withoutStoring();
    }
  }
}
