package org.fwreplay.legacy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.fwreplay.diagnostic.Diagnostic;
import org.fwreplay.diagnostic.Diagnostics;
import org.fwreplay.diagnostic.SourcePosition;
import org.fwreplay.packet.Names;

/**
 * Reads rulesets of ipchains: what {@code ipchains-save} prints ({@code :chain policy}, {@code -A
 * chain ...}), or {@code ipchains} commands, a line each.
 */
public final class IpchainsParser {
  private static final Set<String> TARGETS =
      Set.of("ACCEPT", "DENY", "REJECT", "MASQ", "REDIRECT", "RETURN", "DIVERT");
  private static final int MAX_CHAIN = 8;

  private final Diagnostics diagnostics = new Diagnostics();
  private final Ipchains ruleset = new Ipchains();
  private final String file;
  private List<Word> words;
  private int line;
  private int next;

  private record Word(String text, int column) {}

  /** Ends the reading of a line. */
  private static final class WrongException extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Word word;

    WrongException(Word word, String message) {
      super(message, null, false, false);
      this.word = word;
    }
  }

  /**
   * What was read.
   *
   * @param ruleset null where there are errors
   */
  public record Result(Ipchains ruleset, List<Diagnostic> diagnostics) {}

  private IpchainsParser(String file) {
    this.file = file;
  }

  /** Reads a text; all errors at once. */
  public static Result parse(String file, String text) {
    IpchainsParser parser = new IpchainsParser(file);
    for (String line : text.split("\n", -1)) {
      parser.line++;
      parser.line(line);
    }
    parser.checkJumps();
    boolean bad = parser.diagnostics.hasErrors();
    return new Result(bad ? null : parser.ruleset, parser.diagnostics.list());
  }

  private void line(String text) {
    words = new ArrayList<>();
    next = 0;
    java.util.regex.Matcher m = java.util.regex.Pattern.compile("\\S+").matcher(text);
    while (m.find() && !m.group().startsWith("#")) {
      words.add(new Word(m.group(), m.start() + 1));
    }
    if (words.isEmpty()) {
      return;
    }
    try {
      if (words.get(0).text.matches("(.*/)?ipchains")) {
        next++;
      }
      command(text.strip());
    } catch (WrongException e) {
      diagnostics.error(
          new SourcePosition(file, line, e.word.column), e.word.text, e.getMessage(), "");
    }
  }

  private Word take(String what) throws WrongException {
    if (next == words.size()) {
      throw new WrongException(words.get(next - 1), "expected " + what + " after this");
    }
    return words.get(next++);
  }

  private boolean taken(String text) {
    boolean there = next < words.size() && words.get(next).text.equals(text);
    next += there ? 1 : 0;
    return there;
  }

  private void command(String text) throws WrongException {
    Word word = take("a command");
    if (word.text.startsWith(":")) {
      policy(new Word(word.text.substring(1), word.column), take("a policy"));
      return;
    }
    switch (word.text) {
      case "-P" -> policy(take("a chain"), take("a policy"));
      case "-N" -> declare(take("a chain"));
      case "-F", "-X", "-Z" -> {
        if (next < words.size()) {
          chain(take("a chain"));
        }
        if (word.text.equals("-F")) {
          ruleset.chains().values().forEach(this::flush);
        }
      }
      case "-A" -> {
        Ipchains.Chain chain = chain(take("a chain"));
        rule(chain, word, text);
      }
      default -> throw new WrongException(word, "expected :chain, -A, -P, -N, -F or -X");
    }
  }

  private void flush(Ipchains.Chain chain) {
    if (words.size() < 3 || chain.name.equals(words.get(words.size() - 1).text)) {
      chain.rules.clear();
      chain.counters.clear();
    }
  }

  private void policy(Word name, Word policy) throws WrongException {
    if (policy.text.equals("-")) {
      declare(name);
      return;
    }
    Ipchains.Chain chain = ruleset.chains().get(name.text);
    if (chain == null || chain.policy == null) {
      throw new WrongException(name, "only input, forward and output have a policy");
    }
    boolean known = List.of("ACCEPT", "DENY", "REJECT").contains(policy.text);
    if (!known && !(policy.text.equals("MASQ") && name.text.equals("forward"))) {
      throw new WrongException(policy, "a policy is ACCEPT, DENY or REJECT; MASQ in forward");
    }
    chain.policy = policy.text;
  }

  private void declare(Word name) throws WrongException {
    if (name.text.length() > MAX_CHAIN) {
      throw new WrongException(name, "a chain's name has at most 8 characters");
    }
    if (TARGETS.contains(name.text) || ruleset.chains().containsKey(name.text)) {
      throw new WrongException(name, "there is a chain or target of that name already");
    }
    ruleset.chains().put(name.text, new Ipchains.Chain(name.text, null));
  }

  private Ipchains.Chain chain(Word name) throws WrongException {
    Ipchains.Chain chain = ruleset.chains().get(name.text);
    if (chain == null) {
      throw new WrongException(name, "no such chain; it is made by -N, or :" + name.text + " -");
    }
    return chain;
  }

  private void rule(Ipchains.Chain chain, Word start, String text) throws WrongException {
    Draft d = new Draft();
    boolean both = false;
    while (next < words.size()) {
      boolean inverted = taken("!");
      Word word = take("an option");
      switch (word.text) {
        case "-s", "--source" -> end(d, true);
        case "-d", "--destination" -> end(d, false);
        case "--sport", "--source-port" -> d.sourcePorts = ports(word);
        case "--dport", "--destination-port" -> d.destinationPorts = ports(word);
        case "-p", "--protocol" -> protocol(d);
        case "-i", "--interface" -> {
          d.ifaceInverted = taken("!");
          d.iface = take("an interface").text;
        }
        case "-y", "--syn" -> d.syn = inverted ? -1 : 1;
        case "-f", "--fragment" -> d.fragment = inverted ? -1 : 1;
        case "-b", "--bidirectional" -> both = true;
        case "-l", "--log" -> d.log = true;
        case "-o", "--output" -> {
          if (next < words.size() && words.get(next).text.matches("\\d+")) {
            next++;
          }
          ruleset.assume(
              new SourcePosition(file, line, word.column)
                  + ": -o: nobody gets the copy of the packet");
        }
        case "-t", "--TOS" -> {
          d.tosAnd = hex(take("a mask"));
          d.tosXor = hex(take("a mask"));
        }
        case "-m", "--mark" -> d.mark = (int) number(take("a mark"), 0, 0xffffffffL);
        case "-j", "--jump" -> target(d, chain);
        default -> throw new WrongException(word, "no option of an ipchains rule");
      }
    }
    if (d.syn != 0 && d.protocol != 6) {
      throw new WrongException(start, "-y needs -p tcp");
    }
    boolean ports = !d.sourcePorts.isAll() || !d.destinationPorts.isAll();
    if (ports && d.protocol != 1 && d.protocol != 6 && d.protocol != 17) {
      throw new WrongException(start, "ports need -p tcp, udp or icmp");
    }
    IpchainsRule rule = d.rule(text, new SourcePosition(file, line, start.column));
    add(chain, rule);
    if (both) {
      add(chain, rule.swapped());
    }
  }

  private static void add(Ipchains.Chain chain, IpchainsRule rule) {
    chain.rules.add(rule);
    chain.counters.add(new Ipchains.Counter());
  }

  /** {@code [!] address[/mask] [[!] ports]}. */
  private void end(Draft d, boolean source) throws WrongException {
    boolean inverted = taken("!");
    IpchainsRule.Net net = net(take("an address"), inverted);
    IpchainsRule.Ports ports = null;
    boolean more =
        next < words.size()
            && (words.get(next).text.equals("!")
                    && next + 1 < words.size()
                    && !words.get(next + 1).text.startsWith("-")
                || !words.get(next).text.startsWith("-") && !words.get(next).text.equals("!"));
    if (more) {
      ports = ports(words.get(next));
    }
    if (source) {
      d.source = net;
      d.sourcePorts = ports == null ? d.sourcePorts : ports;
    } else {
      d.destination = net;
      d.destinationPorts = ports == null ? d.destinationPorts : ports;
    }
  }

  private static IpchainsRule.Net net(Word word, boolean inverted) throws WrongException {
    String[] both = word.text.split("/", 2);
    long address = address(word, both[0].equals("any") ? "0.0.0.0" : both[0]);
    long mask = both[0].equals("any") ? 0 : 0xffffffffL;
    if (both.length == 2) {
      mask =
          both[1].matches("\\d{1,2}") && Integer.parseInt(both[1]) <= 32
              ? 0xffffffffL << 32 - Integer.parseInt(both[1]) & 0xffffffffL
              : address(word, both[1]);
    }
    return new IpchainsRule.Net(address & mask, mask, inverted);
  }

  private static long address(Word word, String text) throws WrongException {
    String[] parts = text.split("\\.", -1);
    long address = 0;
    for (String part : parts) {
      if (parts.length != 4 || !part.matches("\\d{1,3}") || Integer.parseInt(part) > 255) {
        throw new WrongException(word, "\"" + text + "\" is no address (names are not looked up)");
      }
      address = address << 8 | Integer.parseInt(part);
    }
    return address;
  }

  private IpchainsRule.Ports ports(Word before) throws WrongException {
    boolean inverted = taken("!");
    Word word = take("ports");
    String[] both = word.text.split(":", -1);
    if (both.length > 2) {
      throw new WrongException(word, "expected PORT or LOW:HIGH");
    }
    int low = both[0].isEmpty() && both.length == 2 ? 0 : port(word, both[0]);
    int high = both.length == 1 ? low : both[1].isEmpty() ? 0xffff : port(word, both[1]);
    if (high < low) {
      throw new WrongException(word, word.text + " is a range that ends before it starts");
    }
    return new IpchainsRule.Ports(low, high, inverted);
  }

  private static int port(Word word, String text) throws WrongException {
    int named = text.matches("\\d+") ? -1 : Names.port(text, null);
    return named >= 0 ? named : (int) number(new Word(text, word.column), 0, 0xffff);
  }

  private static long number(Word word, long low, long high) throws WrongException {
    if (word.text.matches("(0x[0-9a-fA-F]{1,8}|\\d{1,10})")) {
      long value = Long.decode(word.text.replaceFirst("^0+(?=\\d)", ""));
      if (value >= low && value <= high) {
        return value;
      }
    }
    throw new WrongException(word, "expected a number from " + low + " to " + high);
  }

  private static int hex(Word word) throws WrongException {
    if (!word.text.matches("(0x)?[0-9a-fA-F]{1,2}")) {
      throw new WrongException(word, "expected a TOS mask such as 0x01");
    }
    return Integer.parseInt(word.text.replace("0x", ""), 16);
  }

  private void protocol(Draft d) throws WrongException {
    d.protocolInverted = taken("!");
    Word word = take("a protocol");
    String name = word.text.toLowerCase(java.util.Locale.ROOT);
    int named = name.equals("all") ? 0 : Names.protocol(name);
    d.protocol = named >= 0 ? named : (int) number(word, 0, 255);
  }

  private void target(Draft d, Ipchains.Chain chain) throws WrongException {
    Word word = take("a target");
    d.target = word.text;
    boolean number = next < words.size() && words.get(next).text.matches("\\d+");
    switch (word.text) {
      case "MASQ" -> {
        if (!chain.name.equals("forward") && chain.policy != null) {
          throw new WrongException(word, "MASQ has its place in forward");
        }
      }
      case "REDIRECT" -> {
        if (!chain.name.equals("input") && chain.policy != null) {
          throw new WrongException(word, "REDIRECT has its place in input");
        }
        d.port = number ? (int) number(words.get(next++), 0, 0xffff) : 0;
      }
      case "DIVERT" -> d.port = (int) number(take("a port"), 1, 0xffff);
      default -> {
        if (!TARGETS.contains(word.text)
            && ruleset.chains().containsKey(word.text)
            && ruleset.chains().get(word.text).policy != null) {
          throw new WrongException(word, "jumps lead to chains of your own only");
        }
      }
    }
  }

  private void checkJumps() {
    for (Ipchains.Chain chain : ruleset.chains().values()) {
      for (IpchainsRule rule : chain.rules) {
        String target = rule.target();
        if (!target.isEmpty()
            && !TARGETS.contains(target)
            && !ruleset.chains().containsKey(target)) {
          diagnostics.error(rule.position(), target, "no target and no chain named " + target, "");
        }
      }
    }
  }

  /** A rule while it is read. */
  private static final class Draft {
    private static final IpchainsRule.Net ANY = new IpchainsRule.Net(0, 0, false);
    IpchainsRule.Net source = ANY;
    IpchainsRule.Net destination = ANY;
    IpchainsRule.Ports sourcePorts = IpchainsRule.Ports.ALL;
    IpchainsRule.Ports destinationPorts = IpchainsRule.Ports.ALL;
    int protocol;
    boolean protocolInverted;
    String iface = "";
    boolean ifaceInverted;
    int syn;
    int fragment;
    int tosAnd = 0xff;
    int tosXor;
    Integer mark;
    boolean log;
    String target = "";
    int port;

    IpchainsRule rule(String text, SourcePosition position) {
      return new IpchainsRule(
          source,
          destination,
          sourcePorts,
          destinationPorts,
          protocol,
          protocolInverted,
          iface,
          ifaceInverted,
          syn,
          fragment,
          tosAnd,
          tosXor,
          mark,
          log,
          target,
          port,
          text,
          position);
    }
  }
}
