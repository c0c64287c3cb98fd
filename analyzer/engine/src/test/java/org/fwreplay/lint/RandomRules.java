package org.fwreplay.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.fwreplay.packet.Family;

/** Random rulesets over few values, so that rules often shadow each other. */
final class RandomRules {
  private static final List<String> CHAINS = List.of("INPUT", "FORWARD", "OUTPUT", "A", "B", "C");
  private static final int FIRST_OWN = 3;

  private final SplittableRandom random;
  private final Family family;

  RandomRules(long seed, Family family) {
    random = new SplittableRandom(seed);
    this.family = family;
  }

  /** A table filter, as text; each rule has a line of its own. */
  String next() {
    List<String> lines = new ArrayList<>(List.of("*filter", ":A - [0:0]", ":B - [0:0]"));
    lines.add(":C - [0:0]");
    for (int chain = 0; chain < CHAINS.size(); chain++) {
      for (int i = random.nextInt(9); i >= 0; i--) {
        lines.add("-A " + CHAINS.get(chain) + conditions(CHAINS.get(chain)) + target(chain));
      }
    }
    lines.add("COMMIT");
    return String.join("\n", lines) + "\n";
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private String one(String... words) {
    return words[random.nextInt(words.length)];
  }

  private String not() {
    return chance(20) ? " !" : "";
  }

  private String target(int chain) {
    int firstBelow = Math.max(FIRST_OWN, chain + 1);
    if (firstBelow < CHAINS.size() && chance(30)) {
      String below = CHAINS.get(firstBelow + random.nextInt(CHAINS.size() - firstBelow));
      return (chance(80) ? " -j " : " -g ") + below;
    }
    return one(
        " -j ACCEPT",
        " -j ACCEPT",
        " -j DROP",
        " -j DROP",
        " -j RETURN",
        "",
        " -j MARK --set-xmark 0x1/0xffffffff");
  }

  private String conditions(String chain) {
    StringBuilder out = new StringBuilder();
    if (chance(25)) {
      out.append(not()).append(" -s ").append(address());
    }
    if (chance(25)) {
      out.append(not()).append(" -d ").append(address());
    }
    if (chance(20) && !chain.equals("OUTPUT")) {
      out.append(not()).append(" -i ").append(one("eth0", "eth1", "eth+", "lo"));
    }
    if (chance(20) && !chain.equals("INPUT")) {
      out.append(not()).append(" -o ").append(one("eth0", "eth1", "eth+", "lo"));
    }
    if (chance(55)) {
      out.append(protocol());
    }
    if (chance(25)) {
      out.append(state());
    }
    if (chance(25)) {
      out.append(other());
    }
    return out.toString();
  }

  private String address() {
    String net = family == Family.IPV4 ? "10.0.0." : "2001:db8::";
    int bits = family == Family.IPV4 ? 32 : 128;
    return net + random.nextInt(4) + "/" + (bits - random.nextInt(3));
  }

  private String protocol() {
    String ports = one("22", "80", "22:80", "80:443", "443:", ":79");
    return switch (random.nextInt(family == Family.IPV4 ? 9 : 8)) {
      case 0 -> " -p tcp";
      case 1 -> " ! -p tcp";
      case 2 -> " -p udp" + not() + " --dport " + ports;
      case 3, 4 -> " -p tcp -m tcp" + not() + " --dport " + ports;
      case 5 -> " -p tcp -m tcp" + not() + " --syn";
      case 6 -> " -p tcp -m multiport" + not() + " --dports " + one("22,80", "80,443", "22:443");
      case 7 -> " -p udp -m multiport" + not() + " --ports " + one("22", "22,1000", "80,1000");
      default -> " -p icmp -m icmp" + not() + " --icmp-type " + one("8", "0", "3/1", "3", "any");
    };
  }

  private String state() {
    String states = one("NEW", "ESTABLISHED", "RELATED,ESTABLISHED", "INVALID", "NEW,UNTRACKED");
    return switch (random.nextInt(3)) {
      case 0 -> " -m state" + not() + " --state " + states;
      case 1 -> " -m conntrack" + not() + " --ctstate " + states;
      default -> " -m conntrack --ctstate " + states + not() + " --ctproto tcp";
    };
  }

  private String other() {
    String net = family == Family.IPV4 ? "10.0.0." : "2001:db8::";
    return switch (random.nextInt(family == Family.IPV4 ? 7 : 6)) {
      case 0 -> " -m mark" + not() + " --mark " + one("0x1", "0x0", "0x1/0x1", "0x2/0x2");
      case 1 -> " -m iprange" + not() + " --src-range " + net + "1-" + net + "3";
      case 2 -> " -m iprange" + not() + " --dst-range " + net + "0-" + net + one("0", "2");
      case 3 -> " -m statistic --mode nth --every 2 --packet " + one("0", "1");
      case 4 -> " -m length --length " + one("0:60", "0:30");
      case 5 -> " -m connmark" + not() + " --mark 0x1";
      default -> not() + " -f";
    };
  }
}
