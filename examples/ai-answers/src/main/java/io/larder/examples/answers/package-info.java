/** A document assistant whose answers of a model are cached. */
@NullMarked
package io.larder.examples.answers;

import org.jspecify.annotations.NullMarked;
