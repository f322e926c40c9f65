package io.larder.ai;

import java.lang.management.ManagementFactory;
import java.util.concurrent.ConcurrentHashMap;
import javax.management.JMException;
import javax.management.MBeanRegistration;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the operations' figures into the platform's MBean server. Of two answer caches with the same
 * manager's URI the newest registration wins, and each takes out only its own. Thread-safe; a
 * server that refuses costs a line in the log, no call.
 */
final class Beans implements AutoCloseable {

  private static final String SPECIAL = "[,:=\n*?\"]";
  private static final Logger LOG = LoggerFactory.getLogger(AiCache.class);

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final String managerUri;
  private final ConcurrentHashMap<ObjectName, OwnBean> registered = new ConcurrentHashMap<>();

  Beans(String managerUri) {
    this.managerUri = managerUri;
  }

  /** A bean that knows whether its name is still its own. */
  private static final class OwnBean extends StandardMBean implements MBeanRegistration {

    private volatile boolean present;

    private OwnBean(StatisticsBean bean) {
      super(bean, AiStatisticsMXBean.class, true);
    }

    @Override
    public void postRegister(Boolean done) {
      present = done;
    }

    @Override
    public void postDeregister() {
      present = false;
    }
  }

  void register(Operation operation) {
    try {
      ObjectName name = new ObjectName("io.larder:type=AiStatistics,CacheManager="
          + cleaned(managerUri) + ",Operation=" + quoted(operation.name()));
      OwnBean bean = new OwnBean(new StatisticsBean(operation.counters()));
      synchronized (Beans.class) {
        if (server.isRegistered(name)) {
          server.unregisterMBean(name);
        }
        server.registerMBean(bean, name);
      }
      registered.put(name, bean);
    } catch (JMException | RuntimeException e) {
      LOG.warn("{}: no JMX bean: {}", operation.cache().name(), e.toString());
    }
  }

  /** Without what has a meaning in names of beans, patterns included. */
  private static String cleaned(String text) {
    return text.replaceAll(SPECIAL, ".");
  }

  /** Quoted if there is such in it, so that no two operations have one name. */
  private static String quoted(String operation) {
    return cleaned(operation).equals(operation) ? operation : ObjectName.quote(operation);
  }

  @Override
  public void close() {
    registered.forEach((name, bean) -> {
      synchronized (Beans.class) {
        if (bean.present) {
          try {
            server.unregisterMBean(name);
          } catch (JMException e) {
            LOG.warn("{}: the JMX bean {} stays: {}", managerUri, name, e.toString());
          }
        }
      }
    });
    registered.clear();
  }
}
