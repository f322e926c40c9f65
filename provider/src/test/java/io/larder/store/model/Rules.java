package io.larder.store.model;

/** The rules in force: all, or all but one. */
public record Rules(Rule off) {

  public static Rules all() {
    return new Rules(null);
  }

  public static Rules without(Rule rule) {
    return new Rules(rule);
  }

  boolean on(Rule rule) {
    return rule != off;
  }
}
