package io.larder.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.config.CodecKind;
import io.larder.config.CompressionKind;
import io.larder.config.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Signed values pass only as they were signed, where they were signed for. */
class FrameSignerTest {

  private static final String SECRET = "hunter2hunter2hunter2";
  private static final byte[] PLACE = bytes("larder:{shop:books:07}:sa");
  private static final FrameSigner SIGNER = new FrameSigner(new Secret(SECRET));

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static Stream<Arguments> forms() {
    return Stream.of(CodecKind.values())
        .flatMap(codec -> Stream.of(CompressionKind.values())
            .map(compression -> Arguments.of(codec, compression, value(codec))));
  }

  private static Object value(CodecKind codec) {
    return switch (codec) {
      case BYTES -> bytes("some text ".repeat(10));
      case STRING -> "some text ".repeat(10);
      case KRYO, JSON -> List.of("some text ".repeat(10), 7);
    };
  }

  private static ValueCodec<Object> codec(CodecKind codec, CompressionKind compression) {
    return Contexts.any().codec(codec).compression(compression).codecs().values();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void everyFlippedBitCutAndAdditionIsNoticed(CodecKind kind, CompressionKind how, Object value)
      throws Exception {
    ValueCodec<Object> codec = codec(kind, how);
    byte[] signed = SIGNER.sign(codec.encode(value), PLACE);
    SIGNER.check(signed, 0, PLACE);
    assertThat(codec.decode(signed, 0)).isEqualTo(value);
    for (int bit = 0; bit < signed.length * 8; bit++) {
      byte[] flipped = signed.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      refused(flipped, PLACE);
    }
    for (int length = 0; length < signed.length; length++) {
      refused(Arrays.copyOf(signed, length), PLACE);
    }
    refused(Arrays.copyOf(signed, signed.length + 1), PLACE);
    refused(codec.encode(value), PLACE);
    assertThatThrownBy(() -> new FrameSigner(new Secret(SECRET + "3")).check(signed, 0, PLACE))
        .isInstanceOf(UndecodableException.class);
  }

  @Test
  void placeIsPartOfIt() throws Exception {
    byte[] signed = SIGNER.sign(codec(CodecKind.KRYO, CompressionKind.NONE).encode("v"), PLACE);
    for (String other : List.of(
        "larder:{shop:books:07}:sb",
        "larder:{shop:books2:07}:sa",
        "larder:{shop2:books:07}:sa",
        "larder:{shop:books:07}:s",
        "")) {
      refused(signed, bytes(other));
    }
    // What ends the place may not begin the value.
    byte[] shifted = new byte[signed.length + 1];
    shifted[0] = 'a';
    System.arraycopy(signed, 0, shifted, 1, signed.length);
    refused(shifted, bytes("larder:{shop:books:07}:s"));
    byte[] later = new byte[signed.length + 5];
    System.arraycopy(signed, 0, later, 5, signed.length);
    SIGNER.check(later, 5, PLACE);
  }

  private static void refused(byte[] bytes, byte[] place) {
    assertThatThrownBy(() -> SIGNER.check(bytes, 0, place))
        .isInstanceOf(UndecodableException.class)
        .hasMessageNotContaining("hunter")
        .hasNoCause();
  }

  /** The format, spelt out once more: signatures of one version must fit those of the next. */
  @Test
  void signatureIsHmacSha256AsDocumented() throws Exception {
    byte[] value = {0x13, 0, 1, 'v'};
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(bytes(SECRET), "any"));
    mac.update(bytes("larder value 1"));
    mac.update(ByteBuffer.allocate(4).putInt(PLACE.length).array());
    mac.update(PLACE);
    mac.update(new byte[] {0x13, (byte) 0x80, 1, 'v'});

    byte[] signed = SIGNER.sign(value, PLACE);

    assertThat(signed)
        .hasSize(20)
        .startsWith(0x13, 0x80, 1, 'v')
        .endsWith(Arrays.copyOf(mac.doFinal(), 16));
    assertThat(value).containsExactly(0x13, 0, 1, 'v');
  }

  @Test
  void oneSignerServesManyThreads() {
    ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();
    IntStream.range(0, 2000).parallel().forEach(i -> {
      try {
        byte[] place = bytes("place" + i);
        SIGNER.check(SIGNER.sign(new byte[] {0x13, 0, 0, (byte) i}, place), 0, place);
      } catch (UndecodableException e) {
        failures.add(e);
      }
    });
    assertThat(failures).isEmpty();
  }

  @Test
  void secretDoesNotShow() {
    assertThat(SIGNER.toString()).doesNotContain("hunter");
  }
}
