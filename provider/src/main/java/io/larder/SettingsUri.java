package io.larder;

import io.larder.config.LarderSettings;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The URI of a manager that is made from settings: {@code larder:production-0123456789abcdef}. It
 * is the same in every process. Secrets are not in it, not even as a digest that could be tried
 * out: managers whose settings differ in these only, or whose class loaders differ, are told apart
 * by a number.
 */
final class SettingsUri {

  private static final String SCHEME = "larder:";
  private static final int DIGEST_BYTES = 8;

  private SettingsUri() {}

  /** @param alike 1, or more where there is a manager of other settings under the lower numbers */
  static URI of(LarderSettings settings, int alike) {
    String name = settings.settings().preset() + "-" + digest(settings.toString());
    return URI.create(SCHEME + name + (alike == 1 ? "" : "-" + alike));
  }

  private static String digest(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] digest = sha.digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(Arrays.copyOf(digest, DIGEST_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
