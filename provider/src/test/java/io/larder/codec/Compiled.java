package io.larder.codec;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A class loader of classes compiled from source, which notes what it is asked for. */
final class Compiled extends ClassLoader {

  final List<String> asked = new ArrayList<>();
  private final Map<String, byte[]> classes = new HashMap<>();

  private Compiled() {
    super(Compiled.class.getClassLoader());
  }

  /** Top-level types of package {@code app}; each source without its package line. */
  static Compiled of(String... sources) {
    Compiled loader = new Compiled();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<JavaFileObject> units = new ArrayList<>();
    for (int i = 0; i < sources.length; i++) {
      String source = "package app; import java.util.*; " + sources[i];
      units.add(
          new SimpleJavaFileObject(
              URI.create("mem:///app/S" + i + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignore) {
              return source;
            }

            @Override
            public boolean isNameCompatible(String simpleName, Kind kind) {
              return true;
            }
          });
    }
    StandardJavaFileManager standard = compiler.getStandardFileManager(null, null, null);
    JavaFileManager files = new ForwardingJavaFileManager<>(standard) {
      @Override
      public JavaFileObject getJavaFileForOutput(
          Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
        return new SimpleJavaFileObject(URI.create("mem:///" + name), kind) {
          @Override
          public OutputStream openOutputStream() {
            return new ByteArrayOutputStream() {
              @Override
              public void close() {
                loader.classes.put(name, toByteArray());
              }
            };
          }
        };
      }
    };
    if (!compiler.getTask(null, files, null, List.of("-nowarn"), null, units).call()) {
      throw new IllegalArgumentException("does not compile");
    }
    return loader;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    asked.add(name);
    return super.loadClass(name, resolve);
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes = classes.get(name);
    if (bytes == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, bytes, 0, bytes.length);
  }

  /** What the static method {@code make} of {@code app.Main} gives. */
  Object make() {
    try {
      var method = loadClass("app.Main").getDeclaredMethod("make");
      method.setAccessible(true);
      return method.invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
