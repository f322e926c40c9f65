package io.larder.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.examples.quickstart.text.Analysis;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class QuestionStreamTest {

  @Test
  void everyRunAsksTheSame() {
    assertThat(QuestionStream.of(topics(20), 1000).toList())
        .isEqualTo(QuestionStream.of(topics(20), 1000).toList());
  }

  @Test
  void fewTopicsComeOftenAndManySeldom() {
    // of 120 topics the first has the share 1 / H(120) = 1 / 5.369 = 18.6 %, the tenth 1.9 %
    List<Long> counts = QuestionStream.of(topics(20), 20_000)
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
        .values()
        .stream()
        .sorted(Comparator.reverseOrder())
        .toList();
    assertThat(counts.get(0)).isBetween(3500L, 3950L);
    assertThat(counts.get(9)).isBetween(300L, 450L);
    assertThat(counts).hasSize(120);
  }

  @Test
  void oneTopicIsAskedEveryTime() {
    Topic topic = topics(1).get(0);
    assertThat(QuestionStream.of(List.of(topic), 3)).containsExactly(topic, topic, topic);
  }

  private static List<Topic> topics(int documents) {
    List<Topic> topics = new ArrayList<>();
    for (int i = 0; i < documents; i++) {
      for (Analysis analysis : Analysis.values()) {
        topics.add(new Topic(Document.of("d" + i, "text " + i), analysis));
      }
    }
    return topics;
  }
}
