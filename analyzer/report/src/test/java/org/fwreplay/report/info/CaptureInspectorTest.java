package org.fwreplay.report.info;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.fwreplay.packet.Tcp;
import org.fwreplay.report.Replays;
import org.fwreplay.report.Traffic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureInspectorTest {
  @TempDir private Path dir;

  private static String text(CaptureInfo info) {
    StringWriter out = new StringWriter();
    InfoText.print(info, new PrintWriter(out));
    return out.toString();
  }

  private static void checkSchema(String json) throws IOException {
    String text = Files.readString(Replays.ROOT.resolve("reports/schema/info-1.json"));
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(text);
    assertThat(schema.validate(json, InputFormat.JSON)).isEmpty();
  }

  private Path traffic() throws IOException {
    Traffic traffic = new Traffic();
    traffic.at(0, "lan").udp("10.0.0.1:5", "192.0.2.1:53");
    traffic.at(1500, "lan").tcp("10.0.0.1:5", "192.0.2.2:80", Tcp.SYN, 1, 0);
    traffic.at(1400, "lan").udp("[2001:db8::1]:5", "[2001:db8::2]:53");
    return traffic.write(dir).get(0).capture();
  }

  @Test
  void aCapturesHostsProtocolsAndTimesAreTold() throws IOException {
    CaptureInfo info = CaptureInspector.read(traffic(), 2);

    assertThat(info.packets()).isEqualTo(3);
    assertThat(info.lastNs() - info.firstNs()).isEqualTo(1_500_000_000L);
    assertThat(info.backwards()).isEqualTo(1);
    assertThat(info.hosts())
        .extracting(CaptureInfo.Host::address)
        .containsExactly("10.0.0.1", "192.0.2.1");
    assertThat(info.hostCount()).isEqualTo(5);
    assertThat(info.protocols())
        .extracting(CaptureInfo.Protocol::name)
        .containsExactly("ipv4 tcp", "ipv4 udp", "ipv6 udp");
    assertThat(text(info))
        .contains("interface   0: raw IP, snap length 262144, 3 packets")
        .contains("1 earlier than the one before")
        .contains("and 3 more");
    checkSchema(InfoJson.of(List.of(info)));
  }

  @Test
  void damageIsToldWithItsOffset() throws IOException {
    byte[] whole = Files.readAllBytes(traffic());
    Path cut = Files.write(dir.resolve("cut.pcap"), Arrays.copyOf(whole, whole.length - 3));

    CaptureInfo info = CaptureInspector.read(cut, 10);

    assertThat(info.packets()).isEqualTo(2);
    assertThat(text(info)).containsPattern("problem     byte \\d+: record of 52 captured bytes");
    checkSchema(InfoJson.of(List.of(info)));
  }

  /** Interface names and comments are the capturer's: they may hold anything. */
  @Test
  void namesAndCommentsOfPcapngAreShownHarmlessly() throws IOException {
    Path file = Files.write(dir.resolve("named.pcapng"), pcapng("\u001b[31meth0", "a\u0007b"));

    CaptureInfo info = CaptureInspector.read(file, 10);

    assertThat(text(info))
        .contains("interface   0 \\x1b[31meth0: Ethernet, no snap length, 1 packet\n")
        .contains("comments    frame 0: a\\x07b");
    assertThat(info.protocols()).extracting(CaptureInfo.Protocol::name).containsExactly("ARP");
    checkSchema(InfoJson.of(List.of(info)));
  }

  /** A section with one interface and one ARP frame. */
  private static byte[] pcapng(String interfaceName, String comment) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ByteBuffer section = block(16);
    section.putInt(0x1a2b3c4d).putShort((short) 1).putShort((short) 0).putLong(-1);
    file.write(closed(section, 0x0a0d0d0a));
    ByteBuffer description = block(64);
    description.putShort((short) 1).putShort((short) 0).putInt(0);
    option(description, 2, interfaceName);
    file.write(closed(description, 1));
    byte[] frame = new byte[60];
    frame[12] = 8;
    frame[13] = 6;
    ByteBuffer packet = block(128);
    packet.putInt(0).putInt(0).putInt(1).putInt(60).putInt(60).put(frame);
    option(packet, 1, comment);
    file.write(closed(packet, 6));
    return file.toByteArray();
  }

  private static ByteBuffer block(int room) {
    return ByteBuffer.allocate(room + 12).order(ByteOrder.LITTLE_ENDIAN).position(8);
  }

  private static void option(ByteBuffer block, int code, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    block.putShort((short) code).putShort((short) bytes.length).put(bytes);
    block.position(block.position() + 3 & ~3).putInt(0);
  }

  private static byte[] closed(ByteBuffer block, int type) {
    int length = block.position() + 4;
    block.putInt(length).putInt(0, type).putInt(4, length);
    return Arrays.copyOf(block.array(), length);
  }
}
