package io.larder.history;

import java.util.HashSet;
import java.util.Set;

/** A thread that reads: mostly what is being written, and at times anything. */
final class Reading extends Worker {

  Reading(Load load, int thread, Recorder recorder) {
    super(load, thread, recorder);
  }

  @Override
  void work(boolean writing) {
    int group = plan.group(System.nanoTime());
    for (int i = 0; i < plan.looks(); i++) {
      for (int member = 0; member < plan.keysOfGroup(); member++) {
        read(LoadCache.NEAR, plan.key(group, member));
      }
    }
    LoadCache cache = anyCache();
    int any = random.nextInt(plan.keys());
    switch (random.nextInt(4)) {
      case 0 -> contains(cache, any);
      case 1 -> readAll(cache, Set.of(any, (any + 1) % plan.keys(), (any + 7) % plan.keys()));
      case 2 -> readAll(cache, keysOf(group));
      default -> read(cache, any);
    }
    read(LoadCache.NEAR, random.nextInt(plan.keys()));
  }

  private Set<Integer> keysOf(int group) {
    Set<Integer> keys = new HashSet<>();
    for (int member = 0; member < plan.keysOfGroup(); member++) {
      keys.add(plan.key(group, member));
    }
    return keys;
  }
}
