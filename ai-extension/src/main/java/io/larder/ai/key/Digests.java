package io.larder.ai.key;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.cache.CacheException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Digests in one algorithm, keyed by a secret if there is one. Thread-safe. */
final class Digests {

  private final @Nullable MessageDigest digest;
  private final @Nullable Mac mac;

  /**
   * Digests in that algorithm.
   *
   * @param algorithm {@code sha256} or {@code sha512}
   */
  Digests(String algorithm, @Nullable String secret) {
    String bits = algorithm.substring("sha".length());
    try {
      if (secret == null) {
        this.digest = MessageDigest.getInstance("SHA-" + bits);
        this.mac = null;
      } else {
        this.digest = null;
        this.mac = Mac.getInstance("HmacSHA" + bits);
        mac.init(new SecretKeySpec(Utf8.bytes(secret), mac.getAlgorithm()));
      }
      hex(new byte[0]);
    } catch (GeneralSecurityException e) {
      throw new CacheException("hash_algorithm " + algorithm + " is not there", e);
    }
  }

  /** The whole digest in hexadecimal digits. */
  String hex(byte[] bytes) {
    return HexFormat.of().formatHex(digest(bytes));
  }

  /** Copies of one that is made once: looking one up takes longer than hashing a short text. */
  private byte[] digest(byte[] bytes) {
    try {
      if (mac != null) {
        return ((Mac) mac.clone()).doFinal(bytes);
      }
      if (digest == null) {
        throw new IllegalStateException("neither a digest nor a mac");
      }
      return ((MessageDigest) digest.clone()).digest(bytes);
    } catch (CloneNotSupportedException e) {
      throw new CacheException("the security provider's digest cannot be copied", e);
    }
  }
}
