package io.larder.management;

import java.lang.management.ManagementFactory;
import java.net.URI;
import javax.cache.CacheException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/**
 * Puts the beans of one cache manager's caches into the platform's MBean server, under the names of
 * JSR-107 section 12.1, and takes them out again.
 *
 * <p>Two managers of one URI (an old deployment and its successor) share names. The newest
 * registration wins; a manager takes out only a bean that is its own.
 */
public final class CacheBeans {

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final URI managerUri;

  /** For the caches of the manager of that URI. */
  public CacheBeans(URI managerUri) {
    this.managerUri = managerUri;
  }

  /** The kinds of beans: those that JSR-107 has, and Larder's own in a domain of its own. */
  public enum Kind {
    CONFIGURATION("javax.cache", "CacheConfiguration"),
    STATISTICS("javax.cache", "CacheStatistics"),
    WATCHED("io.larder", "Cache");

    private final String domain;
    private final String type;

    Kind(String domain, String type) {
      this.domain = domain;
      this.type = type;
    }
  }

  /** The bean's name. */
  public ObjectName nameOf(Kind kind, String cacheName) {
    String name = kind.domain + ":type=" + kind.type
        + ",CacheManager=" + cleaned(managerUri.toString())
        + ",Cache=" + cleaned(cacheName);
    try {
      return new ObjectName(name);
    } catch (MalformedObjectNameException e) {
      throw new CacheException(cacheName + ": no JMX name can be made: " + name, e);
    }
  }

  /**
   * Registers a bean in place of whatever has its name.
   *
   * @return takes the bean out again, if its name is still its own
   */
  public Runnable register(Kind kind, String cacheName, Object bean) {
    return register(nameOf(kind, cacheName), cacheName, bean);
  }

  /**
   * Registers a bean of the manager itself, in Larder's own domain, in place of whatever has its
   * name.
   *
   * @return takes the bean out again, if its name is still its own
   */
  public Runnable registerForManager(String type, Object bean) {
    String name = "io.larder:type=" + type + ",CacheManager=" + cleaned(managerUri.toString());
    try {
      return register(new ObjectName(name), managerUri.toString(), bean);
    } catch (MalformedObjectNameException e) {
      throw new CacheException(managerUri + ": no JMX name can be made: " + name, e);
    }
  }

  private Runnable register(ObjectName name, String owner, Object bean) {
    OwnedBean owned = new OwnedBean(bean);
    synchronized (CacheBeans.class) {
      try {
        if (server.isRegistered(name)) {
          server.unregisterMBean(name);
        }
        server.registerMBean(owned, name);
      } catch (JMException | RuntimeException e) {
        throw new CacheException(owner + ": cannot register " + name, e);
      }
    }
    return () -> unregister(name, owned);
  }

  private void unregister(ObjectName name, OwnedBean owned) {
    synchronized (CacheBeans.class) {
      if (!owned.isRegistered()) {
        return;
      }
      try {
        server.unregisterMBean(name);
      } catch (JMException | RuntimeException e) {
        throw new CacheException("cannot unregister " + name, e);
      }
    }
  }

  /** Without what has a meaning in names of beans, patterns included. */
  private static String cleaned(String text) {
    return text.replaceAll("[,:=\n*?\"]", ".");
  }
}
