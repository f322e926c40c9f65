package io.larder.codec;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * The names of the application's classes that one cache may store: its declared types, what those
 * permit if they are sealed, and the patterns of {@code allowed_classes}. JDK types are not its
 * matter: {@link JdkTypes} lists the ones that may pass, and no pattern adds to them.
 */
final class AllowList {

  private final String cacheName;
  private final Set<String> names = new HashSet<>();
  private final Set<String> packages = new HashSet<>();
  private final List<String> trees = new ArrayList<>();

  /**
   * The list of one cache.
   *
   * @throws CacheException if a setting is not a pattern
   */
  AllowList(CodecContext context) {
    cacheName = context.cacheName();
    declare(context.keyType());
    declare(context.valueType());
    context.settings().allowedClasses().forEach(this::add);
  }

  /** Whether a class of this name may be stored. Needs no class to be loaded. */
  boolean allows(String className) {
    if (names.contains(className)) {
      return true;
    }
    if (JdkNames.isJdk(className)) {
      return false;
    }
    int dot = className.lastIndexOf('.');
    if (dot > 0 && packages.contains(className.substring(0, dot))) {
      return true;
    }
    for (String tree : trees) {
      if (className.startsWith(tree)) {
        return true;
      }
    }
    return false;
  }

  /** Why the class may not be stored, and the line that would allow it; null if it may. */
  @Nullable
  String refusal(Class<?> type) {
    String name = type.getName();
    if (allows(name)) {
      return null;
    }
    int dot = name.lastIndexOf('.');
    String wider = dot > 0 ? " (or \"" + name.substring(0, dot) + ".*\")" : "";
    return message("objects of class " + name + " may not be stored: add \"" + name + "\"" + wider
        + " to allowed_classes");
  }

  /** The text, headed by the cache's name. */
  String message(String text) {
    return cacheName + ": " + text;
  }

  private void declare(Class<?> type) {
    Class<?> element = type;
    while (element.isArray()) {
      element = element.getComponentType();
    }
    if (element.isPrimitive() || JdkNames.isJdk(element.getName())) {
      return;
    }
    if (names.add(element.getName()) && element.isSealed()) {
      for (Class<?> permitted : element.getPermittedSubclasses()) {
        declare(permitted);
      }
    }
  }

  private void add(String pattern) {
    String prefix = pattern.replaceFirst("\\.\\*{1,2}$", "");
    if (prefix.isEmpty() || !prefix.matches("[\\p{javaJavaIdentifierPart}.-]+")) {
      throw new CacheException(message("allowed_classes: \"" + pattern
          + "\" must be a class name, \"package.*\" or" + " \"package.**\""));
    }
    if (pattern.endsWith(".**")) {
      trees.add(prefix + '.');
    } else if (pattern.endsWith(".*")) {
      packages.add(prefix);
    } else {
      names.add(pattern);
    }
  }
}
