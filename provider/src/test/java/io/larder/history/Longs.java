package io.larder.history;

import java.util.Arrays;

/** A growing row of numbers. */
final class Longs {

  private long[] numbers = new long[8];
  private int size;

  void add(long number) {
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, size * 2);
    }
    numbers[size++] = number;
  }

  long get(int index) {
    return numbers[index];
  }

  void set(int index, long number) {
    numbers[index] = number;
  }

  int size() {
    return size;
  }

  /** In a row that rises, how many are below, or at, that number. */
  int countUpTo(long limit, boolean inclusive) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (inclusive ? numbers[middle] <= limit : numbers[middle] < limit) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
