package io.larder.codec;

import io.larder.config.CacheSettings;
import io.larder.config.CodecKind;
import io.larder.config.CompressionKind;
import io.larder.config.FallbackKind;
import io.larder.config.LogLevel;
import io.larder.log.Log;
import io.larder.stats.CodecCounters;
import java.time.Duration;
import java.util.List;

/** Makes codecs for tests. */
record Contexts(
    ClassLoader loader,
    Class<?> keyType,
    Class<?> valueType,
    CodecKind codec,
    CompressionKind compression,
    List<String> allowed) {

  static Contexts any() {
    return new Contexts(
        Contexts.class.getClassLoader(),
        Object.class,
        Object.class,
        CodecKind.KRYO,
        CompressionKind.NONE,
        List.of());
  }

  Contexts allow(String... patterns) {
    return new Contexts(loader, keyType, valueType, codec, compression, List.of(patterns));
  }

  Contexts types(Class<?> key, Class<?> value) {
    return new Contexts(loader, key, value, codec, compression, allowed);
  }

  Contexts codec(CodecKind kind) {
    return new Contexts(loader, keyType, valueType, kind, compression, allowed);
  }

  Contexts compression(CompressionKind kind) {
    return new Contexts(loader, keyType, valueType, codec, kind, allowed);
  }

  Contexts loader(ClassLoader other) {
    return new Contexts(other, keyType, valueType, codec, compression, allowed);
  }

  Codecs<Object, Object> codecs() {
    return Codecs.of(new CodecContext(
        "products",
        loader,
        keyType,
        valueType,
        new CacheSettings(
            Duration.ZERO, 100, 100, true, codec, compression, 64, 6, FallbackKind.NONE, allowed),
        Log.of("products", LogLevel.DEBUG),
        new CodecCounters()));
  }
}
