/** The keys that answers stand under: canonical, and the same in every process. */
@NullMarked
package io.larder.ai.key;

import org.jspecify.annotations.NullMarked;
