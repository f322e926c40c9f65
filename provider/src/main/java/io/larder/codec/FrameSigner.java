package io.larder.codec;

import io.larder.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs the bytes of values with a secret that writers and readers share, and tells bytes that were
 * not signed with it, or not for that place. Thread-safe.
 *
 * <p>The signature is HMAC-SHA-256, its first 16 bytes, over a label, the place (its length in four
 * bytes, then the place) and the value's bytes with the flag set that says that they are signed. It
 * stands at their end. The place is the entry's whole name in Redis, so that a value holds for one
 * namespace, cache and key. Only who has the secret can make one; whoever has a signed value can
 * put it back in its own place, at any time and with any deadline.
 */
public final class FrameSigner {

  /** Set in the value's second byte. */
  static final int FLAG = 0x80;

  /** How many bytes a signature has. */
  static final int LENGTH = 16;

  private static final String ALGORITHM = "HmacSHA256";
  private static final byte[] LABEL = "larder value 1".getBytes(StandardCharsets.US_ASCII);
  private static final int LEAST = 3;

  private final SecretKeySpec key;
  private final Mac prototype;

  /** A signer with that secret. */
  public FrameSigner(Secret secret) {
    key = new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), ALGORITHM);
    prototype = started();
  }

  /** The value's bytes, signed for that place. */
  public byte[] sign(byte[] value, byte[] place) {
    byte[] signed = Arrays.copyOf(value, value.length + LENGTH);
    signed[1] |= (byte) FLAG;
    byte[] signature = signature(signed, 0, value.length, place);
    System.arraycopy(signature, 0, signed, value.length, LENGTH);
    return signed;
  }

  /**
   * Passes what was signed with this secret for that place: {@code bytes} from {@code offset} on.
   *
   * @throws UndecodableException for all else
   */
  public void check(byte[] bytes, int offset, byte[] place) throws UndecodableException {
    int end = bytes.length - LENGTH;
    if (end - offset < LEAST || (bytes[offset + 1] & FLAG) == 0) {
      throw new UndecodableException("it is not signed, and frame_hmac_secret is set");
    }
    byte[] given = Arrays.copyOfRange(bytes, end, bytes.length);
    if (!MessageDigest.isEqual(signature(bytes, offset, end - offset, place), given)) {
      throw new UndecodableException("its signature does not fit: it was changed, moved to another"
          + " key or cache, or signed with another frame_hmac_secret");
    }
  }

  private byte[] signature(byte[] bytes, int offset, int length, byte[] place) {
    Mac mac = fresh();
    mac.update(LABEL);
    for (int shift = 24; shift >= 0; shift -= 8) {
      mac.update((byte) (place.length >>> shift));
    }
    mac.update(place);
    mac.update(bytes, offset, length);
    return Arrays.copyOf(mac.doFinal(), LENGTH);
  }

  private Mac fresh() {
    try {
      return (Mac) prototype.clone();
    } catch (CloneNotSupportedException e) {
      return started();
    }
  }

  private Mac started() {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }
}
