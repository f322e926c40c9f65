package io.larder.ai;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import javax.cache.Cache;

/**
 * What answers are invalidated by. Thread-safe.
 *
 * <p><b>Design.</b> A tag has a generation, a random name that stands in a cache of its own. An
 * answer carries the generations that its tags had before the model was asked, and is valid while
 * they are the same: to invalidate is to give a tag another generation, at constant cost, without
 * an index. Answers on their way have the old generation, too. A generation is written before the
 * first answer that carries it, so that one that got lost is no generation that an answer has.
 */
final class Tags {

  private static final String OPERATION = "op:";

  private final CacheSlot<String> generations;

  Tags(CacheSlot<String> generations) {
    this.generations = generations;
  }

  static String ofOperation(String operation) {
    return OPERATION + operation;
  }

  /** The tags' generations now; those that have none get one. */
  Map<String, String> generations(Set<String> tags) {
    Cache<String, String> cache = generations.get();
    Map<String, String> known = new HashMap<>(cache.getAll(tags));
    for (String tag : tags) {
      if (!known.containsKey(tag)) {
        known.put(tag, created(cache, tag));
      }
    }
    return Map.copyOf(known);
  }

  private static String created(Cache<String, String> cache, String tag) {
    String fresh = newGeneration();
    if (cache.putIfAbsent(tag, fresh)) {
      return fresh;
    }
    String others = cache.get(tag);
    return others == null ? fresh : others;
  }

  /** Whether none of the tags has been renewed. */
  boolean areCurrent(Map<String, String> seen) {
    return generations.get().getAll(seen.keySet()).equals(seen);
  }

  /** Ends the validity of all answers that carry the tag, here and on their way. */
  void renew(String tag) {
    generations.get().put(tag, newGeneration());
  }

  private static String newGeneration() {
    return UUID.randomUUID().toString();
  }

  /** The operations that have ever stored an answer, in whichever process. */
  Set<String> operations() {
    Set<String> found = new TreeSet<>();
    for (Cache.Entry<String, String> entry : generations.get()) {
      if (entry.getKey().startsWith(OPERATION)) {
        found.add(entry.getKey().substring(OPERATION.length()));
      }
    }
    return found;
  }

  /** A view of the tags' generations that asks for each set of tags only once. For one thread. */
  Validity validity() {
    return new Validity();
  }

  /** Judges many answers at a moment. */
  final class Validity {

    private final Map<Map<String, String>, Boolean> known = new HashMap<>();

    /** Whether an answer with these generations is valid. */
    boolean holds(Map<String, String> seen) {
      return known.computeIfAbsent(seen, Tags.this::areCurrent);
    }

    /** The same, whatever one tag's generation is by now, if it was this one. */
    boolean held(Map<String, String> seen, String tag, String generation) {
      Map<String, String> others = new HashMap<>(seen);
      return generation.equals(others.remove(tag)) && holds(others);
    }
  }
}
