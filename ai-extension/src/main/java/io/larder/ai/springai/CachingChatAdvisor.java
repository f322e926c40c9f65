package io.larder.ai.springai;

import io.larder.ai.AiCache;
import io.larder.ai.AiRequest;
import io.larder.ai.AiResult;
import io.larder.ai.AiResult.Source;
import io.larder.ai.adapter.Found;
import io.larder.ai.adapter.RequestShape;
import io.larder.ai.springai.Replies.Reply;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.Advisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.core.Ordered;
import reactor.core.publisher.Flux;

/**
 * An advisor of Spring AI's chat client that answers from the cache, calls and streams.
 * Thread-safe; one for any number of clients whose models tell their names.
 *
 * <p>It stands where the request is complete: behind the advisors that add memory, documents or
 * tool results, right before the model. The key is made of the request as it arrives there. One
 * with something in it that is not known wholly, or that passes an advisor between the cache and
 * the model, bypasses the cache; {@link #bypassed} counts. {@link CacheParams} say for one call how
 * it uses the cache, and under which names a response tells where it came from.
 *
 * <p>A response from the cache has no id, no rate limit and no usage of the provider's own, and
 * says that it took no tokens. Responses that ask for tools are not stored unless
 * {@link #withToolCalls} is used.
 */
public final class CachingChatAdvisor implements CallAdvisor, StreamAdvisor {

  /** Behind all advisors that Spring AI has, save the one that calls the model. */
  public static final int DEFAULT_ORDER = Ordered.LOWEST_PRECEDENCE - 1000;

  private final AiCache cache;
  private final RequestShape shape;
  private final ChatKeys keys;
  private final Replies replies;
  private final int order;

  private CachingChatAdvisor(AiCache cache, RequestShape shape, Replies replies, int order) {
    this.cache = Objects.requireNonNull(cache, "cache");
    this.shape = shape;
    this.keys = new ChatKeys(shape);
    this.replies = replies;
    this.order = order;
  }

  /** An advisor with that cache, and the operation {@code chat}. */
  public static CachingChatAdvisor of(AiCache cache) {
    return of(cache, RequestShape.of("chat"));
  }

  /** An advisor with that cache. */
  public static CachingChatAdvisor of(AiCache cache, RequestShape shape) {
    Objects.requireNonNull(shape, "shape");
    return new CachingChatAdvisor(cache, shape, new Replies(shape, false), DEFAULT_ORDER);
  }

  /**
   * The same at another place. Whatever changes the request on its way to the model has to have a
   * lower order; what has a higher one makes requests bypass the cache.
   */
  public CachingChatAdvisor withOrder(int place) {
    return new CachingChatAdvisor(cache, shape, replies, place);
  }

  /**
   * The same that stores responses that ask for tools, too. The tools are called each time; the
   * next request is found again if they answer the same.
   */
  public CachingChatAdvisor withToolCalls() {
    return new CachingChatAdvisor(cache, shape, new Replies(shape, true), order);
  }

  /** How many requests bypassed the cache so far. */
  public long bypassed() {
    return keys.bypassed();
  }

  @Override
  public String getName() {
    return "Larder AI cache";
  }

  @Override
  public int getOrder() {
    return order;
  }

  /**
   * The response from the cache, from a call on its way for the same request, or from the chain.
   *
   * @throws IllegalArgumentException if a parameter of the cache's is not known or of another type
   */
  @Override
  public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
    Optional<AiRequest> key = keys.of(request, behind(chain.getCallAdvisors()), false);
    if (key.isEmpty()) {
      return chain.nextCall(request);
    }
    Found<Reply> found = new Found<>(replies::read);
    AiResult<String> result = cache.getOrCompute(key.get().usableIf(found), () -> {
      ChatClientResponse response = chain.nextCall(request);
      return replies.answer(response.chatResponse()).withCompanion(response);
    });
    if (result.companion() instanceof ChatClientResponse live) {
      return told(result.isHit() ? shared(live, request.context()) : live, result);
    }
    Reply stored = found.read(Objects.requireNonNull(result.value(), "a stored answer"));
    return told(
        new ChatClientResponse(stored.response(result.source()), request.context()), result);
  }

  private static ChatClientResponse told(ChatClientResponse response, AiResult<String> result) {
    return response
        .mutate()
        .context(CacheParams.SOURCE, result.source())
        .context(CacheParams.DETAILS, result.details())
        .build();
  }

  /**
   * The same as a stream: a stored one is replayed in the pieces that it came in, and what the
   * chain streams is stored once it has ended well.
   *
   * @throws IllegalArgumentException if a parameter of the cache's is not known or of another type
   */
  @Override
  public Flux<ChatClientResponse> adviseStream(
      ChatClientRequest request, StreamAdvisorChain chain) {
    Optional<AiRequest> key = keys.of(request, behind(chain.getStreamAdvisors()), true);
    if (key.isEmpty()) {
      return chain.nextStream(request);
    }
    return Flux.deferContextual(context -> new ReplyStream(replies, request.context())
        .answer(cache, key.get(), () -> chain.nextStream(request).contextWrite(context)));
  }

  /** Those after this, or after its place if it is wrapped. */
  private List<? extends Advisor> behind(List<? extends Advisor> all) {
    int mine = all.indexOf(this);
    return mine >= 0
        ? all.subList(mine + 1, all.size())
        : all.stream().filter(advisor -> advisor.getOrder() > order).toList();
  }

  /** What another caller's call brought, which took this one no tokens. */
  static ChatClientResponse shared(ChatClientResponse live, Map<String, @Nullable Object> context) {
    return new ChatClientResponse(Replies.shared(live.chatResponse()), context);
  }

  /** A response that tells that the model gave it, or where else it came from. */
  static ChatClientResponse told(ChatClientResponse response, Source source) {
    return response.mutate().context(CacheParams.SOURCE, source).build();
  }
}
