package io.larder.ai.cdi;

import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Binds our interceptor to methods that have one of our annotations, wherever they have it from.
 */
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@interface AiIntercepted {

  /** The annotation as a value. */
  final class Literal extends AnnotationLiteral<AiIntercepted> implements AiIntercepted {

    private static final long serialVersionUID = 1L;

    static final Literal INSTANCE = new Literal();
  }
}
