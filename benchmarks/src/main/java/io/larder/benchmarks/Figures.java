package io.larder.benchmarks;

import io.larder.benchmarks.Figure.Subject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

/** The figures of one group. Immutable. */
record Figures(List<Figure> all) {

  Figures {
    all = List.copyOf(all);
  }

  /** The figures by subject, in the order in which they were measured. */
  Map<Subject, List<Figure>> bySubject() {
    Map<Subject, List<Figure>> bySubject = new LinkedHashMap<>();
    for (Figure figure : all) {
      bySubject.merge(
          figure.subject(),
          List.of(figure),
          (some, more) -> Stream.concat(some.stream(), more.stream()).toList());
    }
    return bySubject;
  }

  Figure of(Subject subject, Enum<?> peer) {
    for (Figure figure : all) {
      if (figure.subject().equals(subject) && figure.peer().equals(peer.name())) {
        return figure;
      }
    }
    throw new NoSuchElementException("not measured: " + subject + ", " + peer);
  }

  /** The time that one peer takes, divided by the time that the other takes. */
  double ratio(Subject subject, Enum<?> peer, Enum<?> other) {
    return of(subject, peer).score() / of(subject, other).score();
  }
}
