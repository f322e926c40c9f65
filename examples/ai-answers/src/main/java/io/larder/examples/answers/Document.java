package io.larder.examples.answers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A text with a name.
 *
 * @param name its path below the folder that was given
 */
record Document(String name, String text) {

  private static final int DOCUMENTS = 40;
  private static final int BYTES = 1 << 20;
  private static final List<String> LEFT_OUT = List.of("target", "build", "node_modules");

  /**
   * That file, or the first {@value #DOCUMENTS} text files ({@code .md}, {@code .txt}) in and below
   * that folder in the order of their paths; of each file the first {@value #BYTES} bytes.
   *
   * @throws IOException if they can't be read
   */
  static List<Document> in(Path path) throws IOException {
    if (Files.isRegularFile(path)) {
      return List.of(read(path, path.getFileName()));
    }
    try (Stream<Path> files = Files.walk(path)) {
      List<Document> documents = new ArrayList<>();
      for (Path file : (Iterable<Path>) files
          .filter(file -> isText(path.relativize(file)) && Files.isRegularFile(file))
          .sorted()
          .limit(DOCUMENTS)::iterator) {
        documents.add(read(file, path.relativize(file)));
      }
      return documents;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static boolean isText(Path path) {
    for (Path part : path) {
      if (part.toString().startsWith(".") || LEFT_OUT.contains(part.toString())) {
        return false;
      }
    }
    return path.toString().endsWith(".md") || path.toString().endsWith(".txt");
  }

  private static Document read(Path file, Path name) throws IOException {
    try (var in = Files.newInputStream(file)) {
      String text = new String(in.readNBytes(BYTES), StandardCharsets.UTF_8);
      return new Document(name.toString().replace('\\', '/'), text);
    }
  }
}
