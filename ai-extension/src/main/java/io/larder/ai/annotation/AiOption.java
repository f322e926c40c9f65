package io.larder.ai.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a parameter that changes the answer: whatever {@code AiRequest.Builder.option} takes. The
 * parameter's order does not matter, its name does.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface AiOption {

  /** The option's name; the parameter's own if empty, for which javac needs {@code -parameters}. */
  String value() default "";
}
