package io.larder.ai.intercept;

import io.larder.ai.AiAnswer;
import io.larder.ai.AiChunk;
import io.larder.ai.AiResult;
import io.larder.ai.intercept.Content.Wrapping;
import java.lang.invoke.MethodType;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what one method returns: its form, and what is in it. */
final class ReturnReader {

  private final Type returned;
  private final List<String> faults;

  ReturnReader(Declarations method, List<String> faults) {
    this.returned = method.returned();
    this.faults = faults;
  }

  /** The form that answers can be given in, or null. */
  @Nullable
  AnswerForm answered() {
    Class<?> type = raw(returned);
    if (isVoid(type)) {
      faults.add("it returns nothing but it must return an answer");
      return null;
    }
    AnswerForm form = Forms.of(type);
    if (form == null) {
      faults.add("it returns " + type.getName() + " but it must return a value, an Optional, a"
          + " CompletionStage, a CompletableFuture, a Flow.Publisher, or Reactor's Mono or Flux");
    }
    return form;
  }

  /** The form after which something can be done, or null. */
  @Nullable
  AnswerForm followed(boolean before) {
    AnswerForm form = Forms.of(raw(returned));
    if (!before && (form == null || !form.ends())) {
      faults.add("it returns " + raw(returned).getName()
          + " but nobody can tell when that has ended: say before = true, or return a value, a"
          + " CompletionStage, or Reactor's Mono or Flux");
      return null;
    }
    return form == null ? new PlainForm() : form;
  }

  /** What is in a form, or null. */
  @Nullable
  Content content(AnswerForm form) {
    Type inner = form instanceof PlainForm ? returned : element(returned);
    Class<?> type = raw(inner);
    Wrapping wrapping = wrapping(type, form.streams());
    if (wrapping != Wrapping.NONE) {
      inner = element(inner);
      type = raw(inner);
    }
    boolean nested = wrapping(type, form.streams()) != Wrapping.NONE;
    if (isVoid(type) || nested || type == AiResult.class || !Forms.isValue(type)) {
      faults.add("it gives " + returned.getTypeName() + " but " + type.getName()
          + " is nothing that can be stored as an answer");
      return null;
    }
    if (form.streams() && (type == Optional.class || type == AiAnswer.class)) {
      faults.add(
          "it gives " + returned.getTypeName() + " but a stream must be of pieces or of AiChunks");
      return null;
    }
    return new Content(boxed(type), wrapping, inner instanceof Class ? null : inner);
  }

  private static Wrapping wrapping(Class<?> type, boolean streams) {
    if (streams) {
      return type == AiChunk.class ? Wrapping.CHUNK : Wrapping.NONE;
    }
    if (type == Optional.class) {
      return Wrapping.OPTIONAL;
    }
    return type == AiAnswer.class ? Wrapping.ANSWER : Wrapping.NONE;
  }

  private static boolean isVoid(Class<?> type) {
    return type == void.class || type == Void.class;
  }

  @SuppressWarnings("unchecked")
  private static Class<Object> boxed(Class<?> type) {
    return (Class<Object>) MethodType.methodType(type).wrap().returnType();
  }

  private static Type element(Type type) {
    return type instanceof ParameterizedType precise
        ? precise.getActualTypeArguments()[0]
        : Object.class;
  }

  private static Class<?> raw(Type type) {
    if (type instanceof Class<?> known) {
      return known;
    }
    if (type instanceof ParameterizedType precise) {
      return (Class<?>) precise.getRawType();
    }
    if (type instanceof WildcardType any) {
      return raw(any.getUpperBounds()[0]);
    }
    if (type instanceof TypeVariable<?> open) {
      return raw(open.getBounds()[0]);
    }
    return raw(((GenericArrayType) type).getGenericComponentType()).arrayType();
  }
}
