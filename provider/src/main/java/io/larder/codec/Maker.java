package io.larder.codec;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import org.objenesis.instantiator.ObjectInstantiator;
import org.objenesis.strategy.StdInstantiatorStrategy;

/**
 * Makes empty instances of a class: by its constructor without arguments, else without any
 * constructor.
 */
interface Maker {

  /** A new instance. */
  Object make();

  /** The maker for a class. */
  static Maker of(Class<?> type) {
    Constructor<?> constructor;
    try {
      constructor = type.getDeclaredConstructor();
    } catch (NoSuchMethodException e) {
      if (Modifier.isAbstract(type.getModifiers())) {
        throw new IllegalArgumentException(type.getName() + " is abstract", e);
      }
      ObjectInstantiator<?> instantiator = new StdInstantiatorStrategy().newInstantiatorOf(type);
      return instantiator::newInstance;
    }
    constructor.setAccessible(true);
    return () -> {
      try {
        return constructor.newInstance();
      } catch (InvocationTargetException e) {
        throw new IllegalStateException(
            "the constructor of " + type.getName() + " failed", e.getCause());
      } catch (InstantiationException | IllegalAccessException e) {
        throw new IllegalStateException("cannot make an instance of " + type.getName(), e);
      }
    };
  }
}
