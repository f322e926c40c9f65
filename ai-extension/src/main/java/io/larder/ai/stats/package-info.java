/** What the answer cache counts, and what follows from it. */
@NullMarked
package io.larder.ai.stats;

import org.jspecify.annotations.NullMarked;
