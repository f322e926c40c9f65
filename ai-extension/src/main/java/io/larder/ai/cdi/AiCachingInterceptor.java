package io.larder.ai.cdi;

import io.larder.ai.intercept.AiInterception;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import org.jspecify.annotations.Nullable;

/** Puts the cache around calls of a bean's annotated methods. */
@AiIntercepted
@Interceptor
@Priority(Interceptor.Priority.LIBRARY_BEFORE)
class AiCachingInterceptor {

  private final AiInterception interception;

  @Inject
  AiCachingInterceptor(AiInterception interception) {
    this.interception = interception;
  }

  @AroundInvoke
  @Nullable
  Object around(InvocationContext context) throws Exception {
    try {
      return interception.around(
          context.getMethod(),
          beanClass(context.getTarget().getClass()),
          context.getParameters(),
          context::proceed);
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** The class without what the container has made of it. */
  private static Class<?> beanClass(Class<?> type) {
    Class<?> bean = type;
    while (bean.isSynthetic() && bean.getSuperclass() != Object.class) {
      bean = bean.getSuperclass();
    }
    return bean;
  }
}
