package io.larder.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.util.MapReferenceResolver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Kryo whose classes pass {@link TypeRegistry}'s door. One thread at a time. It knows the objects
 * being written that can only be built once all their parts are read (records, immutable
 * collections): a reference from inside back to one of them could not be read, so it is refused.
 *
 * <p>Reading counts what hashing will cost: sets within sets that refer to each other twice take
 * few bytes, and exponential time to hash.
 */
final class DoorKryo extends Kryo {

  private static final long MAX_HASHED = 50_000_000;

  private final TypeRegistry types;
  private final List<Object> building = new ArrayList<>();
  private long expanded;
  private long hashed;

  DoorKryo(TypeRegistry types) {
    super(new NamedClasses(types), new Cycles(types));
    this.types = types;
    setRegistrationRequired(false);
    ((NamedClasses) getClassResolver()).open();
    ((Cycles) getReferenceResolver()).watch(this);
  }

  TypeRegistry types() {
    return types;
  }

  @Override
  public @Nullable Object readClassAndObject(Input input) {
    long before = expanded++;
    int id = cycles().size();
    Object object = super.readClassAndObject(input);
    if (cycles().size() > id) {
      // Ids are given as objects begin, so the first new one is this object's.
      cycles().setCost(id, expanded - before);
    }
    return object;
  }

  @Override
  public <T> @Nullable T copy(@Nullable T object) {
    return object == null || types.sharing().isShared(object) ? object : super.copy(object);
  }

  /** How many objects were read so far, those that are referred to counted each time. */
  long expanded() {
    return expanded;
  }

  /**
   * Notes that an object is about to be hashed.
   *
   * @param before {@link #expanded} before it was read
   */
  void hashing(long before) {
    hashed += expanded - before;
    if (hashed > MAX_HASHED) {
      throw new MalformedBytesException("hashing what the bytes refer to would take too long");
    }
  }

  @Override
  public void reset() {
    super.reset();
    expanded = 0;
    hashed = 0;
  }

  private Cycles cycles() {
    return (Cycles) getReferenceResolver();
  }

  void enter(Object lateBuilt) {
    building.add(lateBuilt);
  }

  void leave() {
    building.remove(building.size() - 1);
  }

  private boolean isBuilding(Object object) {
    for (Object each : building) {
      if (each == object) {
        return true;
      }
    }
    return false;
  }

  /** References between objects; none for values, whose identity nobody may rely on. */
  private static final class Cycles extends MapReferenceResolver {
    private static final int MAX_KEPT_COSTS = 1 << 12;

    private final TypeRegistry types;
    private List<DoorKryo> owner = List.of();
    private long[] costs = new long[16];
    private int known;

    Cycles(TypeRegistry types) {
      this.types = types;
    }

    void watch(DoorKryo kryo) {
      owner = List.of(kryo);
    }

    int size() {
      return readObjects.size();
    }

    void setCost(int id, long cost) {
      if (id >= costs.length) {
        costs = Arrays.copyOf(costs, Math.max(id + 1, costs.length * 2));
      }
      costs[id] = cost;
      known = Math.max(known, id + 1);
    }

    @Override
    public void reset() {
      super.reset();
      Arrays.fill(costs, 0, known, 0);
      known = 0;
      if (costs.length > MAX_KEPT_COSTS) {
        costs = new long[0];
      }
    }

    @Override
    public int getWrittenId(Object object) {
      int id = super.getWrittenId(object);
      if (id >= 0 && owner.get(0).isBuilding(object)) {
        throw types.forbidden("a cycle of references through an object of class "
            + object.getClass().getName()
            + " cannot be stored");
      }
      return id;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Object getReadObject(Class type, int id) {
      Object object = super.getReadObject(type, id);
      if (object == null) {
        throw new MalformedBytesException("a reference to what is not read yet");
      }
      if (id < known) {
        owner.get(0).expanded += costs[id];
      }
      return object;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public boolean useReferences(Class type) {
      return types.handler(type).references();
    }
  }
}
