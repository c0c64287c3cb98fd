package org.fwreplay.report.flow;

import java.util.ArrayList;
import java.util.List;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.hook.Fate;
import org.fwreplay.packet.Protocols;

/**
 * A flow in words, for tables.
 *
 * @param id its number in the run, from 1
 * @param protocol with type and code for ICMP
 * @param source address and port as the first packet had them
 * @param sourceBecame what SNAT made of the source, or empty
 * @param destinationBecame what DNAT made of the destination, or empty
 * @param in interface of the first packet, empty for none
 * @param frame that brought the first packet, from 0
 * @param packets by direction
 * @param rule id of the rule that decided on the first packet, or null
 * @param blockedBy id of the rule that decided on the first packet that did not pass, or null
 * @param hits ids of the rules that packets hit
 * @param fates how the packets of a mixed flow fared, and why a lost one was lost; else empty
 * @param state conntrack's, or empty
 * @param helper the connection's, or empty
 */
public record FlowRow(
    long id,
    boolean ipv6,
    FlowKind kind,
    FlowVerdict verdict,
    String protocol,
    String source,
    String sourceBecame,
    String destination,
    String destinationBecame,
    String in,
    String out,
    long firstNs,
    long lastNs,
    long frame,
    long[] packets,
    long[] bytes,
    String rule,
    String blockedBy,
    List<String> hits,
    boolean undecided,
    String fates,
    String state,
    String helper) {

  /** The words for a flow. */
  public static FlowRow of(Flow f, RunNames names) {
    Tuple t = f.original;
    List<String> hits = new ArrayList<>();
    for (int i = 0; i < f.hitCount; i++) {
      hits.add(names.place(t.ipv6, f.hits[i]));
    }
    return new FlowRow(
        f.id,
        t.ipv6,
        f.kind,
        f.verdict(),
        protocol(t),
        FlowText.source(t),
        f.sourceTranslated ? FlowText.destination(f.translatedReply) : "",
        FlowText.destination(t),
        f.destinationTranslated ? FlowText.source(f.translatedReply) : "",
        names.interfaceName(f.in),
        names.interfaceName(f.out),
        f.firstNs,
        f.lastNs,
        f.frame,
        new long[] {f.packets(0), f.packets(1)},
        new long[] {f.bytes(0), f.bytes(1)},
        names.place(t.ipv6, f.rule),
        names.place(t.ipv6, f.blockedBy),
        hits,
        f.undecided,
        fates(f),
        f.state == null ? "" : f.state,
        f.helper == null ? "" : f.helper);
  }

  private static String protocol(Tuple t) {
    String name = RunNames.protocol(t.protocol);
    boolean icmp = t.protocol == Protocols.ICMP || t.protocol == Protocols.ICMPV6;
    return icmp ? name + " " + (t.destinationPort >> 8) + "/" + (t.destinationPort & 0xff) : name;
  }

  private static String fates(Flow f) {
    if (f.verdict() == FlowVerdict.LOST) {
      return f.firstFate().text();
    }
    if (f.verdict() != FlowVerdict.MIXED) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (Fate fate : Fate.values()) {
      long packets = f.packets(fate);
      if (packets > 0) {
        text.append(text.isEmpty() ? "" : ", ").append(packets).append(' ').append(fate.text());
      }
    }
    return text.toString();
  }

  /** The port of an end, -1 for none. */
  public static int port(String end) {
    String address = address(end);
    return address.length() == end.length() || end.isEmpty()
        ? -1
        : Integer.parseInt(end.substring(end.lastIndexOf(':') + 1));
  }

  /** The address alone of an end: {@code 192.0.2.1:80} without its port. */
  public static String address(String end) {
    if (end.startsWith("[")) {
      return end.substring(1, end.indexOf(']'));
    }
    int colon = end.indexOf(':');
    return colon < 0 || colon != end.lastIndexOf(':') ? end : end.substring(0, colon);
  }
}
