package io.larder.config;

/**
 * A checked value and where it came from.
 *
 * @param value of the type that the key's {@link Kind} makes
 * @param source the source as messages name it
 */
record Given(Object value, Rank rank, String source) {

  /** Whether both were said in one breath: one file, one JSON object, one set of properties. */
  boolean sameSource(Given other) {
    if (rank != other.rank) {
      return false;
    }
    return rank == Rank.SYSTEM_PROPERTY || rank == Rank.CODE || source.equals(other.source);
  }
}
