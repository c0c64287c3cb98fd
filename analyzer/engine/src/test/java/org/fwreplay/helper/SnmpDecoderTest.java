package org.fwreplay.helper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnmpDecoderTest {
  private final List<Integer> addresses = new ArrayList<>();

  private boolean decodes(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    addresses.clear();
    return new SnmpDecoder().decode(bytes, 0, bytes.length, addresses::add);
  }

  /** A message of version 2 with one PDU; the lengths are short ones. */
  private static String message(String pdu, String variables) {
    String list = sequence("30", variables);
    String body = sequence(pdu, "020101 020100 020100" + list);
    return sequence("30", "020101 0403616263" + body);
  }

  private static String sequence(String tag, String body) {
    return tag + String.format("%02x", body.replace(" ", "").length() / 2) + body;
  }

  private static String variable(String value) {
    return sequence("30", "06022b06" + value);
  }

  @Test
  void addressesAreFoundWhereTheyAre() {
    boolean good = decodes(message("a2", variable("4004c0a8010a") + variable("4004c6336407")));

    assertThat(good).isTrue();
    assertThat(addresses).containsExactly(31, 43);
  }

  @Test
  void otherValuesAreSteppedOver() {
    assertThat(decodes(message("a7", variable("0500") + variable("430101") + variable("8200"))))
        .isTrue();
    assertThat(addresses).isEmpty();
  }

  @Test
  void anAddressHasFourBytes() {
    assertThat(decodes(message("a2", variable("4003c0a801")))).isFalse();
  }

  @Test
  void versionThreeIsRefused() {
    assertThat(decodes("3006 020103 040161")).isFalse();
  }

  @Test
  void aMessageMayEndBeforeItsPdu() {
    assertThat(decodes("3006 020101 040161")).isTrue();
  }

  @Test
  void anEmptyListOfVariablesIsRefused() {
    assertThat(decodes(message("a2", ""))).isFalse();
  }

  @Test
  void anUnknownPduIsRefused() {
    assertThat(decodes(message("a4", variable("0500")))).isFalse();
  }

  @Test
  void whatIsCutShortIsRefused() {
    String whole = message("a2", variable("4004c0a8010a")).replace(" ", "");
    for (int length = 2; length < whole.length(); length += 2) {
      assertThat(decodes(whole.substring(0, length))).as("%d bytes", length / 2).isFalse();
    }
  }
}
