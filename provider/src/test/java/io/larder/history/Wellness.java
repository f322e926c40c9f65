package io.larder.history;

import io.larder.LarderCacheManager;
import io.larder.stats.Health;
import io.larder.stats.RedisStatus;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.cache.CacheManager;

/**
 * What a process says of its Redis at one moment.
 *
 * @param health its manager's health
 * @param connection whether it uses Redis
 * @param found what each check found
 */
public record Wellness(
    Health.Status health, RedisStatus.Connection connection, List<String> found) {

  public Wellness {
    found = List.copyOf(found);
  }

  static Wellness of(CacheManager manager) {
    LarderCacheManager larder = manager.unwrap(LarderCacheManager.class);
    Health health = larder.health();
    List<String> found = health.checks().stream()
        .map(check -> check.name() + " " + check.outcome() + ": " + check.message())
        .collect(Collectors.toList());
    return new Wellness(
        health.status(), larder.redisWatch().orElseThrow().status().connection(), found);
  }

  /** Whether Redis is used and does what it is asked, fast or not. */
  public boolean isWell() {
    return health != Health.Status.UNHEALTHY && connection == RedisStatus.Connection.CONNECTED;
  }

  /** Whether the health says that it is not. */
  public boolean isUnhealthy() {
    return health == Health.Status.UNHEALTHY;
  }

  String words() {
    String text = String.join("\n", found);
    return health + " " + connection + " "
        + Base64.getEncoder()
            .encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  static Wellness parse(String words) {
    String[] parts = words.split(" ");
    String text =
        new String(Base64.getDecoder().decode(parts[2]), java.nio.charset.StandardCharsets.UTF_8);
    return new Wellness(
        Health.Status.valueOf(parts[0]),
        RedisStatus.Connection.valueOf(parts[1]),
        List.of(text.split("\n")));
  }
}
