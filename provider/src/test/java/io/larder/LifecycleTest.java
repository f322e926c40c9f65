package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.integration.CacheLoader;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing stays of what was closed: no class loader, thread, connection or bean. */
final class LifecycleTest {

  private static final int ROUNDS = Integer.getInteger("larderTest.rounds", 100);
  private static final long MEMORY_TOLERANCE = 16L << 20;

  private static RedisServer redis;

  @BeforeAll
  static void start() {
    redis = RedisServer.startOwn();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void closedCachesLetGoOfTheApplicationsClasses(Mode mode) throws Exception {
    LarderCachingProvider provider = new LarderCachingProvider();
    WeakReference<ClassLoader> application = runApplication(provider, mode, true);

    awaitCollected(application);

    provider.close();
  }

  @Test
  void managerWithoutCachesDoesNotHoldItsClassLoader() throws Exception {
    LarderCachingProvider provider = new LarderCachingProvider();
    ClassLoader loader = new URLClassLoader(new URL[0], null);
    provider.getCacheManager(URI.create("larder:development"), loader, new Properties());
    WeakReference<ClassLoader> application = new WeakReference<>(loader);
    loader = null;

    awaitCollected(application);

    provider.close();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void providerLeavesNoThread(Mode mode) throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    LarderCachingProvider provider = new LarderCachingProvider();
    runApplication(provider, mode, false);

    provider.close();

    await("threads are left: ", () -> threadsSince(before).isEmpty(), () -> threadsSince(before));
  }

  @Test
  @Tag("rounds")
  void manyRoundsLeaveNothingBehind() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    try (RespConnection connection = redis.connect();
        LarderCachingProvider provider = new LarderCachingProvider()) {
      long warmedUp = 0;
      for (int round = 0; round < ROUNDS; round++) {
        if (round == ROUNDS / 4) {
          warmedUp = usedMemory();
        }
        try (CacheManager manager = manager(provider, Mode.NEAR, getClass().getClassLoader())) {
          Cache<String, String> cache = manager.createCache(
              "round",
              new MutableConfiguration<String, String>()
                  .setTypes(String.class, String.class)
                  .setManagementEnabled(true)
                  .setStatisticsEnabled(true));
          cache.put("k", "v" + round);
          assertThat(cache.get("k")).isEqualTo("v" + round);
        }
      }

      await("threads are left: ", () -> threadsSince(before).isEmpty(), () -> threadsSince(before));
      long then = warmedUp;
      await("memory: ", () -> usedMemory() - then < MEMORY_TOLERANCE, () -> usedMemory() - then);
      // Its own alone, whatever an earlier test was still closing when this one began.
      await(
          "connections are left:\n",
          () -> clients(connection).size() == 1,
          () -> clients(connection));
      assertThat(ManagementFactory.getPlatformMBeanServer()
              .queryNames(new ObjectName("javax.cache:Cache=round,*"), null))
          .isEmpty();
    }
  }

  @Test
  void closingWhileConnectingLeavesNoConnection() {
    try (RespConnection connection = redis.connect();
        LarderCachingProvider provider = new LarderCachingProvider()) {
      Random random = new Random(1);
      for (int round = 0; round < 2 * ROUNDS; round++) {
        try (CacheManager manager = manager(provider, Mode.NEAR, getClass().getClassLoader())) {
          manager.createCache("round", new MutableConfiguration<String, String>());
          LockSupport.parkNanos(random.nextInt(4_000_000));
        }
      }

      await(
          "connections are left:\n",
          () -> clients(connection).size() == 1,
          () -> clients(connection));
    }
  }

  private static long usedMemory() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /**
   * Uses caches as an application does whose classes are its own.
   *
   * @param close whether its manager is closed
   */
  private static WeakReference<ClassLoader> runApplication(
      LarderCachingProvider provider, Mode mode, boolean close) throws Exception {
    URLClassLoader loader = new OwnClasses();
    Class<?> application = loader.loadClass(Application.class.getName());
    assertThat(application.getClassLoader()).isSameAs(loader);
    Method run =
        application.getDeclaredMethod("run", CacheManager.class, boolean.class, String.class);
    run.setAccessible(true);
    CacheManager manager = manager(provider, mode, loader);
    run.invoke(null, manager, mode.isByValue(), RedisServer.newNamespace());
    if (close) {
      manager.close();
    }
    return new WeakReference<>(loader);
  }

  private static CacheManager manager(
      LarderCachingProvider provider, Mode mode, ClassLoader loader) {
    Properties settings = new Properties();
    settings.setProperty("allowed_classes", "io.larder.**");
    settings.setProperty("operation_timeout_ms", "5000");
    if (mode.isShared()) {
      settings.setProperty("redis_url", redis.url());
      settings.setProperty("enable_l1_cache", String.valueOf(mode == Mode.NEAR));
    }
    return provider.getCacheManager(URI.create("larder:development"), loader, settings);
  }

  private static Set<String> threadsSince(Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread) && thread.isAlive())
        .map(Thread::getName)
        .filter(name -> name.matches("(larder|redisson|netty|nioEventLoop|pool-).*"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> clients(RespConnection connection) {
    return RespConnection.text(connection.command("CLIENT", "LIST"))
        .strip()
        .lines()
        .toList();
  }

  private static void awaitCollected(WeakReference<ClassLoader> loader) {
    await(
        "the class loader is held",
        () -> {
          System.gc();
          return loader.get() == null;
        },
        () -> "");
  }

  private static void await(String what, BooleanSupplier condition, Supplier<Object> detail) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("after 60 s: " + what + detail.get());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  /** Defines the application's classes itself, and takes all others from the test's loader. */
  private static final class OwnClasses extends URLClassLoader {

    OwnClasses() {
      super(classPath(), LifecycleTest.class.getClassLoader());
    }

    private static URL[] classPath() {
      List<URL> urls = new ArrayList<>();
      try {
        for (String path : System.getProperty("java.class.path").split(File.pathSeparator)) {
          urls.add(Path.of(path).toUri().toURL());
        }
      } catch (MalformedURLException e) {
        throw new IllegalStateException(e);
      }
      return urls.toArray(URL[]::new);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        if (!name.startsWith(LifecycleTest.class.getName() + "$App")) {
          return super.loadClass(name, resolve);
        }
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }
  }

  /**
   * The application: keys, values, loader and listener of its own classes. No private members:
   * these classes are no nest mates of the test's there.
   */
  static final class Application {

    static void run(CacheManager manager, boolean byValue, String name) {
      MutableConfiguration<AppKey, AppValue> configuration = new MutableConfiguration<
              AppKey, AppValue>()
          .setTypes(AppKey.class, AppValue.class)
          .setStoreByValue(byValue)
          .setStatisticsEnabled(true)
          .setManagementEnabled(true)
          .setReadThrough(true)
          .setCacheLoaderFactory(new FactoryBuilder.SingletonFactory<>(new AppLoader()));
      AppListener listener = new AppListener();
      for (boolean synchronous : new boolean[] {true, false}) {
        configuration.addCacheEntryListenerConfiguration(
            new MutableCacheEntryListenerConfiguration<>(
                new FactoryBuilder.SingletonFactory<>(listener), null, false, synchronous));
      }
      Cache<AppKey, AppValue> cache = manager.createCache(name, configuration);
      for (int i = 0; i < 20; i++) {
        cache.put(new AppKey("k" + i), new AppValue(new ArrayList<>(List.of("v" + i))));
      }
      for (int i = 0; i < 30; i++) {
        AppValue value = cache.get(new AppKey("k" + i));
        if (value == null) {
          throw new IllegalStateException("k" + i);
        }
      }
      cache.invoke(new AppKey("k1"), (entry, arguments) -> {
        entry.setValue(new AppValue(new ArrayList<>()));
        return null;
      });
      cache.iterator().forEachRemaining(entry -> entry.getValue());
      // So often that the virtual machine compiles what copies the values.
      for (int i = 0; i < 300; i++) {
        cache.get(new AppKey("k2"));
      }
      if (listener.count.get() < 30) {
        throw new IllegalStateException("heard " + listener.count);
      }
    }
  }

  /**
   * No record: on JDK 17 {@code java.lang.runtime.ObjectMethods} holds the class of one for ever.
   */
  static final class AppKey {

    final String name;

    AppKey(String name) {
      this.name = name;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof AppKey that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }
  }

  static final class AppValue {

    final List<String> texts;
    long count = 1;

    AppValue(List<String> texts) {
      this.texts = texts;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof AppValue that && texts.equals(that.texts);
    }

    @Override
    public int hashCode() {
      return texts.hashCode();
    }
  }

  static final class AppLoader implements CacheLoader<AppKey, AppValue> {

    @Override
    public AppValue load(AppKey key) {
      return new AppValue(new ArrayList<>(Arrays.asList(key.name)));
    }

    @Override
    public Map<AppKey, AppValue> loadAll(Iterable<? extends AppKey> keys) {
      Map<AppKey, AppValue> loaded = new HashMap<>();
      keys.forEach(key -> loaded.put(key, load(key)));
      return loaded;
    }
  }

  static final class AppListener implements CacheEntryCreatedListener<AppKey, AppValue> {

    final AtomicInteger count = new AtomicInteger();

    @Override
    public void onCreated(Iterable<CacheEntryEvent<? extends AppKey, ? extends AppValue>> events) {
      events.forEach(event -> count.incrementAndGet());
    }
  }
}
