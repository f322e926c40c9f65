/** The quickstart: costly questions about real text, answered through a JCache cache. */
@NullMarked
package io.larder.examples.quickstart;

import org.jspecify.annotations.NullMarked;
