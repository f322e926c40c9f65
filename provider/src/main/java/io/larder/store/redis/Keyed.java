package io.larder.store.redis;

/**
 * A key with its encoded form and the names that follow from it.
 *
 * @param entry the name of its entry in Redis
 */
record Keyed<K>(K key, byte[] encoded, int bucket, byte[] entry) {

  static <K> Keyed<K> of(K key, byte[] encoded, Layout layout) {
    int bucket = Layout.bucketOf(encoded);
    return new Keyed<>(key, encoded, bucket, layout.entry(bucket, encoded));
  }
}
