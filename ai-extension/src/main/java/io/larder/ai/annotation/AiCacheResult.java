package io.larder.ai.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method whose answer comes from the answer cache, and which is called only if there is
 * none. What it throws passes through untouched and is never stored.
 *
 * <p>One parameter is the {@link AiText}; all others say with an annotation what they are, or are
 * of type {@code AiControl}. The method returns the answer, an {@code Optional} or an
 * {@code AiAnswer} of it; such in a {@code CompletionStage}, {@code CompletableFuture} or Reactor's
 * {@code Mono}; or pieces of it (or {@code AiChunk}s) in a {@code Flow.Publisher} or {@code Flux}.
 * Where it answers later, it is called on a thread of the answer cache.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface AiCacheResult {
  /** What is asked for, such as {@code summarize}. */
  String operation();

  /** The model that is asked, unless a parameter names it. */
  String model() default "";

  /** The version of the answer's structure. */
  String schemaVersion() default "";

  /** How long an answer lives, in ISO-8601 ({@code PT2H}); the operation's time if empty. */
  String ttl() default "";

  /** Names by which the answer can be invalidated. */
  String[] tags() default {};

  /** How old an answer may be that is taken, in ISO-8601; any age if empty. */
  String maxAge() default "";
}
