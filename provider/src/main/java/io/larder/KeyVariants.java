package io.larder;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;

/**
 * Whether text keys of a cache differ from each other by case or by spaces alone.
 *
 * @param seen keys looked at
 * @param split those that have such a twin among the others
 * @param example two of them, shortened; empty if there are none
 */
record KeyVariants(int seen, int split, String example) {

  private static final int MOST = 1_000;
  private static final int SHOWN = 40;

  /** Among the first keys of those entries. */
  static KeyVariants among(Iterator<? extends Map.Entry<?, ?>> entries) {
    Map<String, String> firsts = new HashMap<>();
    int seen = 0;
    int split = 0;
    String example = "";
    while (seen < MOST && entries.hasNext()) {
      Object key = entries.next().getKey();
      seen++;
      if (key instanceof CharSequence text) {
        String given = text.toString();
        String form = given.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
        String first = firsts.putIfAbsent(form, given);
        if (first != null) {
          split++;
          example = example.isEmpty() ? quoted(first) + " and " + quoted(given) : example;
        }
      }
    }
    return new KeyVariants(seen, split, example);
  }

  private static String quoted(String key) {
    return '"' + (key.length() > SHOWN ? key.substring(0, SHOWN) + "..." : key) + '"';
  }
}
