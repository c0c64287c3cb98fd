package org.fwreplay.xt.target;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Icmp;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessTarget;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/**
 * {@code -j REJECT}: drops the packet and tells its sender. ipt_REJECT, ip6t_REJECT, libipt_REJECT,
 * libip6t_REJECT.
 */
public record RejectTarget(With with) implements StatelessTarget {

  /** What the sender is told. The order within a family decides what an abbreviation means. */
  public enum With {
    NET_UNREACHABLE(Family.IPV4, 0, "icmp-net-unreachable", "net-unreach"),
    HOST_UNREACHABLE(Family.IPV4, 1, "icmp-host-unreachable", "host-unreach"),
    PROTOCOL_UNREACHABLE(Family.IPV4, 2, "icmp-proto-unreachable", "proto-unreach"),
    PORT_UNREACHABLE(Family.IPV4, 3, "icmp-port-unreachable", "port-unreach"),
    NET_PROHIBITED(Family.IPV4, 9, "icmp-net-prohibited", "net-prohib"),
    HOST_PROHIBITED(Family.IPV4, 10, "icmp-host-prohibited", "host-prohib"),
    TCP_RESET(Family.IPV4, -1, "tcp-reset", "tcp-rst"),
    ADMIN_PROHIBITED(Family.IPV4, 13, "icmp-admin-prohibited", "admin-prohib"),
    V6_NO_ROUTE(Family.IPV6, 0, "icmp6-no-route", "no-route"),
    V6_ADMIN_PROHIBITED(Family.IPV6, 1, "icmp6-adm-prohibited", "adm-prohibited"),
    V6_ADDRESS_UNREACHABLE(Family.IPV6, 3, "icmp6-addr-unreachable", "addr-unreach"),
    V6_PORT_UNREACHABLE(Family.IPV6, 4, "icmp6-port-unreachable", "port-unreach"),
    V6_TCP_RESET(Family.IPV6, -1, "tcp-reset", "tcp-reset"),
    V6_POLICY_FAIL(Family.IPV6, 5, "icmp6-policy-fail", "policy-fail"),
    V6_REJECT_ROUTE(Family.IPV6, 6, "icmp6-reject-route", "reject-route");

    private final Family family;

    /** Code of the destination unreachable message; -1 for a reset. */
    private final int code;

    private final String text;
    private final String alias;

    With(Family family, int code, String text, String alias) {
      this.family = family;
      this.code = code;
      this.text = text;
      this.alias = alias;
    }

    private boolean isReset() {
      return code < 0;
    }

    private boolean startsWith(String given) {
      return text.regionMatches(true, 0, given, 0, given.length())
          || alias.regionMatches(true, 0, given, 0, given.length());
    }
  }

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "REJECT";
    }

    @Override
    public String summary() {
      return "drops the packet and tells its sender";
    }

    @Override
    public Set<String> tables() {
      return Set.of("filter");
    }

    @Override
    public Set<Hook> hooks() {
      return EnumSet.of(Hook.INPUT, Hook.FORWARD, Hook.OUTPUT);
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("reject-with", "type"));
    }

    @Override
    public RejectTarget parse(Arguments arguments) {
      Family family = arguments.family();
      Argument type = arguments.find("reject-with");
      if (type == null) {
        return new RejectTarget(
            family == Family.IPV4 ? With.PORT_UNREACHABLE : With.V6_PORT_UNREACHABLE);
      }
      With with = named(family, type);
      if (with.isReset() && !arguments.names(Protocols.TCP)) {
        throw type.fail("--reject-with tcp-reset needs -p tcp in the rule");
      }
      return new RejectTarget(with);
    }

    /** The first type of which the value is the beginning. */
    private static With named(Family family, Argument type) {
      StringBuilder known = new StringBuilder();
      for (With with : With.values()) {
        if (with.family == family) {
          if (with.startsWith(type.text())) {
            return with;
          }
          known.append(known.isEmpty() ? "" : ", ").append(with.text);
        }
      }
      throw type.fail("--reject-with: \"" + type.text() + "\" is none of " + known);
    }
  }

  @Override
  public void save(RuleWriter out) {
    out.option("reject-with", with.text);
  }

  @Override
  public int apply(Packet packet, Evaluation evaluation) {
    if (with.isReset()) {
      evaluation.services.sendReset(packet, evaluation);
    } else {
      int type = with.family == Family.IPV4 ? Icmp.DEST_UNREACHABLE : Icmp.V6_DEST_UNREACHABLE;
      evaluation.services.sendUnreachable(packet, evaluation, type, with.code);
    }
    return Verdict.DROP;
  }
}
