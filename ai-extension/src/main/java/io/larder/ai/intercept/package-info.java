/** What the annotations do around a call of a method, for whichever framework intercepts it. */
@NullMarked
package io.larder.ai.intercept;

import org.jspecify.annotations.NullMarked;
