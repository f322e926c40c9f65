package io.larder.examples.quickstart;

import io.larder.examples.quickstart.text.Analysis;

/**
 * One thing to ask about one document.
 *
 * @param document the text
 * @param analysis what to ask about it
 */
record Topic(Document document, Analysis analysis) {

  Question question() {
    return Question.about(document, analysis);
  }

  Answer compute() {
    return new Answer(analysis.answer(document.text()));
  }
}
