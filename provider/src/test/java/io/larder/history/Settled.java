package io.larder.history;

import java.lang.management.ManagementFactory;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Waits until this process works with Redis again, by its bean. */
final class Settled {

  private Settled() {}

  /**
   * The times before and after that was seen, and when it was first seen that Redis is asked; or
   * {@code -} if there is no bean.
   */
  static String await() {
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    try {
      Set<ObjectName> names = beans.queryNames(new ObjectName("io.larder:type=Redis,*"), null);
      if (names.isEmpty()) {
        return "-";
      }
      ObjectName name = names.iterator().next();
      long connected = 0;
      while (System.nanoTime() < end) {
        long before = System.nanoTime();
        boolean asked = beans.getAttribute(name, "Connection").equals("CONNECTED");
        connected = asked && connected == 0 ? before : connected;
        if (asked
            && beans.getAttribute(name, "JournalledKeys").equals(0L)
            && beans.getAttribute(name, "JournalledClears").equals(0)) {
          return before + "," + System.nanoTime() + "," + connected;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      }
      throw new IllegalStateException(
          "not settled after 30 s: " + beans.getAttribute(name, "Connection") + ", left to replay: "
              + beans.getAttribute(name, "JournalledKeys") + " keys, "
              + beans.getAttribute(name, "JournalledClears") + " clears");
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }
}
