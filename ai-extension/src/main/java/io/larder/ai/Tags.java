package io.larder.ai;

import io.larder.ai.platform.Platform;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import javax.cache.Cache;
import javax.cache.CacheException;

/**
 * What answers are invalidated by. Thread-safe.
 *
 * <p><b>Design.</b> A tag has a generation, a random name that stands in a cache of its own. An
 * answer carries the generations that its tags had before the model was asked, and is valid while
 * they are the same: to invalidate is to give a tag another generation, at constant cost, without
 * an index. Answers on their way have the old generation, too. A generation is written before the
 * first answer that carries it, so that one that got lost is no generation that an answer has.
 *
 * <p>A process that is apart from the others, or may not have asked them, gives no tag a
 * generation: that would be removed for all when they are together again, and with it the validity
 * of what they have. It waits for them a little; then its answers carry one that is its own, and
 * are valid as long as it is apart.
 */
final class Tags {

  private static final String OPERATION = "op:";
  private static final int MOST_TRIES = 10;

  private final CacheSlot<String> generations;
  private final Settling settling;
  private final Platform platform;
  private final String apart = newGeneration();
  private final ConcurrentHashMap<String, CompletableFuture<String>> creating =
      new ConcurrentHashMap<>();

  Tags(CacheSlot<String> generations, Settling settling) {
    this.generations = generations;
    this.settling = settling;
    this.platform = settling.platform();
  }

  static String ofOperation(String operation) {
    return OPERATION + operation;
  }

  /** The tags' generations now; those that have none get one. */
  Map<String, String> generations(Set<String> tags) {
    Cache<String, String> cache = generations.get();
    for (int i = 0; i < MOST_TRIES; i++) {
      long callsApart = platform.callsApart();
      Map<String, String> known = new HashMap<>(cache.getAll(tags));
      if (known.size() == tags.size()) {
        return Map.copyOf(known);
      } else if (platform.callsApart() == callsApart) {
        return completed(known, tags, tag -> one(cache, tag));
      } else if (!settling.isDoubtful(callsApart)) {
        break;
      }
    }
    return completed(new HashMap<>(cache.getAll(tags)), tags, tag -> apart);
  }

  private static Map<String, String> completed(
      Map<String, String> known, Set<String> tags, UnaryOperator<String> missing) {
    for (String tag : tags) {
      if (!known.containsKey(tag)) {
        known.put(tag, missing.apply(tag));
      }
    }
    return Map.copyOf(known);
  }

  /** One thread at a time gives a tag a generation; the others wait for it. */
  private String one(Cache<String, String> cache, String tag) {
    CompletableFuture<String> mine = new CompletableFuture<>();
    CompletableFuture<String> other = creating.putIfAbsent(tag, mine);
    if (other != null) {
      return awaited(other);
    }
    try {
      String made = created(cache, tag);
      mine.complete(made);
      return made;
    } catch (Throwable e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      creating.remove(tag, mine);
    }
  }

  private static String awaited(CompletableFuture<String> other) {
    try {
      return other.get();
    } catch (ExecutionException e) {
      throw new CacheException("no generation for a tag", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CacheException("interrupted while waiting for a tag's generation", e);
    }
  }

  /** What was made while Redis was slow to reply may be gone a moment later: then once more. */
  private String created(Cache<String, String> cache, String tag) {
    String fresh = newGeneration();
    long callsApart = platform.callsApart();
    String made = cache.putIfAbsent(tag, fresh) ? fresh : cache.get(tag);
    for (int i = 0; i < MOST_TRIES && settling.isDoubtful(callsApart); i++) {
      callsApart = platform.callsApart();
      made = cache.get(tag);
      if (made == null && cache.putIfAbsent(tag, fresh)) {
        made = fresh;
      }
    }
    return made == null ? fresh : made;
  }

  /** Whether none of the tags has been renewed. */
  boolean areCurrent(Map<String, String> seen) {
    Map<String, String> now = generations.get().getAll(seen.keySet());
    return now.equals(seen) || seen.containsValue(apart) && areCurrentApart(seen, now);
  }

  private boolean areCurrentApart(Map<String, String> seen, Map<String, String> now) {
    return platform.isApart()
        && seen.entrySet().stream()
            .allMatch(entry -> entry.getValue().equals(now.getOrDefault(entry.getKey(), apart)));
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
