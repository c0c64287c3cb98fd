package org.fwreplay.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Link-layer headers of a driver's own. */
class VendorHeaderTest {
  private static final VendorHeader HEADER = VendorHeader.parse("dst:2,src:16,type:30,ip:32");

  @Test
  void addressesTypeAndNetworkHeaderAreWhereTheyWereSaidToBe() {
    byte[] frame = new byte[60];
    frame[5 + 7] = 1;
    frame[5 + 21] = 2;
    frame[5 + 30] = 8;
    LinkHeader link = new LinkHeader();
    assertThat(HEADER.decode(frame, 5, 50, link)).isTrue();
    assertThat(link.dstMac).isEqualTo(1);
    assertThat(link.srcMac).isEqualTo(2);
    assertThat(link.etherType).isEqualTo(LinkLayer.ETHERTYPE_IPV4);
    assertThat(link.networkOffset).isEqualTo(37);
    assertThat(link.networkLength).isEqualTo(18);
    assertThat(link.macOffset).isEqualTo(23);
    LinkLayer.decode(LinkLayer.ETHERNET, frame, link.macOffset, 32, link);
    assertThat(link.dstMac).as("Ethernet header in its place").isEqualTo(1);
    assertThat(link.srcMac).isEqualTo(2);
  }

  @Test
  void aFrameThatIsTooShortIsCutOff() {
    LinkHeader link = new LinkHeader();
    assertThat(HEADER.decode(new byte[31], 0, 31, link)).isFalse();
    assertThat(link.problem).isEqualTo(LinkHeader.Problem.TRUNCATED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dst:2,src:16,type:30 | ip:N is missing",
        "dst:2,src:16,type:30,ip:31 | begins before the link header ends",
        "dst:2,dst:2,src:16,type:30,ip:32 | each once",
        "dst:2,src:16,type:30,ip:999 | at most 256",
        "dst:2,src:16,type:30,ip:x | expected dst:N",
        "dst:2,src:16,vlan:4,type:30,ip:32 | expected dst:N"
      })
  void badTextsAreRefused(String text, String why) {
    assertThatThrownBy(() -> VendorHeader.parse(text)).hasMessageContaining(why);
  }
}
