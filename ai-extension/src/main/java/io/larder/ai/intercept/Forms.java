package io.larder.ai.intercept;

import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds the form that a return type is, without needing Reactor on the class path. */
final class Forms {

  private static final String REACTOR_LEAF = "io.larder.ai.reactor.ReactorForms";

  /** What is no value that could be given again. */
  private static final List<Class<?>> UNFIT = List.of(
      CompletionStage.class,
      Future.class,
      Flow.Publisher.class,
      AutoCloseable.class,
      Iterator.class,
      Enumeration.class,
      OptionalInt.class,
      OptionalLong.class,
      OptionalDouble.class);

  private Forms() {}

  /** The form, or null if the type is of no form, nor a value that can be given again. */
  static @Nullable AnswerForm of(Class<?> type) {
    if (type == CompletionStage.class || type == CompletableFuture.class) {
      return new StageForm();
    }
    if (type == Flow.Publisher.class) {
      return new FlowForm();
    }
    if (isReactive(type)) {
      return reactive(type);
    }
    return isValue(type) ? new PlainForm() : null;
  }

  static boolean isValue(Class<?> type) {
    return !isReactive(type) && UNFIT.stream().noneMatch(unfit -> unfit.isAssignableFrom(type));
  }

  private static boolean isReactive(Class<?> type) {
    if (type.getName().equals("org.reactivestreams.Publisher")) {
      return true;
    }
    for (Class<?> above : type.getInterfaces()) {
      if (isReactive(above)) {
        return true;
      }
    }
    return type.getSuperclass() != null && isReactive(type.getSuperclass());
  }

  @SuppressWarnings("unchecked")
  private static @Nullable AnswerForm reactive(Class<?> type) {
    try {
      return ((Function<Class<?>, @Nullable AnswerForm>)
              Class.forName(REACTOR_LEAF).getConstructor().newInstance())
          .apply(type);
    } catch (ReflectiveOperationException | LinkageError e) {
      return null;
    }
  }
}
