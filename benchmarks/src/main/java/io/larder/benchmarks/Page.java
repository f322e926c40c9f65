package io.larder.benchmarks;

import io.larder.benchmarks.Figure.Subject;
import java.util.List;
import java.util.Locale;

/** The report of one group, as Markdown. */
final class Page {

  private final Group group;
  private final Figures figures;
  private final StringBuilder text = new StringBuilder();

  private Page(Group group, Figures figures) {
    this.group = group;
    this.figures = figures;
  }

  /**
   * The whole page.
   *
   * @param facts what was measured on and with, one fact a line
   */
  static String of(Group group, Length length, Figures figures, List<String> facts) {
    Page page = new Page(group, figures);
    page.line("# Benchmark: " + group.name().toLowerCase(Locale.ROOT));
    page.line("");
    page.line(
        "Written by the benchmark; `docs/benchmarks.md` says what is measured and how to read it.");
    page.line("");
    page.line("* Length: " + length.description());
    facts.forEach(fact -> page.line("* " + fact));
    page.tables();
    page.aims();
    return page.text.toString();
  }

  private void tables() {
    figures.bySubject().forEach((subject, ofSubject) -> {
      line("");
      line("## " + subject);
      line("");
      line("| cache | time | ± | unit | bytes allocated | time / " + group.baseline() + " |");
      line("|---|---|---|---|---|---|");
      ofSubject.forEach(figure -> line(row(subject, figure)));
    });
  }

  private String row(Subject subject, Figure figure) {
    double baseline = figures.of(subject, group.baseline()).score();
    return "| "
        + String.join(
            " | ",
            figure.peer(),
            number(figure.score()),
            number(figure.error()),
            figure.unit(),
            number(Math.abs(figure.bytes()) < 0.5 ? 0 : figure.bytes()),
            String.format(Locale.ROOT, "%.2f", figure.score() / baseline))
        + " |";
  }

  private void aims() {
    line("");
    line("## Aims");
    line("");
    line("| | measured | aim | |");
    line("|---|---|---|---|");
    for (Aim aim : group.aims(figures)) {
      line(String.format(
          Locale.ROOT,
          "| %s | %.2f | %s %s | %s |",
          aim.measure(),
          aim.value(),
          aim.atMost() ? "at most" : "at least",
          aim.limit(),
          aim.met() ? "met" : "**missed**"));
    }
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    return String.format(Locale.ROOT, value < 1000 ? "%.1f" : "%,.0f", value);
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
