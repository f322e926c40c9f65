package io.larder.ai.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;

/**
 * Has the beans of a Spring context use the answer cache where their methods are annotated. The
 * context needs one bean of type {@code AiCache} (or a primary one). Beans get proxies of Spring's
 * kind, so calls that a bean makes on itself go by the cache.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Import(AiCachingRegistrar.class)
public @interface EnableAiCaching {

  /** Whether proxies are subclasses even where a bean has interfaces. */
  boolean proxyTargetClass() default false;

  /** The place among a bean's advisors. */
  int order() default Ordered.LOWEST_PRECEDENCE;
}
