package io.larder.ai;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The asynchronous forms of an {@link AiCache}. Thread-safe. Whatever may wait for a cache runs on
 * threads of the answer cache; no thread waits for a model, or for another process that asks it.
 */
public final class AsyncAiCache {

  private final AiCache cache;
  private final Door door;
  private final AsyncCalls calls;
  private final Background background;
  private final Nesting nesting;

  AsyncAiCache(AiCache cache, Door door, AsyncCalls calls, Nesting nesting, Background background) {
    this.cache = cache;
    this.door = door;
    this.calls = calls;
    this.nesting = nesting;
    this.background = background;
  }

  /** {@link AiCache#get(AiRequest, Class)}, later. */
  public <T> CompletionStage<Optional<AiResult<T>>> get(AiRequest request, Class<T> type) {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(type, "type");
    return background.keeping(() -> cache.get(request, type));
  }

  /** {@link AiCache#put}, later. */
  public CompletionStage<Void> put(AiRequest request, AiAnswer<?> answer) {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(answer, "answer");
    return background.keeping(() -> {
      cache.put(request, answer);
      return null;
    });
  }

  /** {@link AiCache#remove}, later. */
  public CompletionStage<Boolean> remove(AiRequest request) {
    Objects.requireNonNull(request, "request");
    return background.keeping(() -> cache.remove(request));
  }

  /** A change of what is stored, such as an invalidation, later. */
  public CompletionStage<Void> change(Consumer<AiCache> change) {
    Objects.requireNonNull(change, "change");
    return CompletableFuture.runAsync(() -> change.accept(cache), background.callers());
  }

  /**
   * {@link AiCache#getOrCompute(AiRequest, Class, AiCall)} with a model that answers later.
   *
   * @param call asks the model; called on a thread of the answer cache, at most once
   * @return the answer, or the exception that the call threw or its stage ended with, as it was
   */
  public <T> CompletionStage<AiResult<T>> getOrCompute(
      AiRequest request, Class<T> type, Supplier<? extends CompletionStage<AiAnswer<T>>> call) {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(call, "call");
    CompletableFuture<AiResult<T>> promised = new CompletableFuture<>();
    Set<Nesting.Call> outer = nesting.now();
    background.callers().execute(() -> {
      try {
        answer(request, Door.boxed(type), call, promised, outer);
      } catch (Throwable e) {
        promised.completeExceptionally(e);
      }
    });
    return promised;
  }

  private <T> void answer(
      AiRequest request,
      Class<T> type,
      Supplier<? extends CompletionStage<AiAnswer<T>>> call,
      CompletableFuture<AiResult<T>> promised,
      Set<Nesting.Call> outer) {
    long start = System.nanoTime();
    Query<T> query = door.called(request, type);
    AiResult<T> hit = door.lookUp(query, start);
    if (hit != null) {
      background.tellers().execute(() -> promised.complete(hit));
    } else {
      calls.answer(new AsyncCalls.Asked<>(query, call, promised, outer, start));
    }
  }
}
