package io.larder.ai;

import io.larder.testing.RedisServer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Measures a look-up that the near tier answers (sentiment: of other operations, large texts are
 * not promoted), for a prompt of 8 KiB, beside hashing the prompt once. A program of its own:
 * {@code docs/benchmarks.md} has the command.
 */
final class LookupCost {

  private static final int ROUNDS = 15;
  private static final int TIMES = 20_000;

  private LookupCost() {}

  public static void main(String[] args) throws Exception {
    for (Place place : new Place[] {Place.NEAR, Place.HEAP, Place.CAFFEINE}) {
      try (RedisServer redis = RedisServer.start();
          AiCaches caches = AiCaches.in(place, redis)) {
        AiCache cache = caches.cache();
        String ascii =
            "All the words of a prompt, again and again. ".repeat(187).substring(0, 8192);
        measure(place + ", ASCII", cache, ascii);
        measure(place + ", umlauts", cache, ascii.replace('p', '\u00FC').substring(0, 7900));
      }
    }
  }

  private static void measure(String name, AiCache cache, String text) throws Exception {
    String copy = new String(text);
    request(copy, cache);
    double[] lookups = new double[ROUNDS];
    double[] hashes = new double[ROUNDS];
    long blackHole = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < TIMES; i++) {
        blackHole += request(copy, cache).details().hits();
      }
      lookups[round] = (System.nanoTime() - start) / (double) TIMES;
      start = System.nanoTime();
      for (int i = 0; i < TIMES; i++) {
        blackHole += hash(copy).length();
      }
      hashes[round] = (System.nanoTime() - start) / (double) TIMES;
    }
    Arrays.sort(lookups);
    Arrays.sort(hashes);
    System.out.printf(
        "%s: look-up %.0f ns, hashing once %.0f ns, factor %.2f (medians of %d rounds; %d)%n",
        name,
        lookups[ROUNDS / 2],
        hashes[ROUNDS / 2],
        lookups[ROUNDS / 2] / hashes[ROUNDS / 2],
        ROUNDS,
        blackHole % 10);
  }

  private static AiRequest build(String text) {
    return AiRequest.builder("sentiment")
        .text(text)
        .model("m-1")
        .option("temperature", 0.2)
        .option("max_tokens", 256)
        .build();
  }

  /** As an application does it: the request is made anew. */
  private static AiResult<String> request(String text, AiCache cache) {
    return cache.getOrCompute(build(text), () -> AiAnswer.of("An answer.").withUsage(2000, 100));
  }

  private static String hash(String text) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
