package io.larder.management;

import java.util.List;
import java.util.Map;

/** A cache's own view in JMX, {@code io.larder:type=Cache,CacheManager=...,Cache=...}. */
public interface WatchedCacheMXBean {

  /** Hits by reads, from 0 to 1. */
  double getHitRatio();

  long getTotalOperations();

  long getCacheHits();

  long getCacheMisses();

  /** Entries in this process, approximately. */
  long getEntryCount();

  /** What they take, estimated. */
  long getMemoryUsageBytes();

  /** Milliseconds. */
  double getAverageOperationTimeMillis();

  /** Compressed by original bytes; 1 where nothing was compressed. */
  double getAverageCompressionRatio();

  /** Milliseconds. */
  double getAverageCompressionTimeMillis();

  long getTotalBytesSaved();

  /** {@code EXCELLENT}, {@code GOOD}, {@code ACCEPTABLE} or {@code POOR}. */
  String getRating();

  /** All statistics under their documented names ({@code hit_ratio}, ...). */
  Map<String, Double> getStatistics();

  /** The statistics of each tier, {@code L1} and {@code Redis}, under the same names. */
  Map<String, Map<String, Double>> getTiers();

  /** The latest alerts about this cache and its manager's connection, oldest first. */
  List<String> getLastAlerts();
}
