package io.larder.ai.intercept;

import io.larder.ai.AiControl;
import io.larder.ai.AiRequest;
import io.larder.ai.annotation.AiCachePut;
import io.larder.ai.annotation.AiCacheRemove;
import io.larder.ai.annotation.AiCacheRemoveAll;
import io.larder.ai.annotation.AiCacheResult;
import io.larder.ai.intercept.Around.Removal;
import io.larder.ai.intercept.Requests.Fixed;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what the annotations of one method want, and tells all the rules that they break. */
final class MethodReader {

  private static final List<Class<? extends Annotation>> OURS =
      List.of(AiCacheResult.class, AiCachePut.class, AiCacheRemove.class, AiCacheRemoveAll.class);

  private final Declarations method;
  private final Annotation annotation;
  private final List<String> faults = new ArrayList<>();

  private MethodReader(Declarations method, Annotation annotation) {
    this.method = method;
    this.annotation = annotation;
  }

  /**
   * What its annotation does, or null if it has none.
   *
   * @throws IllegalArgumentException naming class, method and rule for each rule that is broken
   */
  static @Nullable Around read(Declarations method) {
    for (Method one : method.all()) {
      List<Annotation> found = new ArrayList<>();
      for (Class<? extends Annotation> type : OURS) {
        Annotation annotation = one.getAnnotation(type);
        if (annotation != null) {
          found.add(annotation);
        }
      }
      if (!found.isEmpty()) {
        return new MethodReader(method, found.get(0)).checked(found.size());
      }
    }
    return null;
  }

  private Around checked(int annotations) {
    if (annotations > 1) {
      faults.add("it has " + annotations + " of our annotations but it must have one");
    }
    int modifiers = method.method().getModifiers();
    if (Modifier.isStatic(modifiers) || Modifier.isPrivate(modifiers)) {
      faults.add("it is static or private but nothing intercepts such");
    }
    Around around = around();
    if (!faults.isEmpty() || around == null) {
      throw new IllegalArgumentException(method.shown() + ", @"
          + annotation.annotationType().getSimpleName() + ": " + String.join("; ", faults));
    }
    return around;
  }

  private @Nullable Around around() {
    ParameterReader reader = new ParameterReader(method, faults);
    if (annotation instanceof AiCacheRemoveAll all) {
      return removingAll(all, reader.names());
    }
    List<Parameter> parameters = reader.all();
    ReturnReader returned = new ReturnReader(method, faults);
    if (annotation instanceof AiCacheResult it) {
      refuseValue(parameters);
      AiControl control = age(ttl(AiControl.usual(), it.ttl()), it.maxAge());
      return answering(
          returned,
          requests(
              fixed(it.operation(), it.model(), it.schemaVersion(), it.tags(), control),
              parameters));
    }
    if (annotation instanceof AiCachePut it) {
      AiControl control = ttl(AiControl.usual().withRefresh(), it.ttl());
      return putting(
          returned,
          requests(
              fixed(it.operation(), it.model(), it.schemaVersion(), it.tags(), control),
              parameters));
    }
    AiCacheRemove it = (AiCacheRemove) annotation;
    refuseValue(parameters);
    Requests requests = requests(
        fixed(it.operation(), it.model(), it.schemaVersion(), new String[0], AiControl.usual()),
        parameters);
    AnswerForm form = returned.followed(it.before());
    return form == null ? null : Around.removing(requests, form, it.before());
  }

  private @Nullable Around answering(ReturnReader returned, Requests requests) {
    AnswerForm form = returned.answered();
    Content content = form == null ? null : returned.content(form);
    return form == null || content == null
        ? null
        : Around.answering(requests.answering(content.precise()), form, content);
  }

  private @Nullable Around putting(ReturnReader returned, Requests requests) {
    if (requests.parameters().stream().noneMatch(parameter -> parameter.part() == Part.VALUE)) {
      return answering(returned, requests);
    }
    AnswerForm form = returned.followed(false);
    return form == null ? null : Around.storing(requests, form);
  }

  private @Nullable Around removingAll(AiCacheRemoveAll it, List<Parameter> parameters) {
    for (String operation : it.operation()) {
      operation(operation);
    }
    Removal removal = new Removal(
        it.everything(),
        List.of(it.operation()),
        List.of(it.model()),
        List.of(it.tags()),
        parameters);
    if (!it.everything()
        && it.operation().length + it.model().length + it.tags().length + parameters.size() == 0) {
      faults.add("it names nothing but it must name an operation, model, tenant or tag, or say"
          + " everything = true");
    }
    AnswerForm form = new ReturnReader(method, faults).followed(it.before());
    return form == null ? null : Around.removingAll(removal, form, it.before());
  }

  private void refuseValue(List<Parameter> parameters) {
    if (parameters.stream().anyMatch(parameter -> parameter.part() == Part.VALUE)) {
      faults.add("it has a parameter with @AiValue but only a method with @AiCachePut may");
    }
  }

  private Requests requests(Fixed fixed, List<Parameter> parameters) {
    return new Requests(method.shown(), fixed, parameters);
  }

  private Fixed fixed(
      String operation, String model, String schemaVersion, String[] tags, AiControl control) {
    operation(operation);
    return new Fixed(operation, given(model), given(schemaVersion), List.of(tags), control);
  }

  private static @Nullable String given(String value) {
    return value.isEmpty() ? null : value;
  }

  private void operation(String operation) {
    try {
      AiRequest.of(operation, "");
    } catch (IllegalArgumentException e) {
      faults.add(String.valueOf(e.getMessage()));
    }
  }

  private AiControl ttl(AiControl control, String text) {
    Duration ttl = duration("ttl", text);
    try {
      return ttl == null ? control : control.withTtl(ttl);
    } catch (IllegalArgumentException e) {
      faults.add(String.valueOf(e.getMessage()));
      return control;
    }
  }

  private AiControl age(AiControl control, String text) {
    Duration age = duration("maxAge", text);
    try {
      return age == null ? control : control.withMaxAge(age);
    } catch (IllegalArgumentException e) {
      faults.add(String.valueOf(e.getMessage()));
      return control;
    }
  }

  private @Nullable Duration duration(String name, String text) {
    try {
      return text.isEmpty() ? null : Duration.parse(text);
    } catch (DateTimeParseException e) {
      faults.add(name + " was '" + text + "' but it must be an ISO-8601 duration such as PT2H");
      return null;
    }
  }
}
