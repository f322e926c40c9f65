package io.larder.codec;

import com.esotericsoftware.kryo.Serializer;
import java.io.Externalizable;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What one cache's codec does with each class, decided once per class.
 *
 * <p>Writing goes from an object's class to its handler, whose {@code refusal} is the door. Reading
 * goes from a name: first {@link AllowList} and the table of JDK names judge it, only then is the
 * class loaded, and its handler judges again what only the class can tell.
 */
final class TypeRegistry {

  private final AllowList allowList;
  private final ClassLoader loader;
  private final Sharing sharing = new Sharing();
  private final Map<Class<?>, TypeHandler> handlers = new ConcurrentHashMap<>();
  private final Map<String, TypeHandler> byName = new ConcurrentHashMap<>();

  TypeRegistry(CodecContext context) {
    allowList = new AllowList(context);
    loader = context.loader();
  }

  AllowList allowList() {
    return allowList;
  }

  Sharing sharing() {
    return sharing;
  }

  ForbiddenTypeException forbidden(String text) {
    return new ForbiddenTypeException(allowList.message(text));
  }

  /** What is done with instances of the class. */
  TypeHandler handler(Class<?> type) {
    TypeHandler handler = handlers.get(type);
    if (handler == null) {
      handler = make(type);
      handlers.put(type, handler);
    }
    return handler;
  }

  /** The JDK type of that number in the table. */
  TypeHandler table(int id) {
    JdkTypes.Entry entry = JdkTypes.byId(id);
    if (entry == null) {
      throw new MalformedBytesException("an unknown JDK type");
    }
    return handler(entry.type());
  }

  /**
   * The handler for a name in the bytes.
   *
   * @throws MalformedBytesException if the name may not be read, or there is no such class
   */
  TypeHandler named(String name) {
    TypeHandler known = byName.get(name);
    if (known != null) {
      return known;
    }
    TypeHandler handler = handler(load(name));
    if (handler.refusal() != null || handler.id() > 0 || !handler.name().equals(name)) {
      throw new MalformedBytesException("a class that may not be read");
    }
    byName.put(name, handler);
    return handler;
  }

  /** The class of an allowed name, {@code []} for each dimension of an array after it. */
  Class<?> load(String name) {
    String element = name;
    int dimensions = 0;
    while (element.endsWith("[]")) {
      element = element.substring(0, element.length() - 2);
      dimensions++;
    }
    Class<?> type = dimensions > 0 ? JdkTypes.component(element) : null;
    if (type == null) {
      boolean jdk = element.startsWith("java.");
      if (dimensions > 255 || !(jdk || allowList.allows(element))) {
        throw new MalformedBytesException("a class that may not be read");
      }
      try {
        // Of the JDK, handler() lets only enums and throwables through.
        type = Class.forName(element, false, jdk ? ClassLoader.getPlatformClassLoader() : loader);
      } catch (ClassNotFoundException e) {
        throw new MalformedBytesException("a class that is not there", e);
      }
    }
    for (int i = 0; i < dimensions; i++) {
      type = type.arrayType();
    }
    return type;
  }

  private TypeHandler make(Class<?> type) {
    JdkTypes.Entry entry = JdkTypes.entryOf(type);
    if (entry != null) {
      return TypeHandler.ofTable(type, entry);
    }
    if (type.isArray()) {
      return array(type);
    }
    if (Enum.class.isAssignableFrom(type) && type != Enum.class) {
      Class<?> declaring = type.isEnum() ? type : type.getSuperclass();
      return TypeHandler.named(
          declaring, declaring.getName(), new EnumSerializer(declaring), doorFor(declaring));
    }
    if (type.isHidden() || Proxy.isProxyClass(type) || type.isInterface()) {
      return unsupported(
          type, "lambdas, proxies and hidden classes cannot be stored: " + type.getName());
    }
    if (JdkNames.isJdk(type.getName())) {
      return jdk(type);
    }
    try {
      return ofApplication(type);
    } catch (RuntimeException e) {
      return unsupported(type, "class " + type.getName() + " cannot be stored: " + e.getMessage());
    }
  }

  private TypeHandler jdk(Class<?> type) {
    if (isJdkThrowable(type)) {
      return TypeHandler.named(
          type, type.getName(), new ThrowableSerializer(ClassFields.of(type)), null);
    }
    return unsupported(
        type, "the JDK's class " + type.getName() + " cannot be stored, nor be allowed");
  }

  private static boolean isJdkThrowable(Class<?> type) {
    return JdkTypes.isThrowable(type.getName())
        && Throwable.class.isAssignableFrom(type)
        && JdkTypes.isPlainThrowable(type);
  }

  private TypeHandler array(Class<?> type) {
    Class<?> element = type;
    StringBuilder brackets = new StringBuilder();
    while (element.isArray()) {
      element = element.getComponentType();
      brackets.append("[]");
    }
    String refusal = null;
    if (JdkTypes.component(element.getName()) == null && !isJdkThrowable(element)) {
      refusal = JdkNames.isJdk(element.getName()) && !element.isEnum()
          ? allowList.message(
              "arrays of the JDK's class " + element.getName() + " cannot be stored")
          : doorFor(element);
    }
    return TypeHandler.named(
        type, element.getName() + brackets, new ArraySerializer(type.getComponentType()), refusal);
  }

  private TypeHandler ofApplication(Class<?> type) {
    ClassFields fields = ClassFields.of(type);
    String hook = fields.hook();
    boolean externalizable = Externalizable.class.isAssignableFrom(type);
    String refusal = doorFor(type);
    if (hook != null && !(type.isRecord() && hook.equals("readObject"))) {
      refusal =
          allowList.message("class " + type.getName() + " cannot be stored because it declares "
              + hook + "; make it Externalizable, or store another form of it");
    }
    Serializer<?> serializer;
    if (losesState(fields)) {
      return unsupported(
          type,
          "class "
              + type.getName()
              + " cannot be stored: it extends "
              + fields.jdkSuperclass().getName()
              + ", whose state cannot be reached");
    }
    if (Throwable.class.isAssignableFrom(type)) {
      serializer = new ThrowableSerializer(fields);
    } else if (type.isRecord()) {
      serializer = new RecordSerializer(type);
    } else if (externalizable) {
      serializer = new ExternalizableSerializer(Maker.of(type));
    } else {
      serializer = new BeanSerializer(fields, Maker.of(type), hook != null);
    }
    return TypeHandler.named(type, type.getName(), serializer, refusal);
  }

  /** Whether there is state in a superclass of the JDK that no serializer here restores. */
  private static boolean losesState(ClassFields fields) {
    Class<?> type = fields.type();
    if (Throwable.class.isAssignableFrom(type)) {
      return !JdkTypes.isPlainThrowable(fields.jdkSuperclass());
    }
    if (Externalizable.class.isAssignableFrom(type) || type.isRecord()) {
      return false;
    }
    if (BeanSerializer.Contents.of(type) == BeanSerializer.Contents.NONE) {
      return fields.hidesState();
    }
    // Without its constructor a collection of the JDK does not work.
    return Arrays.stream(type.getDeclaredConstructors())
        .noneMatch(constructor -> constructor.getParameterCount() == 0);
  }

  /** Why a class of the application's may not be stored; null if it may. */
  @Nullable
  String doorFor(Class<?> type) {
    if (type.isEnum() && type.getName().startsWith("java.")) {
      return null;
    }
    String refusal = allowList.refusal(type);
    if (refusal != null) {
      return refusal;
    }
    try {
      if (Class.forName(type.getName(), false, loader) == type) {
        return null;
      }
    } catch (ClassNotFoundException | LinkageError e) {
      // Told below.
    }
    return allowList.message("objects of class " + type.getName()
        + " may not be stored: the cache manager's class loader does not see that class");
  }

  private TypeHandler unsupported(Class<?> type, String reason) {
    String message = allowList.message(reason);
    return TypeHandler.named(type, type.getName(), new RefusedSerializer(message), message);
  }
}
