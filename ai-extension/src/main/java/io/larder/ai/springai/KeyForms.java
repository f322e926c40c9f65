package io.larder.ai.springai;

import io.larder.ai.adapter.Fields;
import io.larder.ai.adapter.UnknownException;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.URL;
import java.nio.charset.Charset;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AbstractMessage;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.content.Media;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.DefaultToolDefinition;
import org.springframework.ai.tool.definition.ToolDefinition;
import org.springframework.util.MimeType;

/**
 * Takes what a chat request consists of apart into values that keys have a form for.
 *
 * <h2>Known wholly, or refused</h2>
 *
 * Values stay, containers are taken apart, and an object of any other class is its class' name and
 * all its fields, at every depth; so two that differ in anything never look alike. Code (lambdas,
 * proxies) and objects of the JDK's own have no such form: they are refused, and the call bypasses
 * the cache. Left out is what no model sees or what says nothing: a tool is what the model is told
 * of it, the context of tools is for tools, a name that {@link Media} made up is no name. Texts of
 * messages other than the system's are gathered in {@link #text}; their lengths stay in their
 * place, so that it is known where each begins.
 */
final class KeyForms {

  private static final int MAX_DEPTH = 40;
  private static final Pattern MADE_UP_NAME =
      Pattern.compile("media-.*-\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  private final Set<String> ignored;
  private final StringBuilder text = new StringBuilder();
  private @Nullable Object top;

  /**
   * Leaves out what has those names among the fields of the object that is asked for, or in the
   * metadata of messages; deeper down there may be others of that name.
   */
  KeyForms(Set<String> ignored) {
    this.ignored = ignored;
  }

  /** An object of that class; no container of an application's own is equal to it. */
  private record Shape(String type, Object content) {}

  /** The texts so far, one behind the other. */
  String text() {
    return text.toString();
  }

  /** A value's form. */
  @Nullable
  Object of(@Nullable Object value) throws UnknownException {
    top = value;
    return form(value, 0);
  }

  private @Nullable Object form(@Nullable Object value, int depth) throws UnknownException {
    if (depth > MAX_DEPTH) {
      throw new UnknownException("something has more than " + MAX_DEPTH + " levels");
    }
    if (value == null || isValue(value)) {
      return value;
    }
    if (value instanceof Map<?, ?> map) {
      return map(map, depth + 1);
    }
    if (value instanceof Set<?> set) {
      return set(set, depth + 1);
    }
    if (value instanceof Collection<?> several) {
      return each(several, depth + 1);
    }
    if (value instanceof Optional<?> optional) {
      return Optional.ofNullable(form(optional.orElse(null), depth + 1));
    }
    if (value.getClass().isArray()) {
      return array(value, depth + 1);
    }
    Object known = known(value, depth + 1);
    return known == null ? object(value, depth + 1) : known;
  }

  private static boolean isValue(Object value) {
    return value instanceof String
        || value instanceof Boolean
        || value instanceof Character
        || value instanceof Enum<?>
        || value instanceof Number
        || value instanceof UUID
        || value instanceof URI
        || value instanceof Currency
        || value instanceof ZoneId
        || value.getClass().getPackageName().equals("java.time");
  }

  private Map<Object, @Nullable Object> map(Map<?, ?> map, int depth) throws UnknownException {
    Map<Object, @Nullable Object> forms = new HashMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      Object key = entry.getKey();
      if (key == null || !isValue(key)) {
        throw new UnknownException("a map has keys that are no values");
      }
      forms.put(key, form(entry.getValue(), depth));
    }
    return forms;
  }

  private Set<@Nullable Object> set(Set<?> set, int depth) throws UnknownException {
    Set<@Nullable Object> forms = new HashSet<>(each(set, depth));
    if (forms.size() != set.size()) {
      throw new UnknownException("a set has elements that look alike");
    }
    return forms;
  }

  private List<@Nullable Object> each(Collection<?> elements, int depth) throws UnknownException {
    List<@Nullable Object> forms = new ArrayList<>();
    for (Object element : elements) {
      forms.add(form(element, depth));
    }
    return forms;
  }

  private Object array(Object array, int depth) throws UnknownException {
    Class<?> type = array.getClass().getComponentType();
    if (type.isPrimitive()) {
      return array;
    }
    List<@Nullable Object> forms = new ArrayList<>();
    for (int i = 0; i < Array.getLength(array); i++) {
      forms.add(form(Array.get(array, i), depth));
    }
    return new Shape(array.getClass().getName(), forms);
  }

  /** What has a form of its own; null for others. */
  private @Nullable Object known(Object value, int depth) throws UnknownException {
    if (value instanceof ToolCallback tool) {
      return tool(tool, depth);
    }
    if (value.getClass() == Media.class) {
      Media media = (Media) value;
      String name = MADE_UP_NAME.matcher(media.getName()).matches() ? null : media.getName();
      return new Shape(
          Media.class.getName(),
          Arrays.asList(
              media.getMimeType().toString(), media.getId(), name, form(media.getData(), depth)));
    }
    if (value instanceof MimeType
        || value instanceof Charset
        || value instanceof Locale
        || value instanceof URL) {
      return new Shape(value.getClass().getName(), value.toString());
    }
    return value instanceof Class<?> type ? new Shape(Class.class.getName(), type.getName()) : null;
  }

  /** What the model is told of a tool; whatever a definition of another class has besides. */
  private Shape tool(ToolCallback tool, int depth) throws UnknownException {
    ToolDefinition definition = tool.getToolDefinition();
    boolean usual = definition instanceof DefaultToolDefinition;
    return new Shape(
        ToolCallback.class.getName(),
        Arrays.asList(
            definition.name(),
            definition.description(),
            definition.inputSchema(),
            usual ? null : object(definition, depth)));
  }

  private Shape object(Object value, int depth) throws UnknownException {
    Class<?> type = value.getClass();
    if (type.isHidden() || type.isSynthetic() || Proxy.isProxyClass(type) || isOfJdk(type)) {
      throw new UnknownException("keys have no form for a " + type.getName());
    }
    Map<String, @Nullable Object> fields = new HashMap<>();
    for (Class<?> part = type; part != null && part != Object.class; part = part.getSuperclass()) {
      if (isOfJdk(part) && part != Record.class) {
        throw new UnknownException("keys have no form for a " + part.getName());
      }
      for (Field field : Fields.of(part)) {
        if (!isLeftOut(field, value)) {
          fields.put(part.getName() + "." + field.getName(), field(field, value, depth));
        }
      }
    }
    return new Shape(type.getName(), fields);
  }

  private static boolean isOfJdk(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader == null || loader == ClassLoader.getPlatformClassLoader();
  }

  private boolean isLeftOut(Field field, Object owner) {
    String name = field.getName();
    return (owner == top && ignored.contains(name))
        || KnownSettings.CHANGE_NO_ANSWER.contains(field.getDeclaringClass().getName() + "." + name)
        || (name.equals("toolContext") && owner instanceof ToolCallingChatOptions);
  }

  private @Nullable Object field(Field field, Object owner, int depth) throws UnknownException {
    Object value = Fields.value(field, owner);
    try {
      return field.getDeclaringClass() == AbstractMessage.class
          ? ofMessage(field, value, owner, depth)
          : form(value, depth);
    } catch (UnknownException e) {
      throw new UnknownException(
          owner.getClass().getSimpleName() + "." + field.getName() + ": " + e.getMessage());
    }
  }

  private @Nullable Object ofMessage(Field field, @Nullable Object value, Object message, int depth)
      throws UnknownException {
    if (field.getName().equals("metadata") && value instanceof Map<?, ?> metadata) {
      Map<?, ?> kept = new HashMap<>(metadata);
      kept.keySet().removeIf(ignored::contains);
      return form(kept, depth);
    }
    if (value instanceof String said && !(message instanceof SystemMessage)) {
      text.append(said);
      return said.length();
    }
    return form(value, depth);
  }
}
