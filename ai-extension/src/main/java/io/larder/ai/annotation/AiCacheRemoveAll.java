package io.larder.ai.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method after which all answers go that any of these describes. Parameters with
 * {@link AiModel}, {@link AiTenant} and {@link AiTag} name more. Nothing is removed if the method
 * throws. Where the method answers later, they go then, and before the caller gets to know.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface AiCacheRemoveAll {
  /** Operations. */
  String[] operation() default {};

  /** Models. */
  String[] model() default {};

  /** Tags of the application's own. */
  String[] tags() default {};

  /** Whether all answers of all operations go. */
  boolean everything() default false;

  /** Whether they go before the method is called, whatever comes of it. */
  boolean before() default false;
}
