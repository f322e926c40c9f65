package io.larder.config;

import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Values that an application gives as a preset of its own: weaker than every source, stronger than
 * the preset that they stand over.
 *
 * @param values by dotted key
 * @param database the Redis database for a URL that names none
 */
record OwnPreset(Map<String, Object> values, OptionalInt database) {

  static final OwnPreset NONE = new OwnPreset(Map.of(), OptionalInt.empty());

  OwnPreset {
    values = new TreeMap<>(values);
  }

  /** Takes the values into a layer. */
  void into(Layer layer) {
    values.forEach((key, value) -> layer.value(key, value, "own preset"));
  }

  /** Completes the URL of a layer. */
  void complete(Layer layer) {
    database.ifPresent(number -> layer
        .values()
        .computeIfPresent(
            SourceLayers.REDIS_URL,
            (path, given) -> given.value() instanceof RedisUrl url
                ? new Given(url.inDatabase(number), given.rank(), given.source())
                : given));
  }
}
