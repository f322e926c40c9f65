/** Services of three kinds that cache the answers of models; docs/ai.md shows their code. */
@NullMarked
package io.larder.examples.answers.recipes;

import org.jspecify.annotations.NullMarked;
