package io.larder.ai.intercept;

import io.larder.ai.AiControl;
import io.larder.ai.annotation.AiOption;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what the parameters of one method are to its requests. */
final class ParameterReader {

  private final Declarations method;
  private final List<String> faults;

  ParameterReader(Declarations method, List<String> faults) {
    this.method = method;
    this.faults = faults;
  }

  /** The parameters of a method that makes requests; each of them has to be something. */
  List<Parameter> all() {
    List<Parameter> all = new ArrayList<>();
    Set<Part> single = EnumSet.noneOf(Part.class);
    Set<String> options = new HashSet<>();
    for (int i = 0; i < method.method().getParameterCount(); i++) {
      Parameter parameter = parameter(i);
      if (parameter == null) {
        continue;
      }
      Part part = parameter.part();
      if (part.isSingle() && !single.add(part)) {
        faults.add("it has two parameters that are " + part.shown() + " but it must have one");
      }
      if (part == Part.OPTION && !options.add(parameter.name())) {
        faults.add("it has two options named '" + parameter.name() + "'");
      }
      all.add(parameter);
    }
    if (!single.contains(Part.TEXT)) {
      faults.add("it has no parameter with @AiText but it must have one");
    }
    return all;
  }

  /** The parameters that name answers to remove; others do not matter. */
  List<Parameter> names() {
    List<Parameter> names = new ArrayList<>();
    for (int i = 0; i < method.method().getParameterCount(); i++) {
      Part part = method.onParameter(i).isEmpty() ? null : part(i);
      if (part == Part.MODEL || part == Part.TENANT || part == Part.TAG) {
        checkType(i, part);
        names.add(new Parameter(i, part, ""));
      }
    }
    return names;
  }

  private @Nullable Parameter parameter(int index) {
    Part part = part(index);
    if (part == null) {
      return null;
    }
    checkType(index, part);
    return new Parameter(index, part, part == Part.OPTION ? option(index) : "");
  }

  private @Nullable Part part(int index) {
    List<Annotation> ours = method.onParameter(index);
    if (ours.size() > 1) {
      faults.add(shown(index) + " has " + ours.size() + " of our annotations but it must have one");
    }
    if (!ours.isEmpty()) {
      return Part.of(ours.get(0));
    }
    if (method.parameterType(index) == AiControl.class) {
      return Part.CONTROL;
    }
    faults.add(
        shown(index) + " has none of our annotations: @AiIgnored says that it does not change"
            + " the answer, @AiOption that it does");
    return null;
  }

  private void checkType(int index, Part part) {
    Class<?> type = method.parameterType(index);
    boolean fits = type == Object.class
        || (!part.isString() && part != Part.TAG)
        || CharSequence.class.isAssignableFrom(type)
        || (part == Part.TAG && Collection.class.isAssignableFrom(type));
    if (!fits) {
      faults.add(shown(index) + " is " + part.shown() + " but its type must be a string");
    }
    if (part == Part.VALUE && !Forms.isValue(type)) {
      faults.add(shown(index) + " is @AiValue but its type must be one of plain values");
    }
  }

  private String option(int index) {
    for (Annotation annotation : method.onParameter(index)) {
      if (annotation instanceof AiOption option && !option.value().isEmpty()) {
        return option.value();
      }
    }
    String name = method.parameterName(index);
    if (name == null) {
      faults.add(
          shown(index) + " is an @AiOption without a name: give one, or compile with -parameters");
      return "#" + index;
    }
    return name;
  }

  private String shown(int index) {
    return "parameter " + (index + 1) + " (" + method.parameterType(index).getSimpleName() + ")";
  }
}
