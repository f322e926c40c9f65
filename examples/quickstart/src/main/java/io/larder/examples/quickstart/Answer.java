package io.larder.examples.quickstart;

import java.io.Serializable;
import java.util.List;

/**
 * The cache's value: what came out.
 *
 * @param lines the answer, to be shown
 */
record Answer(List<String> lines) implements Serializable {

  Answer {
    lines = List.copyOf(lines);
  }
}
