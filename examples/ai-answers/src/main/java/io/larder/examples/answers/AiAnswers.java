package io.larder.examples.answers;

import io.larder.LarderCacheManager;
import io.larder.ai.AiCache;
import io.larder.ai.stats.AiFigures;
import io.larder.ai.stats.AiOperationStats;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.ToLongFunction;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.spi.CachingProvider;

/**
 * A small document assistant: summaries, key points, sentiments and answers to questions about real
 * text, by a local stand-in for a paid model that counts its calls.
 *
 * <p>The answers are kept on the heap; with {@code CACHE_REDIS_URL} in the environment in Redis,
 * and other processes, at the same time or later, ask the model nothing that one of them asked. The
 * AI cache is on through its preset {@code ai-development}, unless the environment names another.
 */
public final class AiAnswers {

  private AiAnswers() {}

  /**
   * Runs the example. Exits with 2 if there is no text at the path, with 1 if the cache can't be
   * used.
   *
   * @param args a text file or a folder; none for the texts below the working directory
   */
  public static void main(String[] args) throws Exception {
    Path path = Path.of(args.length == 0 || args[0].isBlank() ? "." : args[0].strip());
    List<Document> documents;
    try {
      documents = Files.exists(path) ? Document.in(path) : List.of();
    } catch (IOException e) {
      System.err.println("ai-answers: '" + path + "' can't be read (" + e + ")");
      System.exit(2);
      return;
    }
    if (documents.isEmpty()) {
      System.err.println("ai-answers: there is no text at '" + path
          + "'; give a text file, or a folder with .md or .txt files");
      System.exit(2);
      return;
    }
    try {
      run(documents, System.out);
    } catch (CacheException e) {
      System.err.println("ai-answers: " + e.getMessage());
      System.exit(1);
    }
  }

  private static void run(List<Document> documents, PrintStream out)
      throws InterruptedException, ExecutionException {
    try (CachingProvider provider = Caching.getCachingProvider();
        CacheManager manager = provider.getCacheManager(uri(provider), null);
        AiCache cache = AiCache.on(manager)) {
      out.println("Document assistant: " + documents.size()
          + (documents.size() == 1 ? " document" : " documents") + ", AI cache "
          + (cache.config().enabled() ? "on" : "off") + ", "
          + (isShared(manager) ? "shared over Redis" : "on the heap"));
      StandInModel model = new StandInModel();
      Session session = new Session(new Assistant(cache, model), model, out);
      session.run(documents);
      out.println();
      out.println("answers: " + session.answers() + ", model calls: " + model.calls()
          + ", coalesced: " + sum(cache, AiFigures::coalesced)
          + ", saved tokens: " + sum(cache, AiFigures::savedTokens));
    }
  }

  /** The preset that has the AI cache on, unless the environment says which. */
  private static URI uri(CachingProvider provider) {
    boolean named =
        System.getenv("CACHE_PRESET") != null || System.getProperty("larder.preset") != null;
    return named ? provider.getDefaultURI() : URI.create("larder:ai-development");
  }

  private static boolean isShared(CacheManager manager) {
    return manager.unwrap(LarderCacheManager.class).settings().redis().isPresent();
  }

  private static long sum(AiCache cache, ToLongFunction<AiFigures> figure) {
    return cache.stats().operations().values().stream()
        .map(AiOperationStats::total)
        .mapToLong(figure)
        .sum();
  }
}
