package io.larder.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.util.MapReferenceResolver;
import java.util.ArrayList;
import java.util.List;

/**
 * A Kryo whose classes pass {@link TypeRegistry}'s door. One thread at a time. It knows the objects
 * being written that can only be built once all their parts are read (records, immutable
 * collections): a reference from inside back to one of them could not be read, so it is refused.
 */
final class DoorKryo extends Kryo {

  private final TypeRegistry types;
  private final List<Object> building = new ArrayList<>();

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
    private final TypeRegistry types;
    private List<DoorKryo> owner = List.of();

    Cycles(TypeRegistry types) {
      this.types = types;
    }

    void watch(DoorKryo kryo) {
      owner = List.of(kryo);
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
      return object;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public boolean useReferences(Class type) {
      return types.handler(type).references();
    }
  }
}
