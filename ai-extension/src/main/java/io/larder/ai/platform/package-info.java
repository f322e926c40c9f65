/** What the answer cache asks of the JCache provider beyond JSR-107. */
@NullMarked
package io.larder.ai.platform;

import org.jspecify.annotations.NullMarked;
