package io.larder.codec;

import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.PolymorphicTypeValidator;
import tools.jackson.databind.type.TypeFactory;

/**
 * Values as JSON, by Jackson: the shapes of the value's class and of the application's classes that
 * its fields are declared with, then the JSON text. Class names pass the door before Jackson sees
 * anything; Jackson's own typing is off, and where a class asks for it by annotation, its names
 * pass the same door.
 */
final class JsonValues {

  private final TypeRegistry types;
  private final JsonMapper mapper;
  private final Map<Class<?>, Form> forms = new ConcurrentHashMap<>();
  private final Set<Class<?>> proven = ConcurrentHashMap.newKeySet();

  JsonValues(CodecContext context, TypeRegistry types) {
    this.types = types;
    mapper = JsonMapper.builder()
        .typeFactory(TypeFactory.createDefaultInstance().withClassLoader(context.loader()))
        .polymorphicTypeValidator(new DoorValidator(types))
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .build();
  }

  byte[] encode(Object value) {
    Class<?> type =
        value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass();
    Form form = forms.computeIfAbsent(type, this::form);
    Output output = new Output(256, -1);
    Text.write(output, nameOf(form.handlers.get(0)));
    output.writeVarInt(form.handlers.size(), true);
    for (TypeHandler handler : form.handlers) {
      Text.write(output, nameOf(handler));
      output.writeVarInt(handler.shape().length, true);
      output.writeBytes(handler.shape());
    }
    output.writeBytes(mapper.writeValueAsBytes(value));
    byte[] bytes = output.toBytes();
    if (form.container || !proven.contains(type)) {
      prove(value, type, bytes);
    }
    return bytes;
  }

  /**
   * Reads back what was written: always for containers, whose elements JSON does not name, else for
   * the first value of each class.
   */
  private void prove(Object value, Class<?> type, byte[] bytes) {
    Object back;
    try {
      back = decode(bytes, 0, bytes.length);
    } catch (RuntimeException e) {
      throw refused(type, "cannot be read back from JSON (" + e.getMessage() + ")");
    }
    boolean same;
    if (JdkNames.isJdk(type.getName()) || type.isArray()) {
      same = Objects.deepEquals(value, back);
    } else {
      same = overridesEquals(type) ? value.equals(back) : sameText(value, back);
    }
    if (!same) {
      throw refused(type, "does not come back from JSON as it was");
    }
    proven.add(type);
  }

  private boolean sameText(Object value, Object back) {
    return Arrays.equals(mapper.writeValueAsBytes(value), mapper.writeValueAsBytes(back));
  }

  private static boolean overridesEquals(Class<?> type) {
    try {
      return type.getMethod("equals", Object.class).getDeclaringClass() != Object.class;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  private ForbiddenTypeException refused(Class<?> type, String why) {
    return types.forbidden("a value of class " + type.getName() + " " + why
        + ": give it a class whose fields say their types, or set codec to kryo");
  }

  Object decode(byte[] bytes, int offset, int length) {
    BudgetInput input = new BudgetInput();
    input.open(bytes, offset, length);
    TypeHandler root = readHandler(Text.read(input));
    int count = Text.readCount(input, 2);
    for (int i = 0; i < count; i++) {
      TypeHandler handler = readHandler(Text.read(input));
      byte[] shape = input.readBytes(Text.readCount(input, 1));
      if (!Arrays.equals(shape, handler.shape())) {
        // Asked only whether it can be read: Jackson goes by the names of fields itself.
        handler.adapted(shape);
      }
    }
    int start = input.position();
    Object value = mapper.readValue(bytes, start, offset + length - start, target(root.type()));
    if (value == null) {
      throw new MalformedBytesException("null instead of a value");
    }
    return value;
  }

  private static String nameOf(TypeHandler handler) {
    JdkTypes.Entry entry = JdkTypes.byId(handler.id());
    return entry == null ? handler.name() : entry.type().getName();
  }

  /** What Jackson is to make: where the class cannot be named, the interface it stands for. */
  private static Class<?> target(Class<?> type) {
    if (Modifier.isPublic(type.getModifiers()) || !JdkNames.isJdk(type.getName())) {
      return type;
    }
    return Stream.<Class<?>>of(List.class, Set.class, Map.class)
        .filter(each -> each.isAssignableFrom(type))
        .findFirst()
        .orElse(type);
  }

  private TypeHandler readHandler(String name) {
    if (name.startsWith("java.net.Inet")) {
      throw new MalformedBytesException("Jackson would ask a name server for an address");
    }
    JdkTypes.Entry entry = JdkTypes.named(name);
    return entry == null ? types.named(name) : types.handler(entry.type());
  }

  private Form form(Class<?> type) {
    Set<Class<?>> seen = new LinkedHashSet<>();
    collect(type, seen);
    List<TypeHandler> handlers = new ArrayList<>();
    for (Class<?> each : seen) {
      TypeHandler handler = types.handler(each);
      if (handler.refusal() != null) {
        throw new ForbiddenTypeException(handler.refusal());
      }
      handlers.add(handler);
    }
    boolean container = JdkNames.isJdk(type.getName()) || type.isArray();
    return new Form(handlers, container);
  }

  private void collect(Type type, Set<Class<?>> seen) {
    if (type instanceof Class<?> c) {
      Class<?> element = c;
      while (!seen.isEmpty() && element.isArray()) {
        element = element.getComponentType();
      }
      boolean root = seen.isEmpty();
      if (!root
          && (element.isInterface()
              || JdkNames.isJdk(element.getName())
              || element.isPrimitive())) {
        return;
      }
      if (seen.add(element)
          && !element.isArray()
          && !JdkNames.isJdk(element.getName())
          && !element.isEnum()) {
        ClassFields.of(element).stored().forEach(field -> collect(field.getGenericType(), seen));
      }
    } else if (type instanceof ParameterizedType parameterized) {
      collect(parameterized.getRawType(), seen);
      for (Type argument : parameterized.getActualTypeArguments()) {
        collect(argument, seen);
      }
    } else if (type instanceof GenericArrayType array) {
      collect(array.getGenericComponentType(), seen);
    } else if (type instanceof WildcardType wildcard) {
      collect(wildcard.getUpperBounds()[0], seen);
    }
  }

  /**
   * How values of one class are headed.
   *
   * @param handlers of the class itself, first, and of the classes its fields are declared with
   */
  private record Form(List<TypeHandler> handlers, boolean container) {}

  /** Judges the names that Jackson meets in the JSON of classes that ask for type names. */
  private static final class DoorValidator extends PolymorphicTypeValidator {
    private static final long serialVersionUID = 1L;

    private final transient TypeRegistry types;

    DoorValidator(TypeRegistry types) {
      this.types = types;
    }

    @Override
    public Validity validateBaseType(DatabindContext context, JavaType baseType) {
      return Validity.INDETERMINATE;
    }

    @Override
    public Validity validateSubClassName(
        DatabindContext context, JavaType baseType, String subClassName) {
      return types.allowList().allows(subClassName) ? Validity.ALLOWED : Validity.DENIED;
    }

    @Override
    public Validity validateSubType(DatabindContext context, JavaType baseType, JavaType subType) {
      return types.allowList().allows(subType.getRawClass().getName())
          ? Validity.ALLOWED
          : Validity.DENIED;
    }
  }
}
