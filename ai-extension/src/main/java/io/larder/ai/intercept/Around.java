package io.larder.ai.intercept;

import io.larder.ai.AiAnswer;
import io.larder.ai.AiCache;
import io.larder.ai.AiRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What an annotation does around a call of its method. Immutable. */
@FunctionalInterface
interface Around {

  /** The call with that around it. */
  @Nullable
  Object around(AiCache cache, @Nullable Object[] arguments, TargetCall target) throws Throwable;

  /** Answers from the cache, or as the request's control says. */
  static Around answering(Requests requests, AnswerForm form, Content content) {
    return (cache, arguments, target) -> {
      AiRequest request = requests.of(arguments);
      return request == null
          ? target.proceed()
          : form.answer(new Ask(cache, request, content, target));
    };
  }

  /** Stores an argument once the method has ended well. */
  static Around storing(Requests requests, AnswerForm form) {
    return (cache, arguments, target) -> {
      AiRequest request = requests.of(arguments);
      AiAnswer<?> answer = answer(requests.argument(Part.VALUE, arguments));
      Object given = target.proceed();
      return request == null || !answer.isComplete()
          ? given
          : form.after(given, new Change(cache, store -> store.put(request, answer)));
    };
  }

  private static AiAnswer<?> answer(@Nullable Object value) {
    if (value instanceof AiAnswer<?> known) {
      return known;
    }
    return AiAnswer.of(value instanceof Optional<?> optional ? optional.orElse(null) : value);
  }

  /** Removes one answer. */
  static Around removing(Requests requests, AnswerForm form, boolean before) {
    return (cache, arguments, target) -> {
      AiRequest request = requests.of(arguments);
      return request == null
          ? target.proceed()
          : changing(new Change(cache, store -> store.remove(request)), form, before, target);
    };
  }

  /** Removes all that is named. */
  static Around removingAll(Removal removal, AnswerForm form, boolean before) {
    return (cache, arguments, target) ->
        changing(new Change(cache, removal.of(arguments)), form, before, target);
  }

  private static @Nullable Object changing(
      Change change, AnswerForm form, boolean before, TargetCall target) throws Throwable {
    if (before) {
      change.now();
      return target.proceed();
    }
    return form.after(target.proceed(), change);
  }

  /** Names what a method removes. */
  record Removal(
      boolean everything,
      List<String> operations,
      List<String> models,
      List<String> tags,
      List<Parameter> parameters) {

    Consumer<AiCache> of(@Nullable Object[] arguments) {
      return cache -> {
        if (everything) {
          cache.clear();
        }
        operations.forEach(cache::invalidateByOperation);
        models.forEach(cache::invalidateByModel);
        tags.forEach(cache::invalidateByTag);
        for (Parameter parameter : parameters) {
          Part part = parameter.part();
          for (String name : part.strings(arguments[parameter.index()])) {
            switch (part) {
              case MODEL -> cache.invalidateByModel(name);
              case TENANT -> cache.invalidateByTenant(name);
              case TAG -> cache.invalidateByTag(name);
              default -> {}
            }
          }
        }
      };
    }
  }
}
