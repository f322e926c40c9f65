/** Where Reactor is: answers as {@code Mono} and {@code Flux}. */
@NullMarked
package io.larder.ai.reactor;

import org.jspecify.annotations.NullMarked;
