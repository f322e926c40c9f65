package io.larder.codec;

import java.util.HashSet;
import java.util.Set;

/** Tells the JDK's classes from everyone else's by their names alone. */
final class JdkNames {

  private static final Set<String> PACKAGES = systemPackages();

  private JdkNames() {}

  static boolean isJdk(String className) {
    if (className.startsWith("java.")
        || className.startsWith("jdk.")
        || className.startsWith("sun.")
        || className.startsWith("com.sun.")) {
      return true;
    }
    int dot = className.lastIndexOf('.');
    return dot > 0 && PACKAGES.contains(className.substring(0, dot));
  }

  private static Set<String> systemPackages() {
    Set<String> packages = new HashSet<>();
    for (Module module : ModuleLayer.boot().modules()) {
      String name = module.getName();
      if (name.startsWith("java.") || name.startsWith("jdk.")) {
        packages.addAll(module.getPackages());
      }
    }
    return Set.copyOf(packages);
  }
}
