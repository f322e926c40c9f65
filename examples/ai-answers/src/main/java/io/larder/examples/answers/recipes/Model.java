package io.larder.examples.answers.recipes;

import java.io.IOException;

/** A model as the recipes call it. */
@FunctionalInterface
public interface Model {

  /** Asks the model to follow instructions on a text. */
  String ask(String instructions, String text) throws IOException;
}
