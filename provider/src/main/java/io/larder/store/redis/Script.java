package io.larder.store.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** A Lua script that Redis runs for this store: its text and its digest. */
enum Script {
  WRITE("prelude", "writing", "write"),
  CLEAR("prelude", "writing", "clear"),
  READ("prelude", "writing", "moving", "read"),
  CONTAINS("prelude", "contains"),
  TOUCH("prelude", "writing", "moving", "touch"),
  SWEEP("prelude", "sweep"),
  CLAIM("prelude", "writing", "claim"),
  RENEW("renew"),
  TAKE("prelude", "take"),
  RELEASE("release");

  private final String text;

  @SuppressWarnings("ImmutableEnumChecker") // nobody writes into it
  private final byte[] sha1;

  Script(String... parts) {
    text = Arrays.stream(parts).map(part -> resource(part + ".lua")).collect(Collectors.joining());
    sha1 = digest(text);
  }

  String text() {
    return text;
  }

  /** The digest by which Redis knows the script, in hexadecimal. */
  byte[] sha1() {
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

  private static byte[] digest(String text) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] digest = sha1.digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).getBytes(StandardCharsets.US_ASCII);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
