package org.fwreplay.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.FamilySeed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets that follow others of their flow fare as they would on a way of their own. */
class WaysTest {
  private static final String OUT = "udp 192.168.1.10:1000 > 198.51.100.7:53 len 10";
  private static final String BACK = "udp 198.51.100.7:53 > 203.0.113.1:1000 len 10";

  private static Scenario firewall(String... rules) {
    return new Scenario().rules(rules);
  }

  private static void arrive(Scenario firewall, int times, String iface, String words) {
    for (int i = 0; i < times; i++) {
      firewall.arrives(iface, words);
    }
  }

  // -- which packets follow ----------------------------------------------------------------------

  @Test
  void theThirdPacketOfAFlowFollows() {
    Scenario firewall = firewall("*filter", "-A FORWARD -p udp -m udp --dport 53 -j ACCEPT");

    arrive(firewall, 2, "lan", OUT);
    assertThat(firewall.followed()).isZero();
    assertThat(firewall.arrives("lan", OUT))
        .containsExactly("wan: udp 192.168.1.10:1000 > 198.51.100.7:53 len 10 ttl 63");

    assertThat(firewall.followed()).isOne();
    assertThat(firewall.fates()).containsExactly("FORWARDED at POSTROUTING");
    assertThat(firewall.counters())
        .containsExactly("filter [3:114] -A FORWARD -p udp -m udp --dport 53 -j ACCEPT");
  }

  @Test
  void aTranslatedConnectionIsFollowedBothWays() {
    Scenario firewall = firewall("*nat", "-A POSTROUTING -o wan -j MASQUERADE");

    arrive(firewall, 4, "lan", OUT);
    arrive(firewall, 4, "wan", BACK);

    assertThat(firewall.left()).hasSize(1);
    assertThat(firewall.arrives("wan", BACK))
        .containsExactly("lan: udp 198.51.100.7:53 > 192.168.1.10:1000 len 10 ttl 63");
    assertThat(firewall.followed()).isGreaterThan(4);
  }

  @Test
  void whatIsDroppedFollowsToItsEnd() {
    Scenario firewall = firewall("*mangle", "-A FORWARD -p udp -j DROP");

    arrive(firewall, 5, "lan", OUT);

    assertThat(firewall.fates()).containsExactly("DROPPED at FORWARD");
    assertThat(firewall.followed()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-m limit --limit 1/s -j ACCEPT",
        "-m length --length 1:1000 -j ACCEPT",
        "-m ttl --ttl-eq 63 -j ACCEPT",
        "-m conntrack --ctexpire 1:100 -j ACCEPT",
        "-m recent --set",
        "-m statistic --mode nth --every 2 --packet 0 -j DROP",
        "-j LOG",
        "-j MARK --set-mark 1",
        "-j REJECT"
      })
  void nobodyFollowsWhereARuleLooksAtEachPacket(String rule) {
    Scenario firewall = firewall("*filter", "-A FORWARD -p udp " + rule);

    arrive(firewall, 6, "lan", OUT);

    assertThat(firewall.followed()).isZero();
  }

  @Test
  void tcpFlagsMatterWhereARuleLooksAtThem() {
    String ends = "tcp 192.168.1.10:1000 > 198.51.100.7:80 ";
    Scenario firewall = firewall("*filter", "-A FORWARD -p tcp -m tcp --tcp-flags PSH PSH -j DROP");

    arrive(firewall, 4, "lan", ends + ".");
    assertThat(firewall.arrives("lan", ends + "P.")).isEmpty();
    assertThat(firewall.arrives("lan", ends + ".")).hasSize(1);
  }

  @Test
  void aPacketThatIsTooLongForItsWayIsAnswered() {
    Scenario firewall = firewall("*filter", "-A FORWARD -j ACCEPT").mtu("wan", 600);

    arrive(firewall, 4, "lan", OUT + " df");
    firewall.arrives("lan", "udp 192.168.1.10:1000 > 198.51.100.7:53 len 700 df");

    assertThat(firewall.fates()).contains("TOO_BIG");
    assertThat(firewall.arrives("lan", "udp 192.168.1.10:1000 > 198.51.100.7:53 len 700"))
        .hasSize(2);
  }

  @Test
  void aPacketWhoseTimeIsOverEndsHere() {
    Scenario firewall = firewall("*filter", "-A FORWARD -j ACCEPT");

    arrive(firewall, 4, "lan", OUT);
    firewall.arrives("lan", OUT + " ttl 1");

    assertThat(firewall.fates()).contains("TTL_EXCEEDED");
  }

  @Test
  void whatCameInFragmentsLeavesInFragments() {
    String talk = "udp 192.168.1.10:1000 > 198.51.100.7:53 len 700";
    Scenario firewall = firewall("*filter", "-A FORWARD -m conntrack --ctstate NEW -j ACCEPT");

    arrive(firewall, 4, "lan", talk);

    assertThat(firewall.arrives("lan", talk + " cut 400")).hasSize(2);
  }

  @Test
  void equalNumbersOfTwoFamiliesAreTwoFlows() {
    Scenario firewall =
        firewall("*filter", "-A FORWARD -j ACCEPT").rules6("*filter", "-A FORWARD -j DROP");

    arrive(firewall, 4, "lan", "udp 192.168.1.10:1000 > 198.51.100.7:53");

    assertThat(firewall.arrives("lan", "udp [::c0a8:10a]:1000 > [::c633:6407]:53")).isEmpty();
    assertThat(firewall.fates()).containsExactly("DROPPED at FORWARD");
  }

  @Test
  void aTableThatTakesTheOldOnesPlaceIsWalked() {
    Scenario firewall = firewall("*filter", "-A FORWARD -j ACCEPT");
    arrive(firewall, 4, "lan", OUT);

    firewall.operations().replace("filter", "*filter\n-A FORWARD -j DROP\nCOMMIT\n");

    assertThat(firewall.arrives("lan", OUT)).isEmpty();
  }

  // -- random rules and packets ------------------------------------------------------------------

  static List<FamilySeed> cases() {
    return FamilySeed.each(60);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void followingAndWalkingAgree(FamilySeed c) {
    Generator generator = new Generator(c.family(), new SplittableRandom(c.seed()));
    String[] rules = generator.rules();
    Scenario follows = c.family() == Family.IPV4 ? firewall(rules) : new Scenario().rules6(rules);
    Scenario walks = c.family() == Family.IPV4 ? firewall(rules) : new Scenario().rules6(rules);
    follows.mtu("wan", 1280);
    walks.mtu("wan", 1280).walked();
    for (int i = 0; i < 400; i++) {
      String iface = generator.iface();
      String words = generator.packet(iface);
      String where = c + ", packet " + i + ": " + iface + ": " + words;
      assertThat(follows.arrives(iface, words)).as(where).isEqualTo(walks.arrives(iface, words));
      assertThat(follows.fates()).as(where).isEqualTo(walks.fates());
    }
    assertThat(walks.followed()).isZero();
    assertThat(follows.logged()).as("%s", c).isEqualTo(walks.logged());
    assertThat(follows.counters()).as("%s", c).isEqualTo(walks.counters());
    assertThat(follows.connections()).as("%s", c).isEqualTo(walks.connections());
  }

  /** Random rules, and packets of a few flows in both directions. */
  private record Generator(Family family, SplittableRandom random) {
    private String one(String... words) {
      return words[random.nextInt(words.length)];
    }

    String[] rules() {
      List<String> lines = new ArrayList<>();
      lines.add("*raw");
      add(lines, 1, "PREROUTING");
      lines.add("*mangle");
      add(lines, 2, "PREROUTING", "FORWARD", "POSTROUTING");
      lines.add("*filter");
      if (random.nextBoolean()) {
        lines.add("-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT");
      }
      add(lines, 8, "FORWARD", "INPUT");
      if (random.nextBoolean()) {
        lines.add("*nat");
        lines.add("-A POSTROUTING -o wan -j MASQUERADE");
      }
      return lines.toArray(String[]::new);
    }

    private void add(List<String> to, int most, String... chains) {
      for (int i = random.nextInt(most + 1); i > 0; i--) {
        String chain = one(chains);
        String what = chain.equals("POSTROUTING") ? what().replace(" -i", " -o") : what();
        to.add("-A " + chain + what + one("", " -j ACCEPT", " -j DROP", " -j RETURN"));
      }
    }

    private String what() {
      boolean four = family == Family.IPV4;
      return switch (random.nextInt(four ? 17 : 15)) {
        case 0 -> " -p udp -m udp --dport " + one("53", "443");
        case 1 -> " -p tcp -m tcp --dport " + one("53", "443");
        case 2 -> " -p tcp -m multiport --ports 53,443";
        case 3 -> " -p tcp -m tcp --tcp-flags " + one("SYN,ACK SYN", "PSH PSH", "FIN FIN");
        case 4 -> " -i " + one("lan", "wan", "dmz");
        case 5 -> " -m conntrack --ctstate " + one("NEW", "ESTABLISHED", "INVALID");
        case 6 -> " -m conntrack --ctstatus " + one("ASSURED", "SEEN_REPLY", "CONFIRMED");
        case 7 -> " -m conntrack --ctdir REPLY";
        case 8 -> " -m length --length 1:400";
        case 9 -> " -m limit --limit 1000/s --limit-burst 3";
        case 10 -> " -m tos --tos 0x10";
        case 11 -> " -m dscp --dscp 8";
        case 12 -> " -m statistic --mode nth --every 3 --packet 0";
        case 13 -> " -m connmark --mark 0";
        case 14 -> " -m mark ! --mark 0";
        case 15 -> " -s 192.168.1.0/28";
        default -> " -m ttl --ttl-lt 40";
      };
    }

    String iface() {
      return one("lan", "lan", "wan", "dmz");
    }

    /** A packet of one of few flows; from the outside it answers, maybe to what was translated. */
    String packet(String iface) {
      boolean four = family == Family.IPV4;
      String inside =
          switch (iface) {
            case "dmz" -> four ? "172.16.5.10:1000" : "[2001:db8:5::10]:1000";
            case "lan" -> four ? "192.168.1.10:1000" : "[2001:db8:1::10]:1000";
            default ->
                four
                    ? one("192.168.1.10", "172.16.5.10", "203.0.113.1") + ":1000"
                    : one("[2001:db8:1::10]", "[2001:db8:5::10]", "[2001:db8:ff::2]") + ":1000";
          };
      String outside = (four ? "198.51.100.7:" : "[2001:db8:99::7]:") + one("53", "443");
      String ends = iface.equals("wan") ? outside + " > " + inside : inside + " > " + outside;
      String kind = one("udp " + ends, "tcp " + ends + " " + one("S", "S.", ".", "P.", "F.", "R"));
      return kind
          + " len "
          + one("0", "10", "10", "10", "500", "500 cut 200", "1300")
          + one("", "", "", "", " ttl " + one("1", "2", "30"))
          + one("", "", "", "", " tos " + one("16", "32"))
          + (four ? one("", "", "", "", "", "", " badsum", " df", " ipopts 01010101") : "");
    }
  }
}
