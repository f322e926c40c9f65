package io.larder.ai.springai;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import reactor.core.publisher.Flux;

/** A model that answers with the number of the call, and does as it is told. */
final class CountingChatModel implements ChatModel {

  final AtomicInteger calls = new AtomicInteger();
  final AtomicInteger cancelled = new AtomicInteger();
  final CountDownLatch called = new CountDownLatch(1);
  volatile CountDownLatch gate = new CountDownLatch(0);
  volatile Prompt asked;
  volatile ChatOptions options = ToolCallingChatOptions.builder().model("m-1").build();
  volatile String finish = "stop";
  volatile IntFunction<AssistantMessage> message = call -> new AssistantMessage("call " + call);
  volatile RuntimeException failure;
  volatile UnaryOperator<Flux<ChatResponse>> streamed = flux -> flux;

  @Override
  public ChatOptions getOptions() {
    return options;
  }

  private int begin(Prompt prompt) {
    int call = calls.incrementAndGet();
    asked = prompt;
    called.countDown();
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    if (failure != null) {
      throw failure;
    }
    return call;
  }

  @Override
  public ChatResponse call(Prompt prompt) {
    int call = begin(prompt);
    return response(call, message.apply(call), finish);
  }

  ChatResponse response(int call, AssistantMessage said, String reason) {
    return new ChatResponse(
        List.of(new Generation(
            said,
            ChatGenerationMetadata.builder()
                .finishReason(reason)
                .metadata("n", 1L)
                .build())),
        ChatResponseMetadata.builder()
            .id("id-" + call)
            .model("m-1-2026")
            .usage(new DefaultUsage(7, 3))
            .keyValue("seconds", 0.5)
            .build());
  }

  /** Says the text in two pieces, then that it is done, or the tool calls. */
  @Override
  public Flux<ChatResponse> stream(Prompt prompt) {
    return streamed
        .apply(Flux.defer(() -> {
          int call = begin(prompt);
          AssistantMessage said = message.apply(call);
          String text = said.getText();
          return Flux.just(
              response(call, new AssistantMessage(text.substring(0, 1)), null),
              response(call, new AssistantMessage(text.substring(1)), null),
              response(call, said.mutate().content("").build(), finish));
        }))
        .doOnCancel(cancelled::incrementAndGet);
  }
}
