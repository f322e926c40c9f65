package io.larder.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** A certificate authority for tests, and what it signs, as PEM files in a folder. */
public final class Certificates {

  private static final byte[] SHA256_WITH_RSA =
      HexFormat.of().parseHex("300d06092a864886f70d01010b0500");
  private static final byte[] COMMON_NAME = HexFormat.of().parseHex("0603550403");
  private static final byte[] BASIC_CONSTRAINTS = HexFormat.of().parseHex("0603551d13");
  private static final byte[] ALTERNATIVE_NAMES = HexFormat.of().parseHex("0603551d11");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Path folder;
  private final String name;
  private final KeyPair keys;
  private final Path file;

  private Certificates(Path folder, String name, KeyPair keys) {
    this.folder = folder;
    this.name = name;
    this.keys = keys;
    this.file = folder.resolve(name + ".crt");
  }

  /** A certificate with its key. */
  public record Issued(Path certificate, Path key, PrivateKey secret) {}

  /** A new authority, whose certificate is in the folder. */
  public static Certificates authority(Path folder, String name) {
    Certificates ca = new Certificates(folder, name, newKeys());
    byte[] mayBeCa = element(0x30, element(0x01, new byte[] {(byte) 0xFF}));
    ca.write(
        ca.file,
        "CERTIFICATE",
        ca.signed(name, ca.keys, Duration.ofDays(30), extension(BASIC_CONSTRAINTS, mayBeCa)));
    return ca;
  }

  /** The authority's own certificate. */
  public Path file() {
    return file;
  }

  /** For a host name, or for an address if it is one; with no life left it has expired. */
  public Issued issue(String subject, String host, Duration life) {
    KeyPair pair = newKeys();
    Path certificate = folder.resolve(subject + ".crt");
    Path key = folder.resolve(subject + ".key");
    write(
        certificate,
        "CERTIFICATE",
        signed(
            subject, pair, life, extension(ALTERNATIVE_NAMES, element(0x30, generalName(host)))));
    write(key, "PRIVATE KEY", pair.getPrivate().getEncoded());
    return new Issued(certificate, key, pair.getPrivate());
  }

  /** Writes a PEM file. */
  public static void write(Path target, String type, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    try {
      Files.writeString(
          target, "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] signed(String subject, KeyPair pair, Duration life, byte[] extension) {
    Instant now = Instant.now();
    byte[] content = element(
        0x30,
        element(0xA0, element(0x02, new byte[] {2})),
        element(0x02, new BigInteger(63, new SecureRandom()).toByteArray()),
        SHA256_WITH_RSA,
        distinguishedName(name),
        element(0x30, time(now.minus(Duration.ofDays(60))), time(now.plus(life))),
        distinguishedName(subject),
        pair.getPublic().getEncoded(),
        element(0xA3, element(0x30, extension)));
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(keys.getPrivate());
      signature.update(content);
      return element(
          0x30, content, SHA256_WITH_RSA, element(0x03, new byte[] {0}, signature.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] distinguishedName(String commonName) {
    byte[] value = element(0x0C, commonName.getBytes(StandardCharsets.UTF_8));
    return element(0x30, element(0x31, element(0x30, COMMON_NAME, value)));
  }

  private static byte[] generalName(String host) {
    if (!Character.isDigit(host.charAt(0))) {
      return element(0x82, host.getBytes(StandardCharsets.US_ASCII));
    }
    try {
      return element(0x87, InetAddress.getByName(host).getAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] time(Instant instant) {
    return element(0x18, TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] extension(byte[] type, byte[] value) {
    return element(0x30, type, element(0x04, value));
  }

  private static byte[] element(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(content::writeBytes);
    ByteArrayOutputStream element = new ByteArrayOutputStream();
    element.write(tag);
    if (content.size() >= 0x80) {
      element.write(0x82);
      element.write(content.size() >> 8);
    }
    element.write(content.size());
    element.writeBytes(content.toByteArray());
    return element.toByteArray();
  }
}
