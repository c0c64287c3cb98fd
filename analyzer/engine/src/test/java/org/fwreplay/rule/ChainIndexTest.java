package org.fwreplay.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.FamilySeed;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.fwreplay.packet.Protocols;
import org.fwreplay.xt.Evaluation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The index finds what the walk finds: verdicts, deciding rules and counters, on random rulesets.
 */
class ChainIndexTest {
  private static final int PACKETS = 400;
  private static final int[] PORTS = {1, 22, 53, 80, 443, 1024, 8080, 65_535};

  static List<FamilySeed> cases() {
    return FamilySeed.each(40);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void searchingAndWalkingAgree(FamilySeed c) {
    SplittableRandom random = new SplittableRandom(c.seed());
    String text = new Generator(c.family(), random).text(1 + random.nextInt(180));
    Ruleset rules = Rules.parse(c.family(), text).ruleset();
    BoundRuleset walked = Rules.bind(rules, Indexing.NONE);
    BoundRuleset searched = Rules.bind(rules, Indexing.ALL);
    BoundRuleset observed = Rules.bind(rules, Indexing.ALL);
    Watcher watcher = new Watcher();
    observed.observe(watcher);
    Generator generator = new Generator(c.family(), random);
    for (int i = 0; i < PACKETS; i++) {
      Packet packet = generator.packet();
      Evaluation evaluation = Rules.evaluation(random.nextInt(3), -1);
      int expected = walked.table("filter").run(Hook.INPUT, packet, evaluation);
      int found = searched.table("filter").run(Hook.INPUT, packet, evaluation);
      assertThat(found).as("%s, packet %d", c, i).isEqualTo(expected);
      assertThat(searched.table("filter").lastDecision())
          .as("%s, packet %d", c, i)
          .isEqualTo(walked.table("filter").lastDecision());
      assertThat(observed.table("filter").run(Hook.INPUT, packet, evaluation))
          .as("%s, packet %d, observed", c, i)
          .isEqualTo(expected)
          .isEqualTo(watcher.verdict);
      assertThat(watcher.decidedAt).isEqualTo(walked.table("filter").lastDecision());
    }
    assertThat(observed.save()).as("%s, observed", c).isEqualTo(walked.save());
    assertThat(searched.save()).as("%s", c).isEqualTo(walked.save());
  }

  /** Keeps what it is told last; what was missed and what was hit must be in one order. */
  private static final class Watcher implements WalkObserver {
    private int lastHit;
    private int decidedAt;
    private int verdict;

    @Override
    public void enters(BoundTable table, Packet packet, Evaluation evaluation) {
      lastHit = -1;
    }

    @Override
    public void missed(int place, int predicate, Packet packet, Evaluation evaluation) {
      assertThat(predicate).isBetween(SOURCE, MATCHES + 5);
    }

    @Override
    public void hit(int place, Packet packet, Evaluation evaluation) {
      lastHit = place;
    }

    @Override
    public void decided(int place, int decision, Packet packet, Evaluation evaluation) {
      if (!evaluation.hotDrop) {
        assertThat(place).isEqualTo(lastHit);
      }
      decidedAt = place;
      verdict = decision;
    }
  }

  /** Random rules and packets over few values, so that they meet. */
  private record Generator(Family family, SplittableRandom random) {
    private String one(String... words) {
      return words[random.nextInt(words.length)];
    }

    private String bang() {
      return random.nextInt(5) == 0 ? "! " : "";
    }

    private String address() {
      return family == Family.IPV4
          ? "10." + random.nextInt(2) + "." + random.nextInt(4) + "." + random.nextInt(4)
          : "2001:db8:" + random.nextInt(3) + "::" + random.nextInt(5);
    }

    private String mask() {
      return family == Family.IPV4
          ? one("/8", "/16", "/24", "/30", "/32", "/255.0.255.0", "/0")
          : one("/32", "/48", "/126", "/128", "/0");
    }

    private int port() {
      return PORTS[random.nextInt(PORTS.length)];
    }

    private String ports() {
      int a = port();
      int b = port();
      return a == b || random.nextBoolean() ? "" + a : Math.min(a, b) + ":" + Math.max(a, b);
    }

    String text(int rules) {
      StringBuilder out = new StringBuilder("*filter\n:INPUT ACCEPT [0:0]\n:long - [0:0]\n");
      for (int i = 0; i < rules; i++) {
        out.append(rule("INPUT", true)).append(rule("long", false));
      }
      return out.append("COMMIT\n").toString();
    }

    private String rule(String chain, boolean mayJump) {
      StringBuilder r = new StringBuilder("-A " + chain);
      if (random.nextInt(3) == 0) {
        r.append(' ').append(bang()).append("-s ").append(address()).append(mask());
      }
      if (random.nextInt(3) == 0) {
        r.append(' ').append(bang()).append("-d ").append(address()).append(mask());
      }
      if (random.nextInt(4) == 0) {
        r.append(' ').append(bang()).append("-i ").append(one("eth0", "eth1", "e+", "wlan0", "lo"));
      }
      r.append(one("", protocolAndPorts(), protocolAndPorts()));
      if (random.nextInt(10) == 0) {
        r.append(" -m statistic --mode nth --every 3 --packet 0");
      }
      String target =
          one("", "", "", "", "-j MARK --or-mark 4", "-j ACCEPT", "-j DROP", "-j RETURN");
      r.append(' ').append(mayJump && random.nextInt(8) == 0 ? one("-j long", "-g long") : target);
      return r.append('\n').toString();
    }

    private String protocolAndPorts() {
      String protocol = one("tcp", "udp");
      String text = " -p " + protocol;
      return switch (random.nextInt(6)) {
        case 0 -> " " + bang() + "-p " + one("tcp", "udp", "47", "esp");
        case 1 -> text + " -m " + protocol + " " + bang() + "--dport " + ports();
        case 2 ->
            text + " -m comment --comment c -m " + protocol + " " + bang() + "--sport " + ports();
        case 3 ->
            text + " -m multiport " + bang() + one("--dports ", "--sports ") + "22," + ports();
        case 4 -> text + " -m multiport --ports 53," + ports();
        default ->
            text
                + " -m statistic --mode nth --every 2 --packet 0 -m "
                + protocol
                + " --dport "
                + ports();
      };
    }

    Packet packet() {
      boolean four = family == Family.IPV4;
      String from = end();
      String to = end();
      Packets p =
          switch (random.nextInt(5)) {
            case 0 -> Packets.ip(host(from), host(to), random.nextBoolean() ? 47 : Protocols.ESP);
            case 1, 2 -> Packets.udp(from, to).payload("x");
            default -> Packets.tcp(from, to).flags(2);
          };
      if (four && random.nextInt(12) == 0) {
        p = p.fragment(random.nextInt(3) * 8, random.nextBoolean());
      }
      return p.build();
    }

    private String end() {
      return (family == Family.IPV4 ? address() : "[" + address() + "]") + ":" + port();
    }

    private String host(String end) {
      String host = end.substring(0, end.lastIndexOf(':'));
      return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
  }
}
