package io.larder.config;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A settings file on disk, in a jar or on the class path. Nothing is fetched over a network.
 *
 * <p>A URI that the JVM has no handler for may still be one that the class loader gave: a jar
 * within a jar, a bundle. The loader is then asked for what lies at the URI's end, and its own
 * answer is opened if it is of that very URI.
 */
final class SettingsFile {

  private static final int LARGEST = 1 << 20;
  private static final String CLASSPATH = "classpath";
  private static final String FILE = "file";
  private static final Set<String> REMOTE = Set.of("http", "https", "ftp", "mailto", "jdbc");

  private static final Pattern SCHEMES = Pattern.compile("(?:[a-z][a-z0-9+.-]*:)+");

  private SettingsFile() {}

  /** Says why there is nothing to read. */
  static final class UnreadableException extends Exception {

    private static final long serialVersionUID = 1L;

    UnreadableException(String message) {
      super(message);
    }
  }

  /** Reads what a URI names: {@code file:}, {@code jar:}, {@code classpath:} or a resource. */
  static JsonText.Parsed read(URI uri, ClassLoader loader)
      throws UnreadableException, JsonText.NotJsonException {
    try (InputStream stream = open(uri, loader)) {
      byte[] bytes = stream.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new UnreadableException("must name a settings file of at most " + LARGEST + " bytes");
      }
      return JsonText.parse(bytes);
    } catch (FileNotFoundException | NoSuchFileException e) {
      throw new UnreadableException("must name a settings file that is there and can be read");
    } catch (IOException | IllegalArgumentException e) {
      throw new UnreadableException(
          "must name a settings file that can be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  /** A path as a variable gives it, or a URI. */
  static URI locate(String pathOrUri) throws UnreadableException {
    String text = pathOrUri.strip();
    int colon = text.indexOf(':');
    try {
      // A scheme of one letter is a drive.
      return colon > 1 ? URI.create(text) : Path.of(text).toUri();
    } catch (InvalidPathException e) {
      throw new UnreadableException("must be the path of a settings file");
    } catch (IllegalArgumentException e) {
      throw new UnreadableException("must be a valid URI or the path of a settings file");
    }
  }

  private static InputStream open(URI uri, ClassLoader loader)
      throws IOException, UnreadableException {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (scheme.isEmpty() || scheme.equals(CLASSPATH)) {
      String path = scheme.isEmpty() ? uri.getPath() : uri.getSchemeSpecificPart();
      return open(resource(path, scheme.isEmpty(), loader));
    }
    if (isRemote(uri)) {
      throw new UnreadableException("must name a local settings file, not one on a network");
    }
    if (scheme.equals(FILE)) {
      // Opaque where the path is relative: file:conf/caches.json.
      Path file = uri.isOpaque() ? Path.of(uri.getSchemeSpecificPart()) : Path.of(uri);
      return open(file.toUri().toURL());
    }
    return openOther(uri, loader);
  }

  /** Judges all schemes, also those within {@code jar:} and the like: one of them does the work. */
  private static boolean isRemote(URI uri) {
    String text = uri.toString().toLowerCase(Locale.ROOT);
    Matcher schemes = SCHEMES.matcher(text);
    String chain = schemes.lookingAt() ? schemes.group() : "";
    // A file's URI with a host is fetched over a network.
    return Stream.of(chain.split(":")).anyMatch(REMOTE::contains)
        || (chain.endsWith(FILE + ":")
            && text.startsWith("//", chain.length())
            && !text.startsWith("///", chain.length()));
  }

  private static InputStream openOther(URI uri, ClassLoader loader)
      throws IOException, UnreadableException {
    try {
      return open(uri.toURL());
    } catch (IOException e) {
      URL found = ofLoader(uri, loader);
      if (found != null) {
        return open(found);
      }
      if (e instanceof MalformedURLException) {
        throw new UnreadableException(
            "must be larder:<preset> or name a settings file (file:, jar:, classpath:)");
      }
      throw e;
    }
  }

  /** The resource of the loader that has that URI: its URL brings the handler with it. */
  private static @Nullable URL ofLoader(URI uri, ClassLoader loader) throws IOException {
    String path = uri.getSchemeSpecificPart();
    for (int slash = path.length(); slash > 0; ) {
      slash = path.lastIndexOf('/', slash - 1);
      for (URL url : Collections.list(loader.getResources(path.substring(slash + 1)))) {
        if (url.toExternalForm().equals(uri.toString())) {
          return url;
        }
      }
    }
    return null;
  }

  private static URL resource(@Nullable String given, boolean orFile, ClassLoader loader)
      throws IOException, UnreadableException {
    String path = given == null ? "" : given;
    String name = path.startsWith("/") ? path.substring(1) : path;
    URL found = name.isEmpty() ? null : loader.getResource(name);
    if (found != null) {
      return found;
    }
    if (orFile && !path.isEmpty() && Files.isRegularFile(Path.of(path))) {
      return Path.of(path).toUri().toURL();
    }
    throw new UnreadableException("must name a settings file: no such class path resource");
  }

  /** Some class loaders do not escape what a URI must. */
  private static Path path(URL url) {
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      return Path.of(url.getPath());
    }
  }

  private static InputStream open(URL url) throws IOException {
    if (FILE.equals(url.getProtocol()) && Files.isDirectory(path(url))) {
      throw new IOException("a directory");
    }
    URLConnection connection = url.openConnection();
    // A cached jar would stay open, and keep its file from being replaced.
    connection.setUseCaches(false);
    return connection.getInputStream();
  }
}
