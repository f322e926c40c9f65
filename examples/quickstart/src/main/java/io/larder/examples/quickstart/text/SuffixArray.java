package io.larder.examples.quickstart.text;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * The sorted suffixes of a sequence of numbers, with the lengths of their common prefixes: whatever
 * occurs more than once in the sequence stands next to itself here.
 *
 * <p>Built by prefix doubling with counting sort (Manber and Myers 1990) and Kasai's algorithm
 * (2001): O(n log n) time and O(n) memory, whatever the text.
 */
final class SuffixArray {

  /** {@code order[i]} is where the i-th smallest suffix begins. */
  final int[] order;

  /** {@code common[i]} is the length that suffixes i - 1 and i begin with in common. */
  final int[] common;

  private final int[] sequence;

  private SuffixArray(int[] sequence, int[] order, int[] common) {
    this.sequence = sequence;
    this.order = order;
    this.common = common;
  }

  /** The suffix array of numbers in 0 .. alphabet - 1. */
  static SuffixArray of(int[] sequence, int alphabet) {
    int[] order = sort(sequence, alphabet);
    return new SuffixArray(sequence, order, commonPrefixes(sequence, order));
  }

  /**
   * A stretch of the sequence that occurs more than once and can't be made longer, to the left or
   * to the right, without losing an occurrence.
   *
   * @param length how long it is
   * @param first where it occurs first
   * @param last where it occurs last
   * @param count how often it occurs, overlapping occurrences included
   */
  record Repeat(int length, int first, int last, int count) {

    /** The length up to which the first and the last occurrence don't overlap. */
    int lengthApart() {
      return Math.min(length, last - first);
    }
  }

  /** Passes on every maximal repeat, by one walk over the tree of common prefixes. */
  void forEachRepeat(Consumer<Repeat> action) {
    Deque<Node> open = new ArrayDeque<>();
    open.push(new Node(0));
    for (int i = 1; i <= order.length; i++) {
      int shared = i < order.length ? common[i] : 0;
      Node child = leaf(order[i - 1]);
      while (open.getFirst().length > shared) {
        Node closed = open.pop();
        closed.adopt(child);
        if (closed.left == Node.MIXED) {
          action.accept(new Repeat(closed.length, closed.first, closed.last, closed.count));
        }
        child = closed;
      }
      if (open.getFirst().length < shared) {
        open.push(new Node(shared));
      }
      open.getFirst().adopt(child);
    }
  }

  private Node leaf(int position) {
    Node leaf = new Node(Integer.MAX_VALUE);
    leaf.first = position;
    leaf.last = position;
    leaf.count = 1;
    leaf.left = position == 0 ? Node.MIXED : sequence[position - 1];
    return leaf;
  }

  /** The suffixes that begin with the same {@code length} numbers. */
  private static final class Node {

    static final int NONE = -2;
    static final int MIXED = -1;

    final int length;
    int first = Integer.MAX_VALUE;
    int last = -1;
    int count;
    int left = NONE;

    Node(int length) {
      this.length = length;
    }

    void adopt(Node child) {
      first = Math.min(first, child.first);
      last = Math.max(last, child.last);
      count += child.count;
      left = left == NONE || left == child.left ? child.left : MIXED;
    }
  }

  private static int[] sort(int[] sequence, int alphabet) {
    int n = sequence.length;
    int[] order = new int[n];
    int[] rank = sequence.clone();
    int[] byTail = new int[n];
    for (int i = 0; i < n; i++) {
      byTail[i] = i;
    }
    int classes = alphabet;
    int[] starts = new int[Math.max(alphabet, n) + 1];
    for (int length = 0; ; length = Math.max(1, 2 * length)) {
      if (length > 0) {
        orderByTail(order, length, byTail);
      }
      countingSort(byTail, rank, classes, starts, order);
      int[] refined = byTail;
      classes = refine(order, rank, length, refined);
      byTail = rank;
      rank = refined;
      if (classes == n || length >= n) {
        return order;
      }
    }
  }

  /** The positions in the order of what follows {@code length} further on, from the last order. */
  private static void orderByTail(int[] order, int length, int[] byTail) {
    int n = order.length;
    int next = 0;
    for (int i = Math.max(0, n - length); i < n; i++) {
      byTail[next++] = i;
    }
    for (int position : order) {
      if (position >= length) {
        byTail[next++] = position - length;
      }
    }
  }

  private static void countingSort(int[] items, int[] key, int classes, int[] starts, int[] into) {
    Arrays.fill(starts, 0, classes + 1, 0);
    for (int item : items) {
      starts[key[item] + 1]++;
    }
    for (int c = 0; c < classes; c++) {
      starts[c + 1] += starts[c];
    }
    for (int item : items) {
      into[starts[key[item]]++] = item;
    }
  }

  /** Numbers the positions by their first {@code 2 * length} elements (one, for 0). */
  private static int refine(int[] order, int[] rank, int length, int[] refined) {
    int classes = 0;
    for (int i = 0; i < order.length; i++) {
      if (i > 0 && !equal(order[i - 1], order[i], rank, length)) {
        classes++;
      }
      refined[order[i]] = classes;
    }
    return order.length == 0 ? 0 : classes + 1;
  }

  private static boolean equal(int a, int b, int[] rank, int length) {
    int tailA = a + length < rank.length ? rank[a + length] : -1;
    int tailB = b + length < rank.length ? rank[b + length] : -1;
    return rank[a] == rank[b] && tailA == tailB;
  }

  private static int[] commonPrefixes(int[] sequence, int[] order) {
    int n = sequence.length;
    int[] place = new int[n];
    for (int i = 0; i < n; i++) {
      place[order[i]] = i;
    }
    int[] common = new int[n];
    int length = 0;
    for (int i = 0; i < n; i++) {
      if (place[i] == 0) {
        length = 0;
        continue;
      }
      int before = order[place[i] - 1];
      while (i + length < n
          && before + length < n
          && sequence[i + length] == sequence[before + length]) {
        length++;
      }
      common[place[i]] = length;
      length = Math.max(0, length - 1);
    }
    return common;
  }
}
