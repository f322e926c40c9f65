/** The leaf that knows Micrometer. */
@NullMarked
package io.larder.ai.micrometer;

import org.jspecify.annotations.NullMarked;
