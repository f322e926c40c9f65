package io.larder.benchmarks;

import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** What the figures were measured on and with. */
final class Machine {

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  private Machine() {}

  /** One fact a line. */
  static List<String> facts(RedisServer redis) {
    List<String> facts = new ArrayList<>();
    facts.add("Date: " + LocalDate.now(ZoneOffset.UTC));
    facts.add("CPU: " + cpu() + ", " + Runtime.getRuntime().availableProcessors() + " cores");
    facts.add("OS: " + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
        + System.getProperty("os.arch"));
    facts.add("JDK: " + System.getProperty("java.vm.name") + " " + Runtime.version());
    facts.add("Redis: " + version(redis));
    facts.add("Versions: " + versions());
    return facts;
  }

  private static String cpu() {
    try (var lines = Files.lines(CPU_INFO)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static String version(RedisServer redis) {
    String info = RespConnection.text(redis.command("INFO", "server"));
    return info.lines()
        .filter(line -> line.startsWith("redis_version:"))
        .map(line -> line.substring(line.indexOf(':') + 1))
        .findFirst()
        .orElse("unknown");
  }

  private static String versions() {
    Properties versions = new Properties();
    try (InputStream in = Machine.class.getResourceAsStream("versions.properties")) {
      if (in != null) {
        versions.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return String.join(
        ", ",
        versions.stringPropertyNames().stream()
            .sorted()
            .map(name -> name + " " + versions.getProperty(name))
            .toList());
  }
}
