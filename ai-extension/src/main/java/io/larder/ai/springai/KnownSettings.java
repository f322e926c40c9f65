package io.larder.ai.springai;

import java.util.Set;

/** What Spring AI's own providers have that changes no answer, and that keys have no form for. */
final class KnownSettings {

  /** Fields: how requests travel, and what the provider keeps of prompts to save work. */
  static final Set<String> CHANGE_NO_ANSWER = Set.of(
      "org.springframework.ai.anthropic.AnthropicChatOptions.cacheOptions",
      "org.springframework.ai.anthropic.AnthropicChatOptions.maxRetries",
      "org.springframework.ai.anthropic.AnthropicChatOptions.proxy",
      "org.springframework.ai.anthropic.AnthropicChatOptions.timeout",
      "org.springframework.ai.openai.OpenAiChatOptions.maxRetries",
      "org.springframework.ai.openai.OpenAiChatOptions.proxy",
      "org.springframework.ai.openai.OpenAiChatOptions.timeout");

  /** Metadata of responses: the same once more, in the provider's own classes. */
  static final Set<String> SAY_NOTHING_NEW = Set.of("anthropic-response");

  private KnownSettings() {}
}
