/** Cache entry listeners: registration, filters, and dispatch in order. */
@NullMarked
package io.larder.event;

import org.jspecify.annotations.NullMarked;
