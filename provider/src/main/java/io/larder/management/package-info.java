/** JMX beans of caches. */
@NullMarked
package io.larder.management;

import org.jspecify.annotations.NullMarked;
