package io.larder.ai.intercept;

import io.larder.ai.AiControl;
import io.larder.ai.AiRequest;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the requests of one method.
 *
 * @param where the method, as messages name it
 * @param fixed what its annotation says
 * @param parameters what its arguments add
 * @param answerType what its answers are, where their class does not say all of it
 */
record Requests(
    String where,
    Fixed fixed,
    List<Parameter> parameters,
    @Nullable Type answerType) {

  Requests(String where, Fixed fixed, List<Parameter> parameters) {
    this(where, fixed, parameters, null);
  }

  /** The same for answers of that type. */
  Requests answering(@Nullable Type precise) {
    return new Requests(where, fixed, parameters, precise);
  }

  /** What is the same for all requests of a method. */
  record Fixed(
      String operation,
      @Nullable String model,
      @Nullable String schemaVersion,
      List<String> tags,
      AiControl control) {}

  /** The request that these arguments make, or null if they have no text. */
  @Nullable
  AiRequest of(@Nullable Object[] arguments) {
    AiRequest.Builder request = AiRequest.builder(fixed.operation())
        .model(fixed.model())
        .schemaVersion(fixed.schemaVersion())
        .tags(fixed.tags().toArray(String[]::new))
        .control(fixed.control())
        .answerType(answerType);
    for (Parameter parameter : parameters) {
      Object value = arguments[parameter.index()];
      if (value == null && parameter.part() == Part.TEXT) {
        return null;
      }
      if (value != null && parameter.part() == Part.CONTROL) {
        request.control(merged((AiControl) value));
      }
      put(request, parameter, value);
    }
    return request.build();
  }

  private void put(AiRequest.Builder request, Parameter parameter, @Nullable Object value) {
    try {
      parameter.part().put(request, parameter.name(), value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
    }
  }

  /** What the call says, and for the rest what the annotation says. */
  private AiControl merged(AiControl given) {
    AiControl usual = fixed.control();
    return new AiControl(
        given.refresh() || usual.refresh(),
        given.noStore(),
        given.readOnly(),
        given.maxAge().or(usual::maxAge),
        given.ttl().or(usual::ttl));
  }

  /** The argument of the only parameter of that part, if there is one. */
  @Nullable
  Object argument(Part part, @Nullable Object[] arguments) {
    for (Parameter parameter : parameters) {
      if (parameter.part() == part) {
        return arguments[parameter.index()];
      }
    }
    return null;
  }
}
