package io.larder.config;

import java.time.Duration;
import java.util.List;

/**
 * The settings in force for one cache.
 *
 * @param defaultTtl bounds the stay of eternal entries; zero for no bound
 * @param memoryCacheSize entries of the near tier in front of Redis
 * @param heapCacheSize entries of the whole cache where there is no Redis
 * @param nearEnabled whether a near tier may stand in front of Redis
 * @param codec how values are written
 * @param compression the compressor
 * @param compressionThresholdBytes encoded values larger than this are compressed
 * @param compressionLevel 1 (fast) to 9 (small), whatever the compressor
 * @param fallback what answers while Redis is away
 * @param allowedClasses patterns of classes that may be stored: a name, {@code pkg.*} for one
 *     package, {@code pkg.**} for it and all below
 */
public record CacheSettings(
    Duration defaultTtl,
    int memoryCacheSize,
    int heapCacheSize,
    boolean nearEnabled,
    CodecKind codec,
    CompressionKind compression,
    int compressionThresholdBytes,
    int compressionLevel,
    FallbackKind fallback,
    List<String> allowedClasses) {

  public CacheSettings {
    allowedClasses = List.copyOf(allowedClasses);
  }
}
