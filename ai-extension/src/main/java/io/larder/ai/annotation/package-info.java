/** Annotations that say which answers a method gives, stores or takes out. */
@NullMarked
package io.larder.ai.annotation;

import org.jspecify.annotations.NullMarked;
