package io.larder.ai.intercept;

import io.larder.ai.AiControl;
import io.larder.ai.AiRequest;
import io.larder.ai.annotation.AiHistory;
import io.larder.ai.annotation.AiIgnored;
import io.larder.ai.annotation.AiModel;
import io.larder.ai.annotation.AiOption;
import io.larder.ai.annotation.AiSystemPrompt;
import io.larder.ai.annotation.AiTag;
import io.larder.ai.annotation.AiTenant;
import io.larder.ai.annotation.AiText;
import io.larder.ai.annotation.AiValue;
import java.lang.annotation.Annotation;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a parameter is to a request. */
enum Part {
  TEXT(AiText.class),
  OPTION(AiOption.class),
  MODEL(AiModel.class),
  TENANT(AiTenant.class),
  SYSTEM_PROMPT(AiSystemPrompt.class),
  HISTORY(AiHistory.class),
  TAG(AiTag.class),
  VALUE(AiValue.class),
  IGNORED(AiIgnored.class),
  /** Known by its type. */
  CONTROL(AiControl.class);

  private final Class<?> sign;

  Part(Class<?> sign) {
    this.sign = sign;
  }

  /** The part that an annotation says, or null if it says none. */
  static @Nullable Part of(Annotation annotation) {
    for (Part part : values()) {
      if (part.sign == annotation.annotationType()) {
        return part;
      }
    }
    return null;
  }

  /** Its annotation, as one writes it. */
  String shown() {
    return "@" + sign.getSimpleName();
  }

  /** Whether there can be one of it only. */
  boolean isSingle() {
    return this != OPTION && this != TAG && this != IGNORED;
  }

  /** Whether it takes strings alone. */
  boolean isString() {
    return switch (this) {
      case TEXT, MODEL, TENANT, SYSTEM_PROMPT, HISTORY -> true;
      default -> false;
    };
  }

  /**
   * Puts a value into a request.
   *
   * @throws IllegalArgumentException if it cannot be part of one
   */
  void put(AiRequest.Builder request, String name, @Nullable Object value) {
    switch (this) {
      case TEXT -> request.text(value == null ? "" : string(value));
      case OPTION -> request.option(name, value);
      case MODEL -> {
        if (value != null) {
          request.model(string(value));
        }
      }
      case TENANT -> request.tenant(value == null ? null : string(value));
      case SYSTEM_PROMPT -> request.systemPrompt(value == null ? null : string(value));
      case HISTORY -> request.history(value == null ? null : string(value));
      case TAG -> request.tags(strings(value).toArray(String[]::new));
      case VALUE, IGNORED, CONTROL -> {}
    }
  }

  /** The strings that a value of this part consists of. */
  List<String> strings(@Nullable Object value) {
    if (value == null) {
      return List.of();
    }
    return value instanceof Collection<?> several
        ? several.stream().map(this::string).toList()
        : List.of(string(value));
  }

  private String string(Object value) {
    if (value instanceof CharSequence text) {
      return text.toString();
    }
    throw new IllegalArgumentException(
        shown() + " was of " + value.getClass() + " but it must be a string");
  }
}
