package io.larder.ai.spring;

import io.larder.ai.AiCache;
import java.util.Map;
import java.util.Objects;
import org.springframework.aop.config.AopConfigUtils;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.type.AnnotationMetadata;

/** Registers the advisor, and Spring's creator of proxies if it is not there yet. */
final class AiCachingRegistrar implements ImportBeanDefinitionRegistrar {

  private static final String NAME = AiCachingAdvisor.class.getName();

  @Override
  public void registerBeanDefinitions(
      AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
    Map<String, ?> wanted = Objects.requireNonNull(
        metadata.getAnnotationAttributes(EnableAiCaching.class.getName()), "EnableAiCaching");
    AopConfigUtils.registerAutoProxyCreatorIfNecessary(registry);
    if (Boolean.TRUE.equals(wanted.get("proxyTargetClass"))) {
      AopConfigUtils.forceAutoProxyCreatorToUseClassProxying(registry);
    }
    if (!registry.containsBeanDefinition(NAME)) {
      int order = (Integer) Objects.requireNonNull(wanted.get("order"), "order");
      ConfigurableListableBeanFactory beans = (ConfigurableListableBeanFactory) registry;
      registry.registerBeanDefinition(
          NAME,
          BeanDefinitionBuilder.genericBeanDefinition(
                  AiCachingAdvisor.class,
                  () -> new AiCachingAdvisor(beans.getBeanProvider(AiCache.class), order))
              .setRole(BeanDefinition.ROLE_INFRASTRUCTURE)
              .getBeanDefinition());
    }
  }
}
