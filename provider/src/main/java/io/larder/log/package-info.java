/** Messages of caches and managers, above the floor of their settings. */
@NullMarked
package io.larder.log;

import org.jspecify.annotations.NullMarked;
