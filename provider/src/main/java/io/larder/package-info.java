/**
 * The {@code javax.cache} surface of Larder: provider, manager, cache, and the engine that runs
 * every operation.
 */
@NullMarked
package io.larder;

import org.jspecify.annotations.NullMarked;
