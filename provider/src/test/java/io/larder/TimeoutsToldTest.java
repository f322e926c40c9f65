package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.config.LarderSettings;
import io.larder.testing.LogLines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import javax.cache.CacheException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that does not answer is told by the setting whose time has run out. */
final class TimeoutsToldTest {

  /** @param queue filled if nobody is to be let in; else all are let in, and nobody is answered */
  private record Mute(ServerSocket socket, List<Socket> queue) implements AutoCloseable {

    static Mute open(boolean full) throws IOException {
      Mute mute = new Mute(
          new ServerSocket(0, full ? 1 : 50, InetAddress.getLoopbackAddress()), new ArrayList<>());
      for (int i = 0; full && i < 8; i++) {
        Socket socket = new Socket();
        mute.queue().add(socket);
        try {
          socket.connect(mute.socket().getLocalSocketAddress(), 100);
        } catch (IOException e) {
          break;
        }
      }
      return mute;
    }

    @Override
    public void close() throws IOException {
      for (Socket one : queue) {
        one.close();
      }
      socket.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "true, '', 1, 20000, (no answer within connection_timeout)",
    "false, '', 20, 300, (no answer within operation_timeout_ms)",
    "false, :hunter2@, 20, 300, (no answer within operation_timeout_ms)"
  })
  void whoeverAsks(boolean full, String user, int connection, int operation, String told)
      throws IOException {
    try (Mute mute = Mute.open(full);
        LarderCachingProvider provider = new LarderCachingProvider()) {
      Properties properties = new Properties();
      properties.put(
          "redis_url", "redis://" + user + "127.0.0.1:" + mute.socket().getLocalPort());
      properties.put("connection_timeout", connection);
      properties.put("operation_timeout_ms", operation);
      properties.put("fail_on_connection_error", true);
      assertThatThrownBy(() -> provider.getCacheManager(
              URI.create("larder:simple"), getClass().getClassLoader(), properties))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining(told);

      LarderSettings.Builder settings = LarderSettings.builder();
      properties.forEach((key, value) -> settings.set((String) key, value));
      assertThat(LarderCaches.probe(settings.build()).failure().orElseThrow().cause())
          .contains(told);
    }
  }

  /** Nobody waits for the connect timeout there. */
  @ParameterizedTest
  @CsvSource({"true, 10, 300", "false, 10, 300"})
  void atTheStartWithoutRedis(boolean full, int connection, int operation) throws IOException {
    try (Mute mute = Mute.open(full);
        LogLines log = LogLines.listen();
        LarderCachingProvider provider = new LarderCachingProvider()) {
      Properties properties = new Properties();
      properties.put("redis_url", "redis://127.0.0.1:" + mute.socket().getLocalPort());
      properties.put("connection_timeout", connection);
      properties.put("operation_timeout_ms", operation);
      provider.getCacheManager(
          URI.create("larder:simple"), getClass().getClassLoader(), properties);

      assertThat(log.text()).contains("operation_timeout_ms").doesNotContain("connection_timeout");
    }
  }
}
