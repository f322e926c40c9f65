package io.larder.examples.quickstart;

/**
 * One question, asked and answered.
 *
 * @param nanos how long the answer took to come, from wherever it came
 * @param servedBy where it came from: {@link Tiers#COMPUTED} or the name of a tier
 */
record Asked(Topic topic, Answer answer, long nanos, String servedBy) {

  boolean computed() {
    return servedBy.equals(Tiers.COMPUTED);
  }
}
