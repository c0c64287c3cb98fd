package org.fwreplay.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.capture.CaptureInterface;
import org.fwreplay.capture.CaptureMerger;
import org.fwreplay.capture.CaptureProblem;
import org.fwreplay.capture.CaptureReader;
import org.fwreplay.capture.CaptureRecord;
import org.fwreplay.capture.LinkLayer;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.fwreplay.packet.Tcp;
import org.junit.jupiter.api.Test;

/** A client behind MASQUERADE (lan) and a server out there (wan), each side in its own capture. */
class AnswerOrderTest {
  private static final String CLIENT = "192.168.1.10:40000";
  private static final String SERVER = "198.51.100.7:21";
  private static final String FIREWALL = "203.0.113.2:40000";
  private static final int LAN = 0;
  private static final int WAN = 1;

  private final List<Frame> lan = new ArrayList<>();
  private final List<Frame> wan = new ArrayList<>();
  private final Set<Long> known = new HashSet<>();

  /** By how much a helper shifts what the client sends, and back what it acknowledges. */
  private int clientShift;

  private int serverShift;

  /** How far the server may send. */
  private int windowEnd = Integer.MAX_VALUE;

  private final AnswerOrder order =
      new AnswerOrder(
          new KnownFrames() {
            @Override
            public boolean contains(CaptureRecord record) {
              return known.contains(record.timeNs);
            }

            @Override
            public boolean isBeyondWindow(CaptureRecord record, FrameSummary segment) {
              return record.source == WAN && segment.sequence > windowEnd;
            }

            @Override
            public void shift(CaptureRecord record, FrameSummary segment) {
              boolean client = record.source == LAN;
              segment.shift(client ? clientShift : serverShift, client ? serverShift : clientShift);
            }
          });

  private record Frame(long micros, byte[] bytes) {}

  private void lan(long micros, Packets packet) {
    lan.add(new Frame(micros, bytes(packet)));
  }

  private void wan(long micros, Packets packet) {
    wan.add(new Frame(micros, bytes(packet)));
  }

  private static byte[] bytes(Packets packets) {
    Packet p = packets.build();
    return Arrays.copyOfRange(p.buffer, p.network, p.end);
  }

  private static Packets tcp(String from, String to, long seq, long ack, int flags, String data) {
    return Packets.tcp(from, to).sequence(seq).acknowledgment(ack).flags(flags).payload(data);
  }

  private void itsFlowIsKnown(long micros) {
    known.add(micros * 1000);
  }

  /** The frames as they come: the capture and the time stamp in µs. */
  private List<String> merged() {
    CaptureMerger merger =
        new CaptureMerger().add(new Recorded(lan), LAN).add(new Recorded(wan), WAN).order(order);
    List<String> all = new ArrayList<>();
    CaptureRecord record;
    while ((record = merger.next()) != null) {
      all.add((record.source == LAN ? "lan@" : "wan@") + record.timeNs / 1000);
    }
    return all;
  }

  private static final class Recorded implements CaptureReader {
    private final List<Frame> frames;
    private int next;

    Recorded(List<Frame> frames) {
      this.frames = frames;
    }

    @Override
    public CaptureRecord next() {
      if (next == frames.size()) {
        return null;
      }
      CaptureRecord into = new CaptureRecord();
      Frame frame = frames.get(next++);
      into.buffer = frame.bytes.clone();
      into.offset = 0;
      into.length = frame.bytes.length;
      into.wireLength = frame.bytes.length;
      into.timeNs = frame.micros * 1000;
      into.linkType = LinkLayer.RAW;
      return into;
    }

    @Override
    public String name() {
      return "recorded";
    }

    @Override
    public String format() {
      return "list";
    }

    @Override
    public CaptureProblem problem() {
      return null;
    }

    @Override
    public List<CaptureInterface> interfaces() {
      return List.of();
    }

    @Override
    public long packets() {
      return next;
    }

    @Override
    public long bytesRead() {
      return next;
    }

    @Override
    public long totalBytes() {
      return frames.size();
    }

    @Override
    public void close() {}
  }

  @Test
  void aHandshakeReadSideBySideComesInItsOrder() {
    lan(0, tcp(CLIENT, SERVER, 1000, 0, Tcp.SYN, ""));
    lan(5, tcp(CLIENT, SERVER, 1001, 5001, Tcp.ACK, ""));
    lan(9, tcp(CLIENT, SERVER, 1001, 5001, Tcp.ACK, "USER ftp\r\n"));
    wan(20, tcp(SERVER, FIREWALL, 5000, 1001, Tcp.SYN | Tcp.ACK, ""));
    wan(25, tcp(SERVER, FIREWALL, 5001, 1011, Tcp.ACK, "331 Password\r\n"));

    assertThat(merged()).containsExactly("lan@0", "wan@20", "lan@5", "lan@9", "wan@25");
    assertThat(order.moved()).isPositive();
  }

  @Test
  void whereStampsAreRightNothingMoves() {
    lan(0, tcp(CLIENT, SERVER, 1000, 0, Tcp.SYN, ""));
    wan(50, tcp(SERVER, FIREWALL, 5000, 1001, Tcp.SYN | Tcp.ACK, ""));
    lan(90, tcp(CLIENT, SERVER, 1001, 5001, Tcp.ACK, ""));
    wan(120, tcp(SERVER, FIREWALL, 5001, 1001, Tcp.ACK, "220 ready\r\n"));
    lan(150, tcp(CLIENT, SERVER, 1001, 5012, Tcp.ACK, ""));
    wan(200, tcp(SERVER, FIREWALL, 5001, 1001, Tcp.ACK, "220 ready\r\n"));

    assertThat(merged())
        .containsExactly("lan@0", "wan@50", "lan@90", "wan@120", "lan@150", "wan@200");
    assertThat(order.moved()).isZero();
  }

  @Test
  void afterLongerThanFiveMillisecondsStampsAreBelieved() {
    lan(0, tcp(CLIENT, SERVER, 1001, 5001, Tcp.ACK, ""));
    wan(5001, tcp(SERVER, FIREWALL, 5000, 1001, Tcp.SYN | Tcp.ACK, ""));

    assertThat(merged()).containsExactly("lan@0", "wan@5001");
  }

  @Test
  void whatBelongsToAConnectionGoesBeforeWhatBeginsOneOnceStampsAreWrong() {
    lan(0, tcp(CLIENT, SERVER, 1000, 0, Tcp.SYN, ""));
    lan(5, tcp(CLIENT, SERVER, 1001, 5001, Tcp.ACK, "EPSV\r\n"));
    lan(9, tcp("192.168.1.10:40001", "198.51.100.7:20010", 7000, 0, Tcp.SYN, ""));
    wan(20, tcp(SERVER, FIREWALL, 5000, 1001, Tcp.SYN | Tcp.ACK, ""));
    wan(25, tcp(SERVER, FIREWALL, 5001, 1007, Tcp.ACK, "229 (|||20010|)\r\n"));
    itsFlowIsKnown(25);

    assertThat(merged()).containsExactly("lan@0", "wan@20", "lan@5", "wan@25", "lan@9");
  }

  @Test
  void aUdpFlowWaitsForTheExpectedOneThatItAnswers() {
    lan(0, Packets.udp(CLIENT, "198.51.100.7:33000").payload("ACK"));
    wan(30, Packets.udp("198.51.100.7:33000", FIREWALL).payload("OACK"));
    itsFlowIsKnown(30);

    assertThat(merged()).containsExactly("wan@30", "lan@0");
  }

  @Test
  void unknownUdpKeepsItsTimes() {
    lan(0, Packets.udp("192.168.1.10:6881", "198.51.100.7:51413").payload("hello"));
    wan(30, Packets.udp("198.51.100.7:51413", "203.0.113.2:6881").payload("hello"));

    assertThat(merged()).containsExactly("lan@0", "wan@30");
  }

  @Test
  void anIcmpErrorWaitsForThePacketInIt() {
    Packets probe = Packets.udp("198.51.100.7:5000", "203.0.113.2:7").id(77).payload("?");
    Packets inside = Packets.udp("198.51.100.7:5000", "192.168.1.10:7").id(77).payload("?");
    lan(0, Packets.icmp("192.168.1.10", "198.51.100.7", 3, 3).payload(bytes(inside)));
    wan(10, probe);

    assertThat(merged()).containsExactly("wan@10", "lan@0");
  }

  @Test
  void numbersThatAHelperHasShiftedAreComparedAsTheyAreBeyond() {
    clientShift = -11;
    serverShift = 6;
    lan(0, tcp(CLIENT, SERVER, 1000, 0, Tcp.SYN, ""));
    lan(5, tcp(CLIENT, SERVER, 1011, 5007, Tcp.ACK, ""));
    lan(30, tcp(CLIENT, SERVER, 1295, 5138, Tcp.FIN | Tcp.ACK, ""));
    lan(35, tcp(CLIENT, SERVER, 1296, 5139, Tcp.ACK, ""));
    wan(20, tcp(SERVER, FIREWALL, 5000, 990, Tcp.SYN | Tcp.ACK, ""));
    wan(50, tcp(SERVER, FIREWALL, 5132, 1285, Tcp.FIN | Tcp.ACK, ""));

    assertThat(merged()).containsExactly("lan@0", "wan@20", "lan@5", "lan@30", "wan@50", "lan@35");
  }

  @Test
  void whatTheReceiverCouldNotTakeYetWaitsForItsAcknowledgment() {
    windowEnd = 5200;
    lan(0, tcp(CLIENT, SERVER, 1000, 0, Tcp.SYN, ""));
    lan(5, tcp(CLIENT, SERVER, 1001, 5001, Tcp.ACK, ""));
    lan(90, tcp(CLIENT, SERVER, 1001, 5003, Tcp.ACK, ""));
    wan(20, tcp(SERVER, FIREWALL, 5000, 1001, Tcp.SYN | Tcp.ACK, ""));
    wan(30, tcp(SERVER, FIREWALL, 5001, 1001, Tcp.ACK, "ab"));
    wan(32, tcp(SERVER, FIREWALL, 5201, 1001, Tcp.ACK, "cd"));

    assertThat(merged()).containsSubsequence("wan@30", "lan@90", "wan@32");
  }

  @Test
  void aSipResponseWaitsForItsRequestAndTheAckForTheResponse() {
    lan(0, sip("192.168.1.20:5060", "192.0.2.44:5060", "SIP/2.0 200 OK", "1 INVITE"));
    wan(30, sip("192.0.2.44:5060", "203.0.113.2:5060", "INVITE sip:x SIP/2.0", "1 INVITE"));
    wan(40, sip("192.0.2.44:5060", "203.0.113.2:5060", "ACK sip:x SIP/2.0", "1 ACK"));
    lan(100, sip("192.168.1.20:5060", "192.0.2.44:5060", "SIP/2.0 200 OK", "2 BYE"));
    wan(120, sip("192.0.2.44:5060", "203.0.113.2:5060", "BYE sip:x SIP/2.0", "2 BYE"));

    assertThat(merged()).containsExactly("wan@30", "lan@0", "wan@40", "wan@120", "lan@100");
  }

  @Test
  void whatIsAcknowledgedBehindAGapWasThere() {
    lan(0, tcp(CLIENT, SERVER, 1000, 0, Tcp.SYN, ""));
    lan(5, tcp(CLIENT, SERVER, 1001, 5001, Tcp.ACK, ""));
    int[] sack = {1, 1, 5, 10, 0, 0, 0x13, 0x8c, 0, 0, 0x13, 0x8e};
    lan(9, tcp(CLIENT, SERVER, 1001, 5001, Tcp.ACK, "").options(sack));
    wan(20, tcp(SERVER, FIREWALL, 5000, 1001, Tcp.SYN | Tcp.ACK, ""));
    wan(30, tcp(SERVER, FIREWALL, 5001, 1001, Tcp.ACK, "abc"));
    wan(40, tcp(SERVER, FIREWALL, 5004, 1001, Tcp.ACK, "de"));

    assertThat(merged()).containsExactly("lan@0", "wan@20", "lan@5", "wan@30", "wan@40", "lan@9");
  }

  private static Packets sip(String from, String to, String line, String cseq) {
    String text = line + "\r\nCall-ID: a@b\r\nCSeq: " + cseq + "\r\n\r\n";
    return Packets.udp(from, to).payload(text);
  }
}
