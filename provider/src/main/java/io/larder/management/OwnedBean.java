package io.larder.management;

import javax.management.StandardMBean;

/** An MXBean that knows whether it is still in the server. */
final class OwnedBean extends StandardMBean {

  private volatile boolean registered;

  OwnedBean(Object bean) {
    super(bean, null, true);
  }

  boolean isRegistered() {
    return registered;
  }

  @Override
  public void postRegister(Boolean registrationDone) {
    super.postRegister(registrationDone);
    registered = registrationDone;
  }

  @Override
  public void postDeregister() {
    super.postDeregister();
    registered = false;
  }
}
