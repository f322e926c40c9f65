package io.larder.examples.quickstart;

import io.larder.examples.quickstart.text.Analysis;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.cache.management.CacheStatisticsMXBean;

/** Prints what happened, in at most {@value #WIDTH} columns. */
final class Report {

  static final int WIDTH = 100;

  private static final int ROWS = 12;
  private static final int LABEL = 36;
  private static final String ROW = "  %-36s %6s %9s %9s  %s";

  private final PrintStream out;

  Report(PrintStream out) {
    this.out = out;
  }

  void introduce(Tiers tiers, Library library) {
    int files = library.documents().size() - (library.documents().size() > 1 ? 1 : 0);
    print("%s", tiers.description());
    print(
        "%,d %s, %,d questions about each",
        files, files == 1 ? "document" : "documents", Analysis.values().length);
    library.notes().stream().limit(10).forEach(note -> print("  %s", note));
    if (library.notes().size() > 10) {
      print("  and %,d more such files", library.notes().size() - 10);
    }
  }

  void tell(List<Asked> all, CacheStatisticsMXBean statistics) {
    Map<Question, List<Asked>> byQuestion = all.stream()
        .collect(Collectors.groupingBy(
            asked -> asked.topic().question(), LinkedHashMap::new, Collectors.toList()));
    answers(all);
    table(new ArrayList<>(byQuestion.values()));
    totals(all, byQuestion.size());
    statistics(statistics);
  }

  /** The answers about the document that was asked about most fully; of several, the longest. */
  private void answers(List<Asked> all) {
    Map<Document, Map<Analysis, Answer>> known = new LinkedHashMap<>();
    for (Asked asked : all) {
      known
          .computeIfAbsent(asked.topic().document(), document -> new TreeMap<>())
          .put(asked.topic().analysis(), asked.answer());
    }
    known.entrySet().stream()
        .max(Comparator.<Map.Entry<Document, Map<Analysis, Answer>>>comparingInt(
                entry -> entry.getValue().size())
            .thenComparing(entry -> entry.getKey().text().length()))
        .ifPresent(most -> {
          print("");
          print("What came out for %s", most.getKey().name());
          most.getValue().forEach(this::answer);
        });
  }

  private void answer(Analysis analysis, Answer answer) {
    String name = analysis.id();
    for (String line : answer.lines()) {
      for (String part : wrapped(line, WIDTH - 14)) {
        print("  %-11s %s", name, part);
        name = "";
      }
    }
  }

  private static List<String> wrapped(String line, int width) {
    List<String> parts = new ArrayList<>();
    String rest = line;
    while (rest.length() > width) {
      int space = rest.lastIndexOf(' ', width);
      int end = space > 0 ? space : width;
      parts.add(rest.substring(0, end));
      rest = rest.substring(end).strip();
    }
    parts.add(rest);
    return parts;
  }

  private void table(List<List<Asked>> questions) {
    questions.sort(Comparator.comparingInt(asks -> -asks.size()));
    print("");
    print(ROW, "question", "asked", "first", "repeated", "served by");
    for (List<Asked> asks : questions.subList(0, Math.min(ROWS, questions.size()))) {
      Asked first = asks.get(0);
      long[] repeats = asks.stream().skip(1).mapToLong(Asked::nanos).sorted().toArray();
      print(
          ROW,
          label(first.topic()),
          String.format(Locale.ROOT, "%,d", asks.size()),
          time(first.nanos()),
          repeats.length == 0 ? "-" : time(repeats[repeats.length / 2]),
          servedBy(asks));
    }
    if (questions.size() > ROWS) {
      print(
          "  and %,d questions asked less often; repeated is the median", questions.size() - ROWS);
    } else {
      print("  repeated is the median");
    }
  }

  private void totals(List<Asked> all, int distinct) {
    long computed = all.stream().filter(Asked::computed).count();
    long spent = all.stream().mapToLong(Asked::nanos).sum();
    print("");
    print("%,d asks, %,d different questions: %s", all.size(), distinct, servedBy(all));
    if (computed == 0) {
      print("  a warm start: every answer was there before this run");
    }
    Baseline baseline = Baseline.of(all);
    long price = baseline.totalNanos(all);
    print(
        "  %s with the cache, %s without it: %s saved",
        time(spent), time(price), time(price - spent));
    print(
        baseline.wrong() == 0
            ? "  checked: each cached answer equals a computed one"
            : "  WRONG: %,d cached answers differ from computed ones",
        baseline.wrong());
  }

  private void statistics(CacheStatisticsMXBean bean) {
    print("");
    print("The cache's own statistics (JMX, javax.cache:type=CacheStatistics)");
    print(
        "  gets %,d  hits %,d  misses %,d  hit ratio %.1f %%  puts %,d  evictions %,d",
        bean.getCacheGets(),
        bean.getCacheHits(),
        bean.getCacheMisses(),
        bean.getCacheHitPercentage(),
        bean.getCachePuts(),
        bean.getCacheEvictions());
    print(
        "  average get %s  average put %s",
        time(Math.round(1000.0 * bean.getAverageGetTime())),
        time(Math.round(1000.0 * bean.getAveragePutTime())));
  }

  private static String servedBy(List<Asked> asks) {
    return asks.stream()
        .collect(Collectors.groupingBy(Asked::servedBy, LinkedHashMap::new, Collectors.counting()))
        .entrySet()
        .stream()
        .map(tier -> String.format(Locale.ROOT, "%s %,d", tier.getKey(), tier.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String label(Topic topic) {
    String analysis = topic.analysis().id() + ", ";
    String name = topic.document().name();
    int room = LABEL - analysis.length();
    return analysis
        + (name.length() <= room ? name : "..." + name.substring(name.length() - room + 3));
  }

  private static String time(long nanos) {
    if (Math.abs(nanos) < 1_000_000) {
      return String.format(Locale.ROOT, "%.1f us", nanos / 1e3);
    } else if (Math.abs(nanos) < 1_000_000_000) {
      return String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
    }
    return String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
  }

  private void print(String format, Object... arguments) {
    String line = String.format(Locale.ROOT, format, arguments).stripTrailing();
    out.println(line.length() <= WIDTH ? line : line.substring(0, WIDTH - 3) + "...");
  }
}
