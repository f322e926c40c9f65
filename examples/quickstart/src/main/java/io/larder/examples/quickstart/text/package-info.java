/** Analyses of text: pure functions, no caching. */
@NullMarked
package io.larder.examples.quickstart.text;

import org.jspecify.annotations.NullMarked;
