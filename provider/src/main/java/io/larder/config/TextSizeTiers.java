package io.larder.config;

/**
 * Boundaries between sizes of text, in code points: a text of exactly a boundary is in the tier
 * above.
 */
public record TextSizeTiers(int small, int medium, int large) {}
