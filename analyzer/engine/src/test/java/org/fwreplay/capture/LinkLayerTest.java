package org.fwreplay.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.fwreplay.capture.LinkHeader.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkLayerTest {
  private static final String MACS = "020000000001 0a0000000002 ";
  private static final String IP = "45000014000000004011000001020304 05060708";
  private static final String SLL = "0004 0001 0006 0a0000000002 0000 ";
  private static final String SLL2 = " 0000 00000007 0001 04 06 0a0000000002 0000 ";

  /**
   * Decodes a frame that begins three bytes into its buffer and ends with it; offsets are given
   * from its start.
   */
  private static LinkHeader decode(int linkType, String frame) {
    byte[] bytes = HexFormat.of().parseHex("eeeeee" + frame.replace(" ", ""));
    LinkHeader header = new LinkHeader();
    boolean found = LinkLayer.decode(linkType, bytes, 3, bytes.length - 3, header);
    assertThat(found).isEqualTo(header.problem == Problem.NONE);
    header.networkOffset -= 3;
    return header;
  }

  private static void carries(LinkHeader header, int etherType, int offset) {
    assertThat(header.problem).isEqualTo(Problem.NONE);
    assertThat(header.etherType).isEqualTo(etherType);
    assertThat(header.networkOffset).isEqualTo(offset);
    assertThat(header.networkLength).isEqualTo(20);
  }

  @Test
  void readsEthernet() {
    LinkHeader header = decode(LinkLayer.ETHERNET, MACS + "0800" + IP);

    carries(header, 0x0800, 14);
    assertThat(header.macOffset).isEqualTo(3);
    assertThat(header.dstMac).isEqualTo(0x020000000001L);
    assertThat(header.srcMac).isEqualTo(0x0a0000000002L);
    assertThat(header.vlan).isEqualTo(-1);
    assertThat(header.packetType).isEqualTo(-1);
    assertThat(header.snap).isFalse();
  }

  @Test
  void readsVlanTagsOutermostFirst() {
    LinkHeader one = decode(LinkLayer.ETHERNET, MACS + "8100 e00a 86dd" + IP);
    carries(one, 0x86dd, 18);
    assertThat(one.vlan).isEqualTo(10);
    assertThat(one.innerVlan).isEqualTo(-1);

    LinkHeader two = decode(LinkLayer.ETHERNET, MACS + "88a8 0064 8100 0005 0800" + IP);
    carries(two, 0x0800, 22);
    assertThat(two.vlan).isEqualTo(100);
    assertThat(two.innerVlan).isEqualTo(5);

    LinkHeader three = decode(LinkLayer.ETHERNET, MACS + "9100 0064 9100 0005 8100 0006 0800" + IP);
    carries(three, 0x0800, 26);
    assertThat(three.innerVlan).isEqualTo(5);
  }

  @Test
  void readsLlcAndSnapWithinTheirLength() {
    LinkHeader snap =
        decode(LinkLayer.ETHERNET, MACS + "001c aaaa03 000000 0800" + IP + "00000000");
    carries(snap, 0x0800, 22);
    assertThat(snap.snap).isTrue();

    carries(decode(LinkLayer.ETHERNET, MACS + "001c aaaa03 0000f8 86dd" + IP), 0x86dd, 22);
    carries(
        decode(LinkLayer.ETHERNET, MACS + "8100 0001 001c aaaa03 000000 0800" + IP), 0x0800, 26);
    carries(decode(LinkLayer.ETHERNET, MACS + "0014 424203" + "00".repeat(17)), 0x0004, 14);
    carries(decode(LinkLayer.ETHERNET, MACS + "0014 ffff" + "00".repeat(18)), 0x0001, 14);
    carries(
        decode(LinkLayer.ETHERNET, MACS + "0014 aaaa03 00000c 2000" + "00".repeat(12)), 0x0004, 14);
  }

  @Test
  void readsIpInPppoeSessions() {
    LinkHeader ipv4 = decode(LinkLayer.ETHERNET, MACS + "8864 1100 1234 0016 0021" + IP + "000000");
    carries(ipv4, 0x0800, 22);
    assertThat(ipv4.pppoeSession).isEqualTo(0x1234);

    carries(decode(LinkLayer.ETHERNET, MACS + "8864 1100 1234 0016 0057" + IP), 0x86dd, 22);

    LinkHeader control =
        decode(LinkLayer.ETHERNET, MACS + "8864 1100 1234 000e c021" + "00".repeat(12));
    carries(control, 0x8864, 14);
    assertThat(control.pppoeSession).isEqualTo(-1);
  }

  @Test
  void readsLinuxCookedCaptures() {
    LinkHeader sll = decode(LinkLayer.LINUX_SLL, SLL + "0800" + IP);
    carries(sll, 0x0800, 16);
    assertThat(sll.packetType).isEqualTo(4);
    assertThat(sll.srcMac).isEqualTo(0x0a0000000002L);
    assertThat(sll.dstMac).isEqualTo(-1);
    assertThat(sll.macOffset).isEqualTo(-1);
    assertThat(sll.interfaceIndex).isEqualTo(-1);

    LinkHeader sll2 = decode(LinkLayer.LINUX_SLL2, "86dd" + SLL2 + IP);
    carries(sll2, 0x86dd, 20);
    assertThat(sll2.packetType).isEqualTo(4);
    assertThat(sll2.srcMac).isEqualTo(0x0a0000000002L);
    assertThat(sll2.interfaceIndex).isEqualTo(7);

    LinkHeader tagged = decode(LinkLayer.LINUX_SLL, SLL + "8100 0009 0800" + IP);
    carries(tagged, 0x0800, 20);
    assertThat(tagged.vlan).isEqualTo(9);

    carries(decode(LinkLayer.LINUX_SLL, SLL + "0004 aaaa03 000000 0800" + IP), 0x0800, 24);
    carries(decode(LinkLayer.LINUX_SLL, SLL + "000c" + "00".repeat(20)), 0x000c, 16);
  }

  @ParameterizedTest
  @CsvSource({
    "101, 45, 0800",
    "12, 45, 0800",
    "14, 60, 86dd",
    "101, 60, 86dd",
    "228, 45, 0800",
    "229, 60, 86dd"
  })
  void readsRawIp(int linkType, String firstByte, String etherType) {
    carries(decode(linkType, firstByte + "00".repeat(19)), HexFormat.fromHexDigits(etherType), 0);
  }

  @ParameterizedTest
  @CsvSource({"101, 55", "228, 60", "229, 45"})
  void tellsAVersionThatDoesNotFit(int linkType, String firstByte) {
    assertThat(decode(linkType, firstByte + "00".repeat(19)).problem)
        .isEqualTo(Problem.BAD_IP_VERSION);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 02000000, 0800",
    "0, 00000002, 0800",
    "108, 00000002, 0800",
    "0, 18000000, 86dd",
    "0, 1c000000, 86dd",
    "0, 1e000000, 86dd",
    "108, 0000000a, 86dd"
  })
  void readsTheFamilyOfALoopback(int linkType, String family, String etherType) {
    carries(decode(linkType, family + IP), HexFormat.fromHexDigits(etherType), 4);
  }

  @Test
  void tellsAFamilyThatIsNotIp() {
    assertThat(decode(LinkLayer.NULL, "07000000" + IP).problem).isEqualTo(Problem.UNKNOWN_FAMILY);
  }

  @Test
  void readsPppWithAndWithoutCompressedFields() {
    carries(decode(LinkLayer.PPP, "ff03 0021" + IP), 0x0800, 4);
    carries(decode(LinkLayer.PPP, "0057" + IP), 0x86dd, 2);
    carries(decode(LinkLayer.PPP_HDLC, "ff03 21" + IP), 0x0800, 3);
    carries(decode(LinkLayer.PPP, "ff03 c021" + IP), -1, 4);
  }

  @Test
  void tellsALinkTypeThatIsNotRead() {
    assertThat(decode(105, IP).problem).isEqualTo(Problem.UNKNOWN_LINK_TYPE);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 02000000000102000000000208",
    "1, 020000000001020000000002810000010",
    "1, 0200000000010200000000028864110000010004",
    "1, 02000000000102000000000200ffaa",
    "113, 000000010006020000000002000008",
    "276, 08000000000000070001040602000000000200",
    "0, 020000",
    "9, ff0300",
    "101, ''"
  })
  void tellsAHeaderThatIsCutOff(int linkType, String frame) {
    String whole = frame.substring(0, frame.length() & ~1);

    assertThat(decode(linkType, whole).problem).isEqualTo(Problem.TRUNCATED);
  }

  @Test
  void staysWithinAnyFrameForEveryLinkType() {
    long seed = 11;
    Random random = new Random(seed);
    int[] linkTypes = {0, 1, 9, 12, 14, 50, 101, 108, 113, 228, 229, 276};
    int[] types = {0x0800, 0x8100, 0x88a8, 0x9100, 0x8864, 0x0004, 0x0010};
    LinkHeader header = new LinkHeader();
    for (int round = 0; round < 200_000; round++) {
      byte[] frame = new byte[random.nextInt(40)];
      random.nextBytes(frame);
      for (int at = 12; at + 1 < frame.length; at += 2) {
        int type = types[random.nextInt(types.length)];
        frame[at] = (byte) (type >> 8);
        frame[at + 1] = (byte) type;
      }
      int linkType = linkTypes[round % linkTypes.length];
      if (LinkLayer.decode(linkType, frame, 0, frame.length, header)) {
        assertThat(header.networkOffset)
            .as("seed %d round %d: %d %s", seed, round, linkType, Arrays.toString(frame))
            .isBetween(0, frame.length - header.networkLength);
        assertThat(header.networkLength).isNotNegative();
      }
    }
  }
}
