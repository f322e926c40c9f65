package io.larder.tck;

import io.larder.testing.RedisCluster;
import io.larder.testing.RedisServer;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * A Redis for the whole run of the TCK in the modes that need one, named to the provider by
 * {@code larder.redis_url} before any test class is loaded.
 */
public final class RedisPerRun implements LauncherSessionListener {

  private AutoCloseable redis;

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    String mode = System.getProperty("tck.mode", "");
    if (mode.equals("redis") || mode.equals("near")) {
      RedisServer server = RedisServer.start();
      use(server, server.url());
    } else if (mode.equals("cluster")) {
      RedisCluster cluster = RedisCluster.start();
      use(cluster, cluster.url());
    }
  }

  private void use(AutoCloseable started, String url) {
    redis = started;
    System.setProperty("larder.redis_url", url);
    System.setProperty("larder.namespace", RedisServer.newNamespace());
  }

  @Override
  public void launcherSessionClosed(LauncherSession session) {
    if (redis == null) {
      return;
    }
    try {
      redis.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
