/** Keys and values as bytes, the types that may pass, and copies for store-by-value. */
@NullMarked
package io.larder.codec;

import org.jspecify.annotations.NullMarked;
