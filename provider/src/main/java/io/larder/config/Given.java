package io.larder.config;

/**
 * A checked value and where it came from.
 *
 * @param value of the type that the key's {@link Kind} makes
 * @param source the source as messages name it
 * @param ofUrl whether it is a part of the source's Redis URL, and means nothing beside another URL
 */
record Given(Object value, Rank rank, String source, boolean ofUrl) {

  /** A value that stands for itself. */
  Given(Object value, Rank rank, String source) {
    this(value, rank, source, false);
  }

  /** Whether both were said in one breath: one file, one JSON object, one set of properties. */
  boolean sameSource(Given other) {
    if (rank != other.rank) {
      return false;
    }
    return rank == Rank.SYSTEM_PROPERTY || rank == Rank.CODE || source.equals(other.source);
  }
}
