package io.larder.testing;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What is logged while this is open, by whatever thread of the JVM; it goes where it went before,
 * too. Tests run one after another, so one at a time.
 */
public final class LogLines implements AutoCloseable {

  private final PrintStream before = System.err;
  private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
  private final PrintStream both = new PrintStream(new Both(), true, StandardCharsets.UTF_8);

  private LogLines() {}

  /** Listens from now on. */
  public static LogLines listen() {
    LogLines lines = new LogLines();
    System.setErr(lines.both);
    return lines;
  }

  /** All that was said so far. */
  public String text() {
    return heard.toString(StandardCharsets.UTF_8);
  }

  /** The lines that contain a text. */
  public List<String> with(String part) {
    return text().lines().filter(line -> line.contains(part)).toList();
  }

  @Override
  public void close() {
    System.setErr(before);
  }

  private final class Both extends OutputStream {

    @Override
    public void write(int octet) {
      heard.write(octet);
      before.write(octet);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      heard.write(bytes, offset, length);
      before.write(bytes, offset, length);
    }
  }
}
