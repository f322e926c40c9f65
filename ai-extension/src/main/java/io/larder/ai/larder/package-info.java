/** The leaf that knows Larder's own provider. */
@NullMarked
package io.larder.ai.larder;

import org.jspecify.annotations.NullMarked;
