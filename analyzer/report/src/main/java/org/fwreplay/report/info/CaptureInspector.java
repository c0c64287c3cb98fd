package org.fwreplay.report.info;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fwreplay.capture.CaptureInterface;
import org.fwreplay.capture.CaptureReader;
import org.fwreplay.capture.CaptureRecord;
import org.fwreplay.capture.Captures;
import org.fwreplay.capture.LinkHeader;
import org.fwreplay.capture.LinkLayer;
import org.fwreplay.packet.AddressText;
import org.fwreplay.packet.Decoder;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Ipv6;
import org.fwreplay.packet.Packet;
import org.fwreplay.report.flow.RunNames;

/** Reads a capture through and says what it holds, in bounded memory. */
public final class CaptureInspector {
  private static final int MAX_HOSTS = 1 << 16;
  private static final int MAX_COMMENTS = 100;

  private final int topHosts;
  private final Map<String, long[]> protocols = new HashMap<>();
  private final Map<Address, long[]> hosts = new HashMap<>();
  private final List<CaptureInfo.Comment> comments = new ArrayList<>();
  private final LinkHeader link = new LinkHeader();
  private final Packet packet = new Packet();
  private long[] byInterface = new long[1];
  private long commentCount;
  private long bytes;
  private long cut;
  private long untimed;
  private long backwards;
  private long firstNs = Long.MAX_VALUE;
  private long lastNs = Long.MIN_VALUE;
  private long previousNs = Long.MIN_VALUE;

  private record Address(boolean ipv6, long hi, long lo) {}

  private CaptureInspector(int topHosts) {
    this.topHosts = topHosts;
  }

  /**
   * Reads a capture; damage inside it is told in the result.
   *
   * @param topHosts how many hosts to name
   * @throws IOException where it cannot be opened or is no capture
   */
  public static CaptureInfo read(Path file, int topHosts) throws IOException {
    CaptureInspector inspector = new CaptureInspector(topHosts);
    try (CaptureReader reader = Captures.open(file)) {
      CaptureRecord record;
      long frame = 0;
      while ((record = reader.next()) != null) {
        inspector.record(record, frame++);
      }
      return inspector.info(reader);
    }
  }

  private void record(CaptureRecord record, long frame) {
    bytes += record.wireLength;
    cut += record.wireLength > record.length ? 1 : 0;
    time(record);
    if (record.interfaceId >= byInterface.length) {
      byInterface = java.util.Arrays.copyOf(byInterface, record.interfaceId * 2);
    }
    byInterface[record.interfaceId]++;
    if (record.comment != null && commentCount++ < MAX_COMMENTS) {
      comments.add(new CaptureInfo.Comment(frame, record.comment));
    }
    long[] sum = protocols.computeIfAbsent(protocol(record), name -> new long[2]);
    sum[0]++;
    sum[1] += record.wireLength;
  }

  private void time(CaptureRecord record) {
    if (!record.timed) {
      untimed++;
      return;
    }
    backwards += record.timeNs < previousNs ? 1 : 0;
    previousNs = record.timeNs;
    firstNs = Math.min(firstNs, record.timeNs);
    lastNs = Math.max(lastNs, record.timeNs);
  }

  private String protocol(CaptureRecord record) {
    if (!LinkLayer.decode(record.linkType, record.buffer, record.offset, record.length, link)) {
      return link.problem.toString();
    }
    boolean ipv6 = link.etherType == LinkLayer.ETHERTYPE_IPV6;
    if (!ipv6 && link.etherType != LinkLayer.ETHERTYPE_IPV4) {
      return Numbers.etherType(link.etherType);
    }
    packet.buffer = record.buffer;
    packet.network = link.networkOffset;
    packet.end = link.networkOffset + link.networkLength;
    packet.ipv6 = ipv6;
    int version = link.networkLength < 1 ? 0 : packet.u8(packet.network) >> 4;
    if (link.networkLength < (ipv6 ? Ipv6.LENGTH : Ipv4.MIN_LENGTH) || version != (ipv6 ? 6 : 4)) {
      return RunNames.family(ipv6) + ", malformed";
    }
    Decoder.transport(packet);
    host(packet.sourceHi(), packet.sourceLo(), 0, record.wireLength);
    host(packet.destinationHi(), packet.destinationLo(), 1, record.wireLength);
    return RunNames.family(ipv6) + " " + RunNames.protocol(packet.protocol);
  }

  /** Counts a packet for a host; new ones are not taken up any more when there are too many. */
  private void host(long hi, long lo, int direction, int length) {
    Address address = new Address(packet.ipv6, hi, lo);
    long[] sums = hosts.get(address);
    if (sums == null && hosts.size() < MAX_HOSTS) {
      sums = new long[3];
      hosts.put(address, sums);
    }
    if (sums != null) {
      sums[direction]++;
      sums[2] += length;
    }
  }

  private CaptureInfo info(CaptureReader reader) {
    return new CaptureInfo(
        reader.name(),
        reader.format(),
        reader.packets(),
        bytes,
        cut,
        untimed,
        backwards,
        firstNs,
        lastNs,
        reader.interfaces().stream().map(this::describe).toList(),
        protocols(),
        hosts(),
        hosts.size(),
        List.copyOf(comments),
        commentCount,
        reader.problem());
  }

  private CaptureInfo.Interface describe(CaptureInterface each) {
    return new CaptureInfo.Interface(
        each.id(),
        each.name(),
        each.description(),
        Numbers.linkType(each.linkType()),
        each.snapLength(),
        each.id() < byInterface.length ? byInterface[each.id()] : 0);
  }

  private List<CaptureInfo.Protocol> protocols() {
    return protocols.entrySet().stream()
        .map(e -> new CaptureInfo.Protocol(e.getKey(), e.getValue()[0], e.getValue()[1]))
        .sorted(
            Comparator.comparingLong(CaptureInfo.Protocol::packets)
                .reversed()
                .thenComparing(CaptureInfo.Protocol::name))
        .toList();
  }

  private List<CaptureInfo.Host> hosts() {
    return hosts.entrySet().stream()
        .map(
            e -> {
              Address a = e.getKey();
              long[] sums = e.getValue();
              String text = AddressText.of(a.ipv6(), a.hi(), a.lo());
              return new CaptureInfo.Host(text, sums[0], sums[1], sums[2]);
            })
        .sorted(
            Comparator.comparingLong((CaptureInfo.Host h) -> h.sent() + h.received())
                .reversed()
                .thenComparing(CaptureInfo.Host::address))
        .limit(topHosts)
        .toList();
  }
}
