package io.larder.ai.reactor;

import io.larder.ai.intercept.AnswerForm;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Finds Reactor's forms; loaded by name. */
public final class ReactorForms implements Function<Class<?>, @Nullable AnswerForm> {

  @Override
  public @Nullable AnswerForm apply(Class<?> type) {
    if (type == Mono.class) {
      return new MonoForm();
    }
    return type == Flux.class || type == Publisher.class ? new FluxForm() : null;
  }
}
