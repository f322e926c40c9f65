/** Settings of the answer cache: plain data. */
@NullMarked
package io.larder.ai.config;

import org.jspecify.annotations.NullMarked;
