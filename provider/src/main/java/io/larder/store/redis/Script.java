package io.larder.store.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A Lua script that Redis runs for this store: its text and its digest. */
enum Script {
  WRITE("write"),
  CLEAR("clear"),
  READ("read"),
  CONTAINS("contains"),
  TOUCH("touch"),
  SWEEP("sweep"),
  RELEASE("release");

  private final String text;
  private final String sha1;

  Script(String name) {
    text = resource("prelude.lua") + resource(name + ".lua");
    sha1 = digest(text);
  }

  String text() {
    return text;
  }

  String sha1() {
    return sha1;
  }

  private static String resource(String name) {
    try (InputStream in = Script.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("missing from the jar: " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digest(String text) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      return HexFormat.of().formatHex(sha1.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
