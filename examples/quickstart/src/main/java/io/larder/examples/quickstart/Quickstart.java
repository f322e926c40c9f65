package io.larder.examples.quickstart;

import io.larder.examples.quickstart.text.Analysis;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.spi.CachingProvider;

/**
 * Answers a stream of costly questions about real text through a JCache cache, and reports what the
 * cache did.
 *
 * <p>Everything about caching is in this class, and is plain {@code javax.cache}; {@link Tiers}
 * asks Larder for what it counts beyond that. The provider keeps the answers on the heap; with
 * {@code CACHE_REDIS_URL} in the environment it keeps them in Redis, and the next run finds them
 * there.
 */
public final class Quickstart {

  static final String CACHE_NAME = "answers";
  private static final int ASKS = 3000;

  private Quickstart() {}

  /**
   * Runs the example.
   *
   * <p>Exits with 2 if there is no text at the path, with 1 if the cache can't be used.
   *
   * @param args a text file or a folder; none for the Markdown files below the working directory
   */
  public static void main(String[] args) throws IOException {
    String path = args.length == 0 ? "" : args[0].strip();
    Library library;
    try {
      library = path.isEmpty() ? Library.ofMarkdown(Path.of(".")) : Library.of(Path.of(path));
    } catch (Library.NoTextException | InvalidPathException e) {
      System.err.println("quickstart: " + e.getMessage());
      System.exit(2);
      return;
    }
    try {
      run(library, System.out);
    } catch (CacheException e) {
      System.err.println("quickstart: " + e.getMessage());
      System.exit(1);
    }
  }

  private static void run(Library library, PrintStream out) {
    try (CachingProvider provider = Caching.getCachingProvider();
        CacheManager manager = provider.getCacheManager()) {
      Cache<Question, Answer> cache = manager.createCache(
          CACHE_NAME,
          new MutableConfiguration<Question, Answer>()
              .setTypes(Question.class, Answer.class)
              .setExpiryPolicyFactory(
                  CreatedExpiryPolicy.factoryOf(new Duration(TimeUnit.HOURS, 1)))
              .setStatisticsEnabled(true));

      Tiers tiers = new Tiers(cache);
      Report report = new Report(out);
      report.introduce(tiers, library);
      report.tell(askAll(library, cache, tiers), CacheStatistics.of(cache));
    }
  }

  private static List<Asked> askAll(Library library, Cache<Question, Answer> cache, Tiers tiers) {
    List<Topic> topics = new ArrayList<>();
    for (Document document : library.documents()) {
      for (Analysis analysis : Analysis.values()) {
        topics.add(new Topic(document, analysis));
      }
    }
    return QuestionStream.of(topics, ASKS)
        .map(topic -> ask(topic, cache, tiers))
        .toList();
  }

  /** The cache first; what it doesn't have is computed and put there. */
  private static Asked ask(Topic topic, Cache<Question, Answer> cache, Tiers tiers) {
    Question question = topic.question();
    long start = System.nanoTime();
    Answer answer = cache.get(question);
    if (answer == null) {
      answer = topic.compute();
      cache.put(question, answer);
    }
    long nanos = System.nanoTime() - start;
    return new Asked(topic, answer, nanos, tiers.lastServed());
  }
}
