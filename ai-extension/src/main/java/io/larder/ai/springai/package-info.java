/** Where Spring AI is: answers of its chat client. */
@NullMarked
package io.larder.ai.springai;

import org.jspecify.annotations.NullMarked;
