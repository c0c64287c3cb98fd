package org.fwreplay.helper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PerDecoderTest {
  private PerType type;
  private PerDecoder decoder;

  private int read(String asn1, String hex) {
    type = PerTypes.parse("T ::= " + asn1).get("T");
    decoder = new PerDecoder(type.slots());
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    return decoder.read(type, bytes, 0, 0, bytes.length);
  }

  private int note(String... path) {
    return decoder.notes[type.offset(path)];
  }

  @Test
  void anAddressIsNotedBehindTheBitsThatPrecedeIt() {
    String asn1 = "SEQUENCE { flag BOOLEAN, +ip OCTET STRING (4), port INTEGER (0..65535), ... }";

    assertThat(read(asn1, "40 01020304 0050")).isEqualTo(PerDecoder.READ);
    assertThat(note("ip")).isEqualTo(1);
  }

  @Test
  void optionsAreBitsFromTheTop() {
    String asn1 = "SEQUENCE { a NULL OPTIONAL, b BOOLEAN OPTIONAL, +c OCTET STRING (4) OPTIONAL }";

    assertThat(read(asn1, "a0 01020304")).isEqualTo(PerDecoder.READ);
    assertThat(decoder.notes[0]).isEqualTo(type.option("a") | type.option("c"));
    assertThat(note("c")).isEqualTo(1);
  }

  @Test
  void extensionsThatAreOfNoInterestAreSkippedByTheirLength() {
    String asn1 = "SEQUENCE { ..., a, +b SEQUENCE { +ip OCTET STRING (4) } }";

    assertThat(read(asn1, "81 80 02 ffff 04 01020304")).isEqualTo(PerDecoder.READ);
    assertThat(decoder.notes[0] & type.option("b")).isZero();
    assertThat(read(asn1, "81 c0 02 ffff 04 01020304")).isEqualTo(PerDecoder.READ);
    assertThat(note("b", "ip")).isEqualTo(6);
  }

  @Test
  void aLaterVersionsExtensionIsSkippedEvenWhereItIsNotThere() {
    assertThat(read("SEQUENCE { ..., a }", "81 00 01 ff")).isEqualTo(PerDecoder.READ);
    assertThat(read("SEQUENCE { ..., a }", "81 00")).isEqualTo(PerDecoder.BROKEN);
  }

  @Test
  void readingEndsAtAMark() {
    assertThat(read("SEQUENCE { a BOOLEAN, !b, c OCTET STRING (9) }", "80"))
        .isEqualTo(PerDecoder.STOPPED);
  }

  @Test
  void whatContainsTheMarkGoesOn() {
    String asn1 = "SEQUENCE { a SEQUENCE { !b }, +ip OCTET STRING (4) }";

    assertThat(read(asn1, "01020304")).isEqualTo(PerDecoder.READ);
    assertThat(read(asn1, "010203")).isEqualTo(PerDecoder.BROKEN);
  }

  @Test
  void aChoiceSaysWhichAlternativeItIs() {
    String asn1 = "CHOICE { a NULL, b BOOLEAN, c NULL, ..., d }";

    assertThat(read(asn1, "20")).isEqualTo(PerDecoder.READ);
    assertThat(type.alternative(decoder.notes[0])).isEqualTo("b");
    assertThat(read(asn1, "60")).isEqualTo(PerDecoder.BROKEN);
    assertThat(read(asn1, "80 02 ffff")).isEqualTo(PerDecoder.READ);
    assertThat(type.alternative(decoder.notes[0])).isEqualTo("d");
    assertThat(read(asn1, "85 02 ffff")).isEqualTo(PerDecoder.READ);
    assertThat(type.alternative(decoder.notes[0])).isEmpty();
  }

  @Test
  void ofAListOnlySoManyAreNoted() {
    String asn1 = "SEQUENCE { +l SEQUENCE (2) OF CHOICE { +ip OCTET STRING (4) } }";

    assertThat(read(asn1, "03 01020304 05060708 090a0b0c")).isEqualTo(PerDecoder.READ);
    assertThat(note("l")).isEqualTo(2);
    int first = type.offset("l") + 1;
    PerType item = type.of("l").fields.get(0).type;
    assertThat(decoder.notes[first + item.offset("ip")]).isEqualTo(1);
    assertThat(decoder.notes[first + item.slots() + item.offset("ip")]).isEqualTo(5);
  }

  @Test
  void behindANumberThatIsNotedTwiceItsLengthMustBeThere() {
    String asn1 = "SEQUENCE { +n INTEGER (1..4294967295) }";

    assertThat(read(asn1, "40 012b")).isEqualTo(PerDecoder.BROKEN);
    assertThat(read(asn1, "40 012b ffff")).isEqualTo(PerDecoder.READ);
    assertThat(note("n")).isEqualTo(300);
  }

  @Test
  void ofWhatIsCutOffNothingIsRead() {
    String asn1 =
        "SEQUENCE { o OBJECT IDENTIFIER, s OCTET STRING, d DIGITS (1..128), b BIT STRING }";
    String whole = "03 010203 02 0001 02 30 08 ff";

    assertThat(read(asn1, whole)).isEqualTo(PerDecoder.READ);
    String hex = whole.replace(" ", "");
    for (int n = 0; n < hex.length(); n += 2) {
      assertThat(read(asn1, hex.substring(0, n)))
          .as("%d bytes", n / 2)
          .isEqualTo(PerDecoder.BROKEN);
    }
  }

  @Test
  void typesThatAreNotKnownAreTold() {
    assertThatThrownBy(() -> PerTypes.parse("T ::= SEQUENCE { a Other }"))
        .hasMessage("type Other is not known");
    assertThatThrownBy(() -> PerTypes.parse("T = NULL")).hasMessage("::= expected, not NULL");
  }

  @Test
  void noMessageBreaksTheDecoder() {
    long seed = 4;
    SplittableRandom random = new SplittableRandom(seed);
    for (String name : new String[] {"RasMessage", "H323-UserInformation"}) {
      PerType message = H323Packet.TYPES.get(name);
      PerDecoder all = new PerDecoder(message.slots());
      for (int i = 0; i < 20_000; i++) {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        int result = all.read(message, bytes, 0, 0, bytes.length);
        assertThat(result).as("seed %d, message %d of %s", seed, i, name).isBetween(-1, 1);
      }
    }
  }
}
