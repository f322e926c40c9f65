package io.larder.ai.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that is always called, and whose answer is stored in place of any other: what it
 * returns, or, once it has returned, its parameter with {@link AiValue}. For the rest it is as
 * {@link AiCacheResult} says.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface AiCachePut {
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
}
