/** Where Spring is: the annotations on its beans. */
@NullMarked
package io.larder.ai.spring;

import org.jspecify.annotations.NullMarked;
