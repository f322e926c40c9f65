/** What adapters of several AI libraries have in common. */
@NullMarked
package io.larder.ai.adapter;

import org.jspecify.annotations.NullMarked;
