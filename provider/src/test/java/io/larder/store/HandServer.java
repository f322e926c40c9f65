package io.larder.store;

import org.jspecify.annotations.Nullable;

/** A server behind a circuit that is there or away as the test says. */
final class HandServer implements Circuit.Server {

  @Nullable
  StoreUnavailableException away;

  int pings;

  @Override
  public void ping(Budget budget) {
    pings++;
    if (away != null) {
      throw away;
    }
  }

  @Override
  public String awayBecause(@Nullable Throwable failure) {
    return "the server is away";
  }

  @Override
  public String takesNoChangesBecause(Throwable failure) {
    return "the server takes no changes";
  }

  @Override
  public StoreUnavailableException away(String cacheName, @Nullable Throwable lastFailure) {
    return new StoreUnavailableException(cacheName + ": away", lastFailure);
  }
}
