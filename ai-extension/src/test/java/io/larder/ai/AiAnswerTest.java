package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which answers have content. */
final class AiAnswerTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " \t\r\n",
        "\u00a0",
        "\u2007\u202f",
        "\u2003\u3000",
        "\u200b",
        "\ufeff",
        "\u200e\u2060\u00ad",
        "\u0000\u0007\u0085",
        "\udb40\udc01"
      })
  void textThatShowsNothingIsEmpty(String text) {
    assertThat(AiAnswer.of(text).isComplete()).isFalse();
    assertThat(AiAnswer.of(new StringBuilder(text)).isComplete()).isFalse();
    assertThat(AiAnswer.of(text + "." + text).isComplete()).isTrue();
  }

  @Test
  void nothingAndNoElementsAreEmpty() {
    assertThat(AiAnswer.of(null).isComplete()).isFalse();
    assertThat(AiAnswer.of(List.of()).isComplete()).isFalse();
    assertThat(AiAnswer.of(Map.of()).isComplete()).isFalse();
    assertThat(AiAnswer.of(Optional.empty()).isComplete()).isFalse();
    assertThat(AiAnswer.of(new float[0]).isComplete()).isFalse();
    assertThat(AiAnswer.of(0).isComplete()).isTrue();
    assertThat(AiAnswer.of("\ud83d\ude00").isComplete()).isTrue();
  }
}
