/** Where Jakarta CDI is: the annotations on its beans. */
@NullMarked
package io.larder.ai.cdi;

import org.jspecify.annotations.NullMarked;
