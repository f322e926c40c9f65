/** Presets and settings: plain data, read and validated. */
@NullMarked
package io.larder.config;

import org.jspecify.annotations.NullMarked;
