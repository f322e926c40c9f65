/** Answers of AI models, cached in any JCache provider. */
@NullMarked
package io.larder.ai;

import org.jspecify.annotations.NullMarked;
