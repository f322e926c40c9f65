package io.larder.examples.quickstart;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The texts to ask about, and what had to be left out.
 *
 * <p>Bounded, so that any path may be given: {@value #FILE_BYTES} bytes of a file,
 * {@value #TOTAL_BYTES} bytes and {@value #FILES} files in all, of the first {@value #FOUND} found.
 *
 * @param documents in order of their names; where there are several, all of them together come last
 * @param notes what was cut, skipped or repaired, a line each
 */
record Library(List<Document> documents, List<String> notes) {

  static final int FILE_BYTES = 1 << 20;
  static final int TOTAL_BYTES = 4 << 20;
  static final int FILES = 100;
  static final int FOUND = 20_000;

  private static final int SNIFFED_BYTES = 8192;
  private static final Set<String> BUILD_FOLDERS = Set.of("target", "build", "node_modules");
  private static final Pattern FENCED =
      Pattern.compile("(?ms)^ {0,3}(```|~~~)[^\\n`]*$.*?(^ {0,3}\\1[`~]*\\s*?$|\\z)");

  /** The path can't be asked about; the message says which and why. */
  static final class NoTextException extends Exception {
    NoTextException(String message) {
      super(message);
    }
  }

  /** The Markdown files in and below a folder. */
  static Library ofMarkdown(Path folder) throws IOException, NoTextException {
    return of(folder, files(folder, Library::isMarkdown));
  }

  /** One file, or all text files in and below a folder. */
  static Library of(Path path) throws IOException, NoTextException {
    if (!Files.exists(path)) {
      throw new NoTextException(
          "'" + path + "' does not exist; give a text file or a folder of them");
    }
    return of(path, Files.isDirectory(path) ? files(path, file -> true) : List.of(path));
  }

  private static Library of(Path root, List<Path> files) throws NoTextException {
    Reader reader = new Reader(root);
    files.forEach(reader::read);
    return reader.library();
  }

  private static boolean isMarkdown(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".md");
  }

  /** Regular files in the order of their names; hidden ones and what builds produce left out. */
  private static List<Path> files(Path folder, Predicate<Path> wanted) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(folder, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        boolean skip = !directory.equals(folder) && isLeftOut(directory);
        return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (attributes.isRegularFile() && !isHidden(file) && wanted.test(file)) {
          files.add(file);
        }
        return files.size() < FOUND ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
      }

      @Override
      public FileVisitResult visitFileFailed(Path file, IOException failure) {
        files.add(file); // reading it fails again, and is told then
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) {
        if (failure != null) {
          files.add(directory);
        }
        return FileVisitResult.CONTINUE;
      }
    });
    files.sort(null);
    return files;
  }

  private static boolean isLeftOut(Path directory) {
    return isHidden(directory) || BUILD_FOLDERS.contains(fileName(directory));
  }

  private static boolean isHidden(Path path) {
    return fileName(path).startsWith(".");
  }

  private static String fileName(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }

  /** Reads one file after the other and keeps within the bounds. */
  private static final class Reader {

    private final Path root;
    private final List<Document> documents = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> binaries = new ArrayList<>();
    private int bytesLeft = TOTAL_BYTES;
    private int leftOut;

    Reader(Path root) {
      this.root = root;
    }

    void read(Path file) {
      if (documents.size() == FILES || bytesLeft == 0) {
        leftOut++;
        return;
      }
      String name = root.equals(file) ? fileName(file) : root.relativize(file).toString();
      int limit = Math.min(FILE_BYTES, bytesLeft);
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(limit);
        if (isBinary(bytes)) {
          binaries.add(name);
          return;
        }
        bytesLeft -= bytes.length;
        int length = in.read() < 0 ? bytes.length : endOfCharacter(bytes);
        if (length < bytes.length || Files.size(file) > bytes.length) {
          notes.add(String.format(
              Locale.ROOT, "%s: the first %,d of %,d bytes", name, length, Files.size(file)));
        }
        documents.add(Document.of(name, text(name, Arrays.copyOf(bytes, length))));
      } catch (IOException e) {
        notes.add(name + ": skipped, can't be read (" + e.getClass().getSimpleName() + ")");
      }
    }

    Library library() throws NoTextException {
      if (!binaries.isEmpty()) {
        notes.add(String.format(
            Locale.ROOT,
            "%,d skipped, not text: %s",
            binaries.size(),
            binaries.stream().limit(3).collect(Collectors.joining(", "))
                + (binaries.size() > 3 ? ", ..." : "")));
      }
      if (leftOut > 0) {
        notes.add(String.format(
            Locale.ROOT,
            "%s%,d files left out: %,d files or %,d bytes are enough",
            leftOut + documents.size() + binaries.size() >= FOUND ? "at least " : "",
            leftOut,
            FILES,
            TOTAL_BYTES));
      }
      if (documents.isEmpty()) {
        throw new NoTextException("'" + root + "' holds no text"
            + (notes.isEmpty() ? "" : " (" + String.join("; ", notes) + ")"));
      }
      if (documents.size() > 1) {
        String all = documents.stream().map(Document::text).collect(Collectors.joining("\n\n"));
        documents.add(Document.of("all " + documents.size() + " documents", all));
      }
      return new Library(List.copyOf(documents), List.copyOf(notes));
    }

    /** The characters; code blocks of Markdown left out, bytes that are no UTF-8 replaced. */
    private String text(String name, byte[] bytes) {
      String text = new String(bytes, StandardCharsets.UTF_8);
      long replaced = text.chars().filter(c -> c == '\ufffd').count();
      if (replaced > 0) {
        notes.add(String.format(
            Locale.ROOT, "%s: not UTF-8 in %,d places, each replaced", name, replaced));
      }
      return isMarkdown(Path.of(name)) ? FENCED.matcher(text).replaceAll("") : text;
    }

    /** Where the last whole UTF-8 character ends. */
    private static int endOfCharacter(byte[] bytes) {
      int end = bytes.length;
      while (end > Math.max(0, bytes.length - 4) && (bytes[end - 1] & 0xC0) == 0x80) {
        end--;
      }
      return end > 0 && (bytes[end - 1] & 0xC0) == 0xC0 ? end - 1 : bytes.length;
    }

    /** Text has no zero bytes. */
    private static boolean isBinary(byte[] bytes) {
      for (int i = 0; i < Math.min(bytes.length, SNIFFED_BYTES); i++) {
        if (bytes[i] == 0) {
          return true;
        }
      }
      return false;
    }
  }
}
