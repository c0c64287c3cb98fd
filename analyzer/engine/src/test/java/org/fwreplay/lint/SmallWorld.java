package org.fwreplay.lint;

import java.util.ArrayList;
import java.util.List;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.host.Host;
import org.fwreplay.host.HostBuilder;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.rule.BindingContext;
import org.fwreplay.rule.BoundRuleset;
import org.fwreplay.rule.BoundTable;
import org.fwreplay.rule.Ruleset;
import org.fwreplay.xt.Evaluation;

/** Every packet over the few values that {@link RandomRules} tells apart, for the plain walk. */
final class SmallWorld {
  private static final int NONE = -1;
  private static final int LO = 0;
  private static final int ETH0 = 1;
  private static final int ETH1 = 2;
  private static final int[][] INPUT = {{LO, NONE}, {ETH0, NONE}, {ETH1, NONE}};
  private static final int[][] OUTPUT = {{NONE, LO}, {NONE, ETH0}, {NONE, ETH1}};
  private static final int[][] FORWARD = {{ETH0, ETH1}, {ETH1, ETH0}, {LO, ETH0}, {ETH1, LO}};
  private static final int MARKS = 3;

  private record Case(Packet packet, Connection connection, int info) {}

  private final Host host;
  private final List<Case> cases = new ArrayList<>();

  SmallWorld(Family family) {
    HostBuilder builder = Host.builder();
    builder.add("lo", -1, "127.0.0.1/8", "::1/128");
    builder.add("eth0", 0x020000000001L, "192.0.2.1/24", "2001:db8::1/64");
    builder.add("eth1", 0x020000000002L, "198.51.100.1/24", "2001:db8:1::1/64");
    host = builder.build();
    List<String> addresses =
        family == Family.IPV4
            ? List.of("10.0.0.0", "10.0.0.1", "10.0.0.2", "10.0.0.3", "192.0.2.9")
            : List.of("2001:db8::", "2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:9::1");
    for (String from : addresses) {
      for (String to : addresses) {
        transports(family, from, to);
      }
    }
  }

  private void transports(Family family, String from, String to) {
    boolean six = family == Family.IPV6;
    String sender = six ? "[" + from + "]:" : from + ":";
    String receiver = six ? "[" + to + "]:" : to + ":";
    for (int port : new int[] {9, 22, 80, 443}) {
      states(Packets.tcp(sender + 1000, receiver + port).flags(Tcp.SYN).build(), port == 22);
      states(
          Packets.tcp(sender + 1000, receiver + port).flags(Tcp.ACK).payload("x").build(), false);
      states(Packets.udp(sender + 1000, receiver + port).build(), port == 80);
      states(Packets.udp(sender + 22, receiver + port).payload(new byte[40]).build(), false);
    }
    states(Packets.ip(from, to, Protocols.GRE).payload(new byte[20]).build(), false);
    if (!six) {
      states(Packets.icmp(from, to, 8, 0).build(), true);
      states(Packets.icmp(from, to, 0, 0).payload(new byte[50]).build(), false);
      states(Packets.icmp(from, to, 3, 1).build(), false);
      states(Packets.icmp(from, to, 3, 2).build(), false);
      states(Packets.udp(sender + 1000, receiver + 80).fragment(16, false).build(), false);
    }
  }

  /** The packet in each state; connections of all protocols pass for TCP's or not. */
  private void states(Packet packet, boolean isMarked) {
    for (int info : new int[] {CtInfo.NEW, CtInfo.ESTABLISHED, CtInfo.RELATED}) {
      Connection connection = new Connection();
      connection.original.protocol = packet.protocol;
      connection.mark = isMarked ? 1 : 0;
      cases.add(new Case(packet, connection, info));
    }
    cases.add(new Case(packet, null, CtInfo.ESTABLISHED));
    cases.add(new Case(packet, null, CtInfo.UNTRACKED));
  }

  /** The ruleset with counters of all packets through table filter. */
  BoundRuleset walk(Ruleset ruleset) {
    BoundRuleset bound = BoundRuleset.bind(ruleset, new BindingContext(host, host.newRouter(), 1));
    BoundTable filter = bound.table("filter");
    walk(filter, Hook.INPUT, INPUT);
    walk(filter, Hook.FORWARD, FORWARD);
    walk(filter, Hook.OUTPUT, OUTPUT);
    return bound;
  }

  private void walk(BoundTable table, Hook hook, int[][] interfaces) {
    Evaluation evaluation = new Evaluation(null);
    for (int[] pair : interfaces) {
      evaluation.in = pair[0];
      evaluation.out = pair[1];
      for (Case each : cases) {
        Packet packet = each.packet;
        packet.tracked = each.connection;
        packet.trackInfo = each.info;
        for (int mark = 0; mark < MARKS; mark++) {
          packet.mark = mark;
          table.run(hook, packet, evaluation);
        }
      }
    }
  }
}
