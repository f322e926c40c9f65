package io.larder.ai.cdi;

import io.larder.ai.AiCache;
import io.larder.ai.intercept.AiInterception;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.AmbiguousResolutionException;
import jakarta.enterprise.inject.Default;
import jakarta.enterprise.inject.UnsatisfiedResolutionException;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.AfterDeploymentValidation;
import jakarta.enterprise.inject.spi.AnnotatedMethod;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.BeforeBeanDiscovery;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessAnnotatedType;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/**
 * Has the beans of a CDI container use the answer cache where their methods are annotated: binds
 * the interceptor to them, and tells at the start which rules they break. The container needs one
 * bean of type {@code AiCache}, such as one that a producer makes.
 */
public class AiCachingExtension implements Extension {

  private final List<IllegalArgumentException> faults = new ArrayList<>();
  private boolean used;

  void begin(@Observes BeforeBeanDiscovery event) {
    event.addInterceptorBinding(AiIntercepted.class);
    event.addAnnotatedType(AiCachingInterceptor.class, AiCachingInterceptor.class.getName());
  }

  <T> void bind(@Observes ProcessAnnotatedType<T> event) {
    Class<T> type = event.getAnnotatedType().getJavaClass();
    if (type.isInterface() || type.isAnnotation() || type.getName().startsWith("java.")) {
      return;
    }
    AiInterception reader = new AiInterception(() -> {
      throw new IllegalStateException("only read with");
    });
    try {
      if (reader.isAnnotated(type)) {
        used = true;
        event
            .configureAnnotatedType()
            .filterMethods(method -> isAnnotated(reader, method, type))
            .forEach(method -> method.add(AiIntercepted.Literal.INSTANCE));
      }
    } catch (IllegalArgumentException e) {
      faults.add(e);
    }
  }

  private static boolean isAnnotated(
      AiInterception reader, AnnotatedMethod<?> method, Class<?> type) {
    return reader.isAnnotated(method.getJavaMember(), type);
  }

  void add(@Observes AfterBeanDiscovery event, BeanManager beans) {
    faults.forEach(event::addDefinitionError);
    event
        .<AiInterception>addBean()
        .beanClass(AiInterception.class)
        .types(AiInterception.class)
        .qualifiers(Default.Literal.INSTANCE)
        .scope(Singleton.class)
        .produceWith(instance -> new AiInterception(new FoundCache(beans)));
  }

  void check(@Observes AfterDeploymentValidation event, BeanManager beans) {
    if (!used) {
      return;
    }
    try {
      if (beans.resolve(beans.getBeans(AiCache.class)) == null) {
        event.addDeploymentProblem(new UnsatisfiedResolutionException(
            "methods are annotated but there is no bean of type " + AiCache.class.getName()));
      }
    } catch (AmbiguousResolutionException e) {
      event.addDeploymentProblem(e);
    }
  }
}
