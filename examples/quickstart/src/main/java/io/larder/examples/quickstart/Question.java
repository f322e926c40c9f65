package io.larder.examples.quickstart;

import io.larder.examples.quickstart.text.Analysis;
import java.io.Serializable;

/**
 * The cache's key: what is asked, and of which text.
 *
 * <p>Serializable is for other JCache providers; Larder asks for no more than the types given to
 * the cache's configuration.
 *
 * <p>The text goes in as its digest, so a changed document is a new question, and one text under
 * two names is one question.
 *
 * @param analysis the {@link Analysis#id() name} of what is asked
 * @param textDigest SHA-256 of the text, in hexadecimal
 */
record Question(String analysis, String textDigest) implements Serializable {

  static Question about(Document document, Analysis analysis) {
    return new Question(analysis.id(), document.digest());
  }
}
