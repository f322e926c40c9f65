/** Expiry policies, turned into times to live. */
@NullMarked
package io.larder.expiry;

import org.jspecify.annotations.NullMarked;
