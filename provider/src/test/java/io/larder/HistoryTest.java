package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The checker of {@link ProcessesTest} passes good histories and finds what is wrong with bad. */
final class HistoryTest {

  private final History history = new History();

  @Test
  void oldValueInAnotherProcessIsAllowedUntilTheNewOneIsSeen() {
    write("A", 1, "A:1", 10);
    write("A", 2, "A:2", 20);
    read("B", "A:1", 30, 40);
    read("B", "A:2", 50, 60);

    assertThat(history.violations()).isEmpty();
  }

  @Test
  void readsThatOverlapMayAnswerInAnyOrder() {
    write("A", 1, "A:1", 10);
    write("A", 2, "A:2", 20);
    read("B", "A:2", 30, 40);
    read("B", "A:1", 35, 45);

    assertThat(history.violations()).isEmpty();
  }

  @Test
  void goingBackInTimeIsFound() {
    write("A", 1, "A:1", 10);
    write("A", 2, "A:2", 20);
    read("B", "A:2", 30, 40);
    read("B", "A:1", 50, 60);

    assertThat(history.violations()).singleElement().asString().contains("position 2", "A:1");
  }

  @Test
  void lastOfSeveralEqualAnswersCounts() {
    write("A", 1, "A:1", 10);
    write("A", 2, "A:2", 20);
    history.add(new History.Read("B", "k", "A:1", 22, 24, 50));
    read("B", "A:2", 30, 40);

    assertThat(history.violations()).singleElement().asString().contains("position 2", "A:1");
  }

  @Test
  void notReadingOnesOwnWriteIsFound() {
    write("A", 1, "A:1", 10);
    write("A", 2, "A:2", 20);
    read("A", "A:1", 21, 25);

    assertThat(history.violations()).singleElement().asString().contains("position 2", "A:1");
  }

  @Test
  void whatComesBackAfterItsRemovalIsFound() {
    write("A", 1, "A:1", 10);
    write("A", 2, null, 20);
    write("A", 3, "A:3", 22);
    read("B", "A:1", 24, 26);
    read("B", null, 30, 40);
    read("B", "A:1", 50, 60);

    assertThat(history.violations()).singleElement().asString().contains("position 2", "A:1");
  }

  @Test
  void absenceThatNoRemovalExplainsIsFound() {
    write("A", 1, null, 10);
    write("A", 2, "A:2", 20);
    read("B", "A:2", 30, 40);
    read("B", null, 50, 60);

    assertThat(history.violations()).singleElement().asString().contains("position 2");
  }

  @Test
  void valueThatNobodyWroteIsFound() {
    write("A", 1, "A:1", 10);
    read("B", "C:1", 30, 40);

    assertThat(history.violations()).singleElement().asString().contains("never written", "C:1");
  }

  private void write(String process, int position, String value, long end) {
    history.add(new History.Write(process, "k", position, value, end));
  }

  private void read(String process, String value, long start, long end) {
    history.add(new History.Read(process, "k", value, start, end, start));
  }
}
