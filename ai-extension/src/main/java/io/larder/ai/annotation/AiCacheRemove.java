package io.larder.ai.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method after which one answer is removed: that to the request that the parameters make,
 * as {@link AiCacheResult} says. Nothing is removed if the method throws. Where the method answers
 * later, the answer is removed then, and before the caller gets to know.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface AiCacheRemove {
  /** What is asked for, such as {@code summarize}. */
  String operation();

  /** The model that is asked, unless a parameter names it. */
  String model() default "";

  /** The version of the answer's structure. */
  String schemaVersion() default "";

  /** Whether the answer is removed before the method is called, whatever comes of it. */
  boolean before() default false;
}
