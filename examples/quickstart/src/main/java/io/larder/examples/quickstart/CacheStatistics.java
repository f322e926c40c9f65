package io.larder.examples.quickstart;

import java.lang.management.ManagementFactory;
import javax.cache.Cache;
import javax.cache.management.CacheStatisticsMXBean;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/** Finds the statistics that JCache publishes through JMX. */
final class CacheStatistics {

  private CacheStatistics() {}

  /** The statistics of a cache that was configured with {@code setStatisticsEnabled(true)}. */
  static CacheStatisticsMXBean of(Cache<?, ?> cache) {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    try {
      ObjectName pattern =
          new ObjectName("javax.cache:type=CacheStatistics,Cache=" + cache.getName() + ",*");
      return server.queryNames(pattern, null).stream()
          .findFirst()
          .map(name -> JMX.newMXBeanProxy(server, name, CacheStatisticsMXBean.class))
          .orElseThrow(() -> new IllegalStateException("no JMX bean matches " + pattern));
    } catch (MalformedObjectNameException e) {
      throw new IllegalArgumentException("cache name '" + cache.getName() + "'", e);
    }
  }
}
