/** LangChain4j's models with their answers cached. */
@NullMarked
package io.larder.ai.langchain4j;

import org.jspecify.annotations.NullMarked;
