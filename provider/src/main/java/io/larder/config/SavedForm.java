package io.larder.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Settings as the sources said them, in the form of a settings file: no default is in it. */
final class SavedForm {

  private static final String AI_CONFIG = "ai_config";
  private static final String ENABLE_AI = "enable_ai_cache";

  private final Merged merged;

  SavedForm(Merged merged) {
    this.merged = merged;
  }

  /** Dotted keys of all secrets that were said. */
  Set<String> secrets() {
    return merged.said().entrySet().stream()
        .filter(entry -> entry.getValue().value() instanceof Secret)
        .map(entry -> String.join(".", entry.getKey()))
        .collect(Collectors.toSet());
  }

  /** The object of a settings file; of secrets only those whose dotted keys are asked for. */
  Map<String, Object> object(Set<String> reveal) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("preset", merged.preset());
    merged.said().forEach((path, given) -> {
      Object value = plain(path, given, reveal);
      if (value != null && !path.equals(List.of("preset"))) {
        put(root, path, value);
      }
    });
    if (root.containsKey(AI_CONFIG)) {
      // Read from a file it would switch the AI cache on, whatever rank it was said with.
      root.putIfAbsent(ENABLE_AI, merged.flag(ENABLE_AI));
    }
    return root;
  }

  private @Nullable Object plain(List<String> path, Given given, Set<String> reveal) {
    if (given.value() instanceof Secret secret) {
      return reveal.contains(String.join(".", path)) ? secret.reveal() : null;
    }
    if (given.value() instanceof RedisUrl url) {
      return merged.redisUrl().isPresent() ? url.bare() : null;
    }
    return given.value();
  }

  private static void put(Map<String, Object> root, List<String> path, Object value) {
    Map<String, Object> parent = root;
    for (String name : path.subList(0, path.size() - 1)) {
      parent = child(parent, name);
    }
    String last = path.get(path.size() - 1);
    if (value instanceof Map) {
      child(parent, last);
    } else {
      parent.put(last, value);
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> child(Map<String, Object> parent, String name) {
    return (Map<String, Object>) parent.computeIfAbsent(name, key -> new LinkedHashMap<>());
  }

  /** Writes the file in one step; with secrets in it, only its owner may read it. */
  void save(Path file, Set<String> reveal) throws IOException {
    byte[] json = JsonMapper.shared()
        .writerWithDefaultPrettyPrinter()
        .writeValueAsString(object(reveal))
        .getBytes(StandardCharsets.UTF_8);
    Path target = file.toAbsolutePath();
    Path draft = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      if (reveal.isEmpty()) {
        Files.createFile(draft);
      } else {
        createOwnerOnly(draft);
      }
      Files.write(draft, json, StandardOpenOption.WRITE);
      Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private static void createOwnerOnly(Path file) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      FileAttribute<?> owner =
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
      Files.createFile(file, owner);
      return;
    }
    var plain = Files.createFile(file).toFile();
    boolean owner = plain.setReadable(false, false)
        && plain.setReadable(true, true)
        && plain.setWritable(false, false)
        && plain.setWritable(true, true);
    if (!owner) {
      throw new FileSystemException(file.toString(), null, "cannot be made owner-only");
    }
  }
}
