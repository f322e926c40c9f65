package io.larder.codec;

import java.lang.invoke.MethodType;

/** Primitive types and their boxes. */
final class Boxes {

  private Boxes() {}

  static Class<?> boxed(Class<?> type) {
    return MethodType.methodType(type).wrap().returnType();
  }
}
