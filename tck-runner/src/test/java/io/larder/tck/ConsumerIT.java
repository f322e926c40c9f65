package io.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Runs {@code src/it/Consumer.java} in JVMs of its own, on the class paths that projects outside
 * this build resolved from the published POM.
 */
final class ConsumerIT {

  private static final Path PROJECTS = Path.of(System.getProperty("consumers.directory"));

  @Test
  void larderAloneAndBesideTheApplicationsRedisson() throws Exception {
    try (RedisServer redis = RedisServer.start()) {
      String namespace = RedisServer.newNamespace();
      run("alone", "put", redis.url(), namespace);
      run("beside-redisson", "get", redis.url(), namespace);
      run("alone", "get", redis.url(), namespace);
    }
  }

  @Test
  void larderAloneBringsNoRedissonAndNoLibraryForItsUnusedInterfaces() throws IOException {
    Stream<String> jars =
        classPath("alone").stream().map(jar -> Path.of(jar).getFileName().toString());

    assertThat(jars)
        .anyMatch(jar -> jar.startsWith("larder-provider-"))
        .noneMatch(jar -> jar.matches("(redisson|reactor-core|rxjava|byte-buddy|jodd-util)-.*"));
  }

  private static void run(String project, String action, String redisUrl, String namespace)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(String.join(File.pathSeparator, classPath(project)));
    command.add(Path.of("src/it/Consumer.java").toString());
    command.addAll(List.of(project, action, redisUrl, namespace));
    Path output = PROJECTS.resolve(project).resolve("target").resolve(action + ".txt");
    Process consumer = new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
    boolean ended = consumer.waitFor(180, TimeUnit.SECONDS);
    consumer.destroyForcibly().waitFor();

    assertThat(ended).as("ended by itself: %s", Files.readString(output)).isTrue();
    assertThat(consumer.exitValue()).as(Files.readString(output)).isZero();
  }

  private static List<String> classPath(String project) throws IOException {
    String classPath = Files.readString(PROJECTS.resolve(project).resolve("target/classpath.txt"));
    return List.of(classPath.strip().split(File.pathSeparator));
  }
}
