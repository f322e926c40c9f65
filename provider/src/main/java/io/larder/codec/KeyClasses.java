package io.larder.codec;

import java.io.Externalizable;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The application's classes of keys, taken apart and rebuilt. */
final class KeyClasses {

  private final TypeRegistry types;
  private final Map<Class<?>, KeyClass> known = new ConcurrentHashMap<>();

  KeyClasses(TypeRegistry types) {
    this.types = types;
  }

  /**
   * The class, if it may be a key.
   *
   * @throws ForbiddenTypeException if not
   */
  KeyClass of(Class<?> type) {
    KeyClass found = known.get(type);
    if (found == null) {
      found = make(type);
      known.put(type, found);
    }
    return found;
  }

  private KeyClass make(Class<?> type) {
    String refusal = types.doorFor(type);
    if (refusal != null) {
      throw new ForbiddenTypeException(refusal);
    }
    boolean collection = List.class.isAssignableFrom(type)
        || Map.class.isAssignableFrom(type)
        || java.util.Set.class.isAssignableFrom(type);
    ClassFields fields = ClassFields.of(type);
    if (!collection && (type.isHidden() || type.isInterface() || fields.hidesState())) {
      throw types.forbidden("objects of class " + type.getName() + " cannot be keys");
    }
    try {
      return new KeyClass(
          collection ? new ClassFields(type, List.of(), List.of(), Object.class) : fields);
    } catch (RuntimeException e) {
      throw types.forbidden(
          "objects of class " + type.getName() + " cannot be keys: " + e.getMessage());
    }
  }

  /** One class of keys. */
  static final class KeyClass {
    private final byte[] name;
    private final Slot[] slots;
    private final byte[][] slotNames;
    private final @Nullable Maker maker;
    private final @Nullable Constructor<?> constructor;
    private final int[] argumentSlots;
    private final boolean record;

    KeyClass(ClassFields fields) {
      Class<?> type = fields.type();
      name = KeyBytes.text(type.getName());
      record = type.isRecord();
      List<Field> sorted = new ArrayList<>(fields.stored());
      sorted.sort(Comparator.comparing(field -> nameOf(type, field)));
      slots = sorted.stream().map(Slot::new).toArray(Slot[]::new);
      slotNames =
          sorted.stream().map(field -> KeyBytes.text(nameOf(type, field))).toArray(byte[][]::new);
      List<Field> declared = declaredOrder(fields);
      constructor =
          record || (fields.hasTransients() && !Externalizable.class.isAssignableFrom(type))
              ? constructor(type, declared)
              : null;
      argumentSlots = declared.stream().mapToInt(sorted::indexOf).toArray();
      boolean makable = !record && !Modifier.isAbstract(type.getModifiers());
      maker = makable ? Maker.of(type) : null;
    }

    private static String nameOf(Class<?> type, Field field) {
      Class<?> owner = field.getDeclaringClass();
      return owner == type ? field.getName() : owner.getName() + '#' + field.getName();
    }

    /** The stored fields as a constructor would take them: superclasses' first, as declared. */
    private static List<Field> declaredOrder(ClassFields fields) {
      Class<?> type = fields.type();
      if (type.isRecord()) {
        List<String> names = Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getName)
            .toList();
        return fields.stored().stream()
            .sorted(Comparator.comparingInt(field -> names.indexOf(field.getName())))
            .toList();
      }
      List<Class<?>> levels = new ArrayList<>();
      for (Class<?> c = type; !JdkNames.isJdk(c.getName()); c = c.getSuperclass()) {
        levels.add(c);
      }
      Collections.reverse(levels);
      List<Field> declared = new ArrayList<>();
      for (Class<?> level : levels) {
        for (Field field : level.getDeclaredFields()) {
          if (fields.stored().contains(field)) {
            declared.add(field);
          }
        }
      }
      return declared;
    }

    private static @Nullable Constructor<?> constructor(Class<?> type, List<Field> declared) {
      try {
        Constructor<?> found = type.getDeclaredConstructor(
            declared.stream().map(Field::getType).toArray(Class<?>[]::new));
        found.setAccessible(true);
        return found;
      } catch (NoSuchMethodException e) {
        return null;
      }
    }

    byte[] encodedName() {
      return name;
    }

    int size() {
      return slots.length;
    }

    byte[] encodedField(int index) {
      return slotNames[index];
    }

    @Nullable
    Object[] parts(Object key) {
      @Nullable Object[] parts = new Object[slots.length];
      try {
        for (int i = 0; i < parts.length; i++) {
          parts[i] = slots[i].get(key);
        }
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
      return parts;
    }

    /** An instance for an Externalizable to read itself into. */
    Object make() {
      if (maker == null) {
        throw new MalformedBytesException("a class without instances");
      }
      return maker.make();
    }

    /**
     * An instance made by the constructor that takes just these parts, which restores transient
     * fields; null if there is none, or it does not take them.
     */
    @Nullable
    Object construct(@Nullable Object[] parts) {
      if (constructor == null) {
        return null;
      }
      @Nullable Object[] arguments = new Object[argumentSlots.length];
      Arrays.setAll(arguments, i -> parts[argumentSlots[i]]);
      try {
        return constructor.newInstance(arguments);
      } catch (ReflectiveOperationException | IllegalArgumentException e) {
        return null;
      }
    }

    /** An instance whose fields are set. */
    Object fill(@Nullable Object[] parts) {
      if (record) {
        throw new MalformedBytesException("a record that its constructor refuses");
      }
      Object key = make();
      try {
        for (int i = 0; i < parts.length; i++) {
          slots[i].set(key, parts[i]);
        }
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
      return key;
    }
  }
}
