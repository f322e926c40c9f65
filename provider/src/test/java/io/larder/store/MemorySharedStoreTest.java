package io.larder.store;

/** The store that the near tier's tests stand on keeps the contract itself. */
final class MemorySharedStoreTest extends StoreContract {

  private final MemoryServer<String, String> server = new MemoryServer<>(4);

  @Override
  protected Store<String, String> openStore() {
    return MemorySharedStore.immediate(server, NearClock.SYSTEM);
  }

  @Override
  protected long shortTtl() {
    return 6_000;
  }

  @Override
  protected void letPass(long millis) {
    server.passMillis(millis);
  }
}
