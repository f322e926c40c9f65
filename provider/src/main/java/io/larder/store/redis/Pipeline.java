package io.larder.store.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.command.CommandBatchService;

/**
 * Commands that go to one master together. Every reply comes or fails: the client library leaves
 * those without an end that Redis asked to send again or elsewhere, once it gives up.
 */
final class Pipeline {

  private final CommandBatchService batch;
  private final List<CompletableFuture<Object>> replies = new ArrayList<>();

  Pipeline(CommandBatchService batch) {
    this.batch = batch;
  }

  CompletableFuture<Object> add(Call call) {
    CompletableFuture<Object> reply = batch
        .<Object, Object>writeAsync(
            call.slotKey(), ByteArrayCodec.INSTANCE, call.command(), call.wire())
        .toCompletableFuture();
    replies.add(reply);
    return reply;
  }

  void send() {
    batch.executeAsync().whenComplete((result, failure) -> {
      if (failure != null) {
        replies.forEach(reply -> reply.completeExceptionally(failure));
      }
    });
  }
}
