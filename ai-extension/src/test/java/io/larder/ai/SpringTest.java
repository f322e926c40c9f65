package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.ai.annotation.AiCacheRemove;
import io.larder.ai.annotation.AiCacheResult;
import io.larder.ai.annotation.AiOption;
import io.larder.ai.annotation.AiText;
import io.larder.ai.spring.EnableAiCaching;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.aop.Advisor;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import reactor.core.publisher.Flux;

/** The annotations on beans of a Spring context. */
final class SpringTest {

  interface Summaries {
    @AiCacheResult(operation = "summarize")
    String summarize(@AiText String text) throws IOException;
  }

  static class InterfaceBean implements Summaries {
    private final AtomicInteger calls = new AtomicInteger();

    @Override
    public String summarize(String text) throws IOException {
      if (text.equals("bad")) {
        throw new IOException("bad " + calls.incrementAndGet());
      }
      return text + " " + calls.incrementAndGet();
    }
  }

  static class ClassBean {
    private final AtomicInteger calls = new AtomicInteger();

    @AiCacheResult(operation = "qa")
    String ask(@AiText String text, @AiOption int topic) {
      return text + " " + calls.incrementAndGet();
    }

    @AiCacheResult(operation = "qa")
    CompletionStage<String> askLater(@AiText String text, @AiOption int topic) {
      return CompletableFuture.completedFuture(ask(text, topic));
    }

    @AiCacheResult(operation = "stream")
    Flux<String> stream(@AiText String text) {
      return Flux.just(text, " " + calls.incrementAndGet());
    }

    @AiCacheRemove(operation = "qa")
    void forget(@AiText String text, @AiOption int topic) {}

    String onItself(String text) {
      return ask(text, 0) + ask(text, 0);
    }
  }

  @Configuration
  static class Parts {
    @Bean(destroyMethod = "close")
    AiCaches caches() {
      return AiCaches.in(Place.HEAP, null);
    }

    @Bean
    AiCache answers(AiCaches caches) {
      return caches.cache();
    }

    @Bean
    Summaries summaries() {
      return new InterfaceBean();
    }

    @Bean
    ClassBean asker() {
      return new ClassBean();
    }
  }

  @Configuration
  @EnableAiCaching
  static class Usual extends Parts {}

  @Configuration
  @EnableAiCaching(proxyTargetClass = true)
  static class Subclassing extends Parts {}

  /** Another interceptor, between ours and the bean. */
  @Configuration
  @EnableAiCaching(order = 0)
  static class WithAnother extends Parts {
    final AtomicInteger passed = new AtomicInteger();

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    Advisor another() {
      MethodInterceptor counting = invocation -> {
        passed.incrementAndGet();
        return invocation.proceed();
      };
      DefaultPointcutAdvisor advisor = new DefaultPointcutAdvisor(
          new AnnotationMatchingPointcut(null, AiCacheResult.class), counting);
      advisor.setOrder(10);
      return advisor;
    }
  }

  @Configuration
  @EnableAiCaching
  static class NoCache {
    @Bean
    ClassBean asker() {
      return new ClassBean();
    }
  }

  static class Broken {
    @AiCacheResult(operation = "qa")
    String ask(String text) {
      return text;
    }

    @AiCacheResult(operation = "")
    String another(@AiText String text) {
      return text;
    }
  }

  @Configuration
  @EnableAiCaching
  static class WithBroken extends Parts {
    @Bean
    Broken broken() {
      return new Broken();
    }
  }

  private AnnotationConfigApplicationContext context;

  private void start(Class<?> configuration) {
    context = new AnnotationConfigApplicationContext(configuration);
  }

  @AfterEach
  void close() {
    if (context != null) {
      context.close();
    }
  }

  @Test
  void interfaceProxies() throws Exception {
    start(Usual.class);
    Summaries bean = context.getBean(Summaries.class);
    assertThat(AopUtils.isJdkDynamicProxy(bean)).isTrue();
    useSummaries(bean);
  }

  @Test
  void classProxies() throws Exception {
    start(Subclassing.class);
    Summaries bean = context.getBean(Summaries.class);
    assertThat(AopUtils.isCglibProxy(bean)).isTrue();
    assertThat(bean).isInstanceOf(InterfaceBean.class);
    useSummaries(bean);
  }

  private void useSummaries(Summaries bean) throws Exception {
    assertThat(bean.summarize("t")).isEqualTo("t 1");
    assertThat(bean.summarize("t")).isEqualTo("t 1");
    AiCache cache = context.getBean(AiCache.class);
    assertThat(cache.get(AiRequest.of("summarize", "t"))).isPresent();
    assertThatThrownBy(() -> bean.summarize("bad"))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("bad 2");
  }

  @Test
  void beansWithoutInterfaces() {
    start(Usual.class);
    ClassBean bean = context.getBean(ClassBean.class);
    assertThat(AopUtils.isCglibProxy(bean)).isTrue();
    assertThat(bean.ask("t", 1)).isEqualTo("t 1");
    assertThat(bean.ask("t", 1)).isEqualTo("t 1");
    assertThat(bean.ask("t", 2)).isEqualTo("t 2");
    bean.forget("t", 1);
    assertThat(bean.askLater("t", 1).toCompletableFuture().join()).isEqualTo("t 3");
    assertThat(bean.ask("t", 1)).isEqualTo("t 3");
    Flux<String> stream = bean.stream("s");
    assertThat(stream.collectList().block()).containsExactly("s", " 4");
    assertThat(stream.collectList().block()).containsExactly("s", " 4");
    assertThat(bean.onItself("self")).isEqualTo("self 5self 6");
  }

  @Test
  void eachSubscriptionCallsAnew() {
    start(WithAnother.class);
    Flux<String> stream = context.getBean(ClassBean.class).stream("s");
    assertThat(stream.collectList().block()).containsExactly("s", " 1");
    context.getBean(AiCache.class).clear();
    assertThat(stream.collectList().block()).containsExactly("s", " 2");
    assertThat(context.getBean(WithAnother.class).passed).hasValue(2);
  }

  @Test
  void failsAtItsStart() {
    assertThatThrownBy(() -> start(NoCache.class))
        .isInstanceOf(NoSuchBeanDefinitionException.class)
        .hasMessageContaining("AiCache");
    assertThatThrownBy(() -> start(WithBroken.class))
        .hasMessageContaining("'broken'")
        .hasStackTraceContaining(Broken.class.getName() + ".ask(String), @AiCacheResult: ")
        .hasStackTraceContaining("no parameter with @AiText")
        .hasStackTraceContaining(Broken.class.getName() + ".another(String), @AiCacheResult: ");
  }
}
