/** What is counted and timed. */
@NullMarked
package io.larder.stats;

import org.jspecify.annotations.NullMarked;
