package io.larder.examples.answers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A stand-in for a paid model: answers by plain text statistics, the same each time, takes its time
 * over it, and counts how often it is asked. Thread-safe.
 */
final class StandInModel {

  static final String NAME = "stand-in-1";

  private static final long CALL_MILLIS = 150;
  private static final Set<String> GOOD = Set.of(
      ("able best better clean clear correct easy fast faster good great happy improve improved"
              + " love nice quick reliable right safe simple small stable success useful well")
          .split(" "));
  private static final Set<String> BAD = Set.of(
      ("bad broken bug crash dead error errors fail failed failing fails failure failures fault"
              + " faults hard hate lost never problem slow sorry terrible unable wrong")
          .split(" "));

  private final AtomicInteger calls = new AtomicInteger();
  private final Set<String> overloadedFor = ConcurrentHashMap.newKeySet();

  /** What a call answers, and what it took. */
  record Reply(String text, int inputTokens, int outputTokens) {}

  /** The model could not answer. */
  static final class OverloadedException extends Exception {
    OverloadedException() {
      super("the model is overloaded");
    }
  }

  /** How often the model was asked, failures included. */
  int calls() {
    return calls.get();
  }

  /** Lets the next call about that text fail. */
  void overloadFor(String text) {
    overloadedFor.add(text);
  }

  /**
   * Asks the model.
   *
   * @param operation summarize, key_points, sentiment or qa
   * @param question what is asked about the text; empty for others than qa
   */
  Reply ask(String operation, String text, String question) throws OverloadedException {
    calls.incrementAndGet();
    think();
    if (overloadedFor.remove(text)) {
      throw new OverloadedException();
    }
    String answer = answer(operation, Prose.of(text), question);
    return new Reply(answer, Prose.length(text) + Prose.length(question), Prose.length(answer));
  }

  /** A summary that comes sentence by sentence; each subscription asks the model. */
  Flow.Publisher<String> stream(String text) {
    return subscriber -> {
      calls.incrementAndGet();
      SubmissionPublisher<String> publisher = new SubmissionPublisher<>();
      publisher.subscribe(subscriber);
      think();
      summary(Prose.of(text)).forEach(publisher::submit);
      publisher.close();
    };
  }

  private static String answer(String operation, Prose prose, String question) {
    return switch (operation) {
      case "summarize" -> String.join(" ", summary(prose)).strip();
      case "key_points" -> keyPoints(prose);
      case "sentiment" -> sentiment(prose);
      case "qa" -> found(prose.bestMatch(question));
      default ->
        throw new IllegalArgumentException("operation was '" + operation
            + "' but it must be summarize, key_points, sentiment or qa");
    };
  }

  /** Pieces that make a text when they are joined. */
  private static List<String> summary(Prose prose) {
    List<String> pieces = new ArrayList<>();
    for (String sentence : prose.weightiest(3)) {
      pieces.add((pieces.isEmpty() ? "" : " ") + sentence);
    }
    return pieces.isEmpty() ? List.of("There is nothing to summarize.") : pieces;
  }

  private static String keyPoints(Prose prose) {
    StringBuilder points = new StringBuilder();
    for (String theme : prose.themes(4)) {
      points.append("- ").append(theme).append(": ").append(prose.about(theme)).append('\n');
    }
    return points.isEmpty() ? "- no points" : points.toString().strip();
  }

  private static String sentiment(Prose prose) {
    int good = prose.count(GOOD);
    int bad = prose.count(BAD);
    String word = good > bad ? "positive" : good < bad ? "negative" : "neutral";
    return String.format(Locale.ROOT, "%s (%d good words, %d bad ones)", word, good, bad);
  }

  private static String found(String sentence) {
    return sentence.isEmpty() ? "The text does not say." : sentence;
  }

  /** Real models take their time; without it nobody would ask while another does. */
  private static void think() {
    try {
      TimeUnit.MILLISECONDS.sleep(CALL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
