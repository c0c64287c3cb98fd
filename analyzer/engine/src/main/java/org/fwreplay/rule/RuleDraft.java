package org.fwreplay.rule;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Protocols;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.TargetExtension;

/** A rule while its words are being read. */
final class RuleDraft {
  private final ParseContext context;
  private final ParseContext.Place place;
  private final SourcePosition start;
  private final List<Word> words;
  private final OptionWords<Object> options;
  private final Set<CommandOption> seen = EnumSet.noneOf(CommandOption.class);

  private List<AddressMatch> sources = List.of(AddressMatch.ANY);
  private List<AddressMatch> destinations = List.of(AddressMatch.ANY);
  private InterfaceMatch in;
  private InterfaceMatch out;
  private Word inWord;
  private Word outWord;
  private String protocolWord;
  private int protocolIndex;
  private int protocol;
  private boolean protocolInverted;
  private boolean protocolMatchLoaded;
  private boolean fragment;
  private boolean fragmentInverted;
  private final List<ExtensionUse> matches = new ArrayList<>();
  private RuleTarget target = new RuleTarget.None();
  private ExtensionUse targetUse;

  /** Something unknown was met: what follows it cannot be judged. */
  private boolean lost;

  private boolean leftOut;

  /** Packets and bytes. */
  long[] counters = new long[2];

  RuleDraft(
      ParseContext context,
      ParseContext.Place place,
      SourcePosition start,
      List<Word> words,
      OptionWords<Object> options) {
    this.context = context;
    this.place = place;
    this.start = start;
    this.words = words;
    this.options = options;
  }

  /** Whether anything of a rule was said. */
  boolean isStarted() {
    return !seen.isEmpty() || !matches.isEmpty();
  }

  /** Whether the rule holds something unsupported that is allowed to be left out. */
  boolean isLeftOut() {
    return leftOut;
  }

  /** Whether options may belong to something unknown. */
  boolean isLost() {
    return lost;
  }

  /** One of the options that iptables itself has for rules. */
  void base(CommandOption option, Word word, Word value, boolean inverted) {
    CommandOption once = option == CommandOption.GOTO ? CommandOption.JUMP : option;
    if (!seen.add(once) && option != CommandOption.MATCH) {
      error(word, option.text() + " can only be given once", "");
      return;
    }
    switch (option) {
      case SOURCE -> sources = addresses(value, inverted);
      case DESTINATION -> destinations = addresses(value, inverted);
      case IN -> {
        inWord = word;
        in = interfaceMatch(value, inverted);
      }
      case OUT -> {
        outWord = word;
        out = interfaceMatch(value, inverted);
      }
      case PROTOCOL -> protocol(value, inverted);
      case FRAGMENT -> fragment(word, inverted);
      case MATCH -> match(value);
      case JUMP -> jump(value);
      case GOTO -> go(value);
      case COUNTERS -> counters(value);
      default -> throw new IllegalStateException("no option of a rule: " + option);
    }
  }

  private List<AddressMatch> addresses(Word value, boolean inverted) {
    List<AddressMatch> list = new ArrayList<>();
    String[] parts = value.text().split(",");
    if (isMisplacedInversion(value)) {
      return list;
    }
    if (inverted && parts.length > 1) {
      error(value, "! cannot be used with several addresses", "write a rule for each");
    }
    for (String part : parts) {
      try {
        list.add(AddressText.parse(context.family(), part.strip(), inverted));
      } catch (IllegalArgumentException e) {
        error(value, e.getMessage(), "ADDRESS[/MASK][,...]");
      }
    }
    return list;
  }

  private boolean isMisplacedInversion(Word value) {
    if (value.text().equals("!")) {
      error(
          value,
          "! stands behind its option, which " + context.tool() + " takes no longer",
          "put it before the option");
      lost = true;
      return true;
    }
    return false;
  }

  private InterfaceMatch interfaceMatch(Word value, boolean inverted) {
    String name = value.text();
    if (isMisplacedInversion(value)) {
      return null;
    }
    if (name.isEmpty()) {
      error(value, "an interface has a name", "leave the option out to match any");
    } else if (name.length() > InterfaceMatch.MAX_LENGTH) {
      error(value, "interface name \"" + name + "\" is longer than 15 characters", "");
    } else if (name.contains("/") || name.contains(" ")) {
      warning(value, "no interface can be called \"" + name + "\"", "");
    } else if (name.equals("+") && inverted) {
      warning(value, "! before + matches no packet, and iptables-save does not show it", "");
    }
    return new InterfaceMatch(name, inverted);
  }

  private void protocol(Word value, boolean inverted) {
    if (isMisplacedInversion(value)) {
      return;
    }
    protocolIndex = options.position() - 1;
    int number = ProtocolNames.parse(value.text());
    if (number < 0) {
      error(
          value,
          "unknown protocol \"" + value.text() + "\"",
          "a number from 0 to 255; " + Names.hint(value.text(), ProtocolNames.names(), ""));
      return;
    }
    if (number == 0 && inverted) {
      error(value, "! -p " + value.text() + " would never match", "");
    }
    if (context.family() == Family.IPV6 && !inverted && isWalkedOver(number)) {
      warning(
          value,
          "IPv6 extension header " + value.text() + " is never a packet's protocol",
          "use the match for it");
    }
    protocolWord = value.text();
    protocol = number;
    protocolInverted = inverted;
  }

  private static boolean isWalkedOver(int number) {
    return number != Protocols.HOPOPTS
        && number != Protocols.NONE
        && Protocols.isExtensionHeader(number);
  }

  private void fragment(Word word, boolean inverted) {
    if (context.family() == Family.IPV6) {
      error(word, "-f is for IPv4 only", "use -m frag");
    }
    fragment = true;
    fragmentInverted = inverted;
  }

  private void counters(Word value) {
    String[] both = value.text().split(",", -1);
    if (both.length == 1) {
      Word second = options.takeArgument();
      both = new String[] {both[0], second == null ? "" : second.text()};
    }
    long packets = AddressText.number(both[0]);
    long bytes = both.length == 2 ? AddressText.number(both[1]) : -1;
    if (packets < 0 || bytes < 0) {
      error(value, "-c needs a packet and a byte counter", "-c PACKETS BYTES");
    } else {
      counters = new long[] {packets, bytes};
    }
  }

  private void match(Word value) {
    MatchExtension extension =
        context.extensions().match(matchName(value.text()), context.family());
    if (extension == null) {
      unsupported(
          value,
          "unknown match \"" + value.text() + "\"",
          Names.hint(value.text(), context.extensions().matchNames(context.family()), ""));
      return;
    }
    use(extension, options.position() - 1);
  }

  /** libxtables takes the protocol's names for the match of ICMPv6. */
  private static String matchName(String name) {
    return name.equals("icmpv6") || name.equals("ipv6-icmp") ? "icmp6" : name;
  }

  private void use(MatchExtension extension, int word) {
    ExtensionUse use = new ExtensionUse(extension, word);
    matches.add(use);
    options.add(use.handles());
  }

  /** Loads the match that {@code -p} stands for, once; for an option that nobody knows yet. */
  boolean loadProtocolMatch() {
    if (protocolWord == null || protocolMatchLoaded) {
      return false;
    }
    protocolMatchLoaded = true;
    String name = ProtocolNames.matchName(protocolWord, protocol);
    MatchExtension extension = context.extensions().match(name, context.family());
    if (extension == null) {
      return false;
    }
    use(extension, protocolIndex);
    return true;
  }

  private void jump(Word value) {
    String name = value.text();
    RuleTarget standard = RuleTarget.standard(name);
    if (standard != null) {
      target = standard;
      if (name.equals("DROP") && place.table() == TableType.NAT) {
        error(value, "DROP has no place in table nat", "drop in table filter, mangle or raw");
      }
    } else if (place.hasUserChain().test(name)) {
      target = new RuleTarget.Jump(name);
    } else if (place.hasChain().test(name)) {
      error(value, "cannot jump to the built-in chain " + name, "only to chains of your own");
    } else {
      TargetExtension extension = context.extensions().target(name, context.family());
      if (extension == null) {
        unsupported(
            value,
            "unknown target or chain \"" + name + "\"",
            "a chain must be declared before; "
                + Names.hint(name, context.extensions().targetNames(context.family()), ""));
        return;
      }
      targetUse = new ExtensionUse(extension, options.position() - 1);
      options.add(targetUse.handles());
    }
  }

  private void go(Word value) {
    if (place.hasUserChain().test(value.text())) {
      target = new RuleTarget.Goto(value.text());
    } else {
      error(value, "-g goes to chains of your own only, and \"" + value.text() + "\" is none", "");
    }
  }

  /** An option of a match or target. */
  void extensionOption(
      ExtensionUse.Handle handle, OptionWords.Found<Object> found, boolean inverted) {
    Word word = words.get(found.word());
    ExtensionUse use = handle.use();
    int index = found.word();
    StringBuilder value = new StringBuilder();
    int values = handle.values();
    for (int i = 0; i < values; i++) {
      boolean attached = i == 0 && found.attached() != null;
      if (!attached && !options.hasNext()) {
        error(word, "option " + word.text() + " needs a value", handle.option().value());
        return;
      }
      index = i == 0 && !attached ? options.position() : index;
      String part = attached ? found.attached() : options.take().text();
      value.append(i == 0 ? "" : " ").append(part);
    }
    if (value.toString().equals("!")) {
      isMisplacedInversion(words.get(index));
      return;
    }
    if (values == 0 && found.attached() != null) {
      error(word, "option --" + handle.option().name() + " takes no value", "");
    }
    String refusal = use.refusal(handle.option(), inverted);
    if (refusal != null) {
      error(word, refusal, "");
      return;
    }
    use.arguments.add(new Argument(handle.option().name(), inverted, value.toString(), index));
  }

  /** An option that nobody knows: the next word of {@code options}. */
  void unknownOption(OptionWords<Object> all) {
    Word word = words.get(all.position());
    all.skip();
    if (lost) {
      return;
    }
    if (!all.candidates().isEmpty()) {
      error(
          word,
          "option " + word.text() + " is ambiguous",
          "it could be " + String.join(", ", all.candidates()));
    } else {
      String name = word.text().replaceFirst("^-+", "").replaceFirst("=.*", "");
      unsupported(word, "unknown option " + word.text(), optionHint(name, all));
    }
    lost = true;
  }

  private static String optionHint(String name, OptionWords<Object> all) {
    List<String> nearest = Names.nearest(name, all.names());
    return "nearest are --" + String.join(", --", nearest.subList(0, Math.min(5, nearest.size())));
  }

  /** A word that is no option and belongs to none. */
  void stray(Word word) {
    if (!lost) {
      error(word, "\"" + word.text() + "\" belongs to no option", "");
    }
  }

  /** The finished rules; empty where there were errors. */
  List<Rule> finish(Word chain, String text) {
    interfaceChecks(chain.text());
    int before = context.diagnostics().errors();
    ExtensionParser parser = new ExtensionParser(context, place, start, words);
    ExtensionParser.Demand demand =
        new ExtensionParser.Demand(chain.text(), protocol, protocolInverted);
    List<MatchUse> uses = new ArrayList<>();
    String comment = null;
    for (ExtensionUse use : matches) {
      uses.add(new MatchUse(use.extension.name(), parser.match(use, demand)));
      comment = use.extension.name().equals("comment") ? comment(use) : comment;
    }
    if (targetUse != null) {
      target =
          new RuleTarget.Extension(targetUse.extension.name(), parser.target(targetUse, demand));
    }
    boolean good = !leftOut && context.diagnostics().errors() == before;
    return good ? expand(uses, text, comment) : List.of();
  }

  private static String comment(ExtensionUse use) {
    return use.arguments.isEmpty() ? null : use.arguments.get(0).text();
  }

  private void interfaceChecks(String chain) {
    if (out != null && (chain.equals("PREROUTING") || chain.equals("INPUT"))) {
      error(outWord, "-o cannot be used in " + chain, "no way out is known there");
    }
    if (in != null && (chain.equals("OUTPUT") || chain.equals("POSTROUTING"))) {
      error(inWord, "-i cannot be used in " + chain, "use -o, or -m conntrack or a mark");
    }
  }

  private List<Rule> expand(List<MatchUse> uses, String text, String comment) {
    IpMatch ip =
        new IpMatch(
            AddressMatch.ANY,
            AddressMatch.ANY,
            in,
            out,
            seen.contains(CommandOption.PROTOCOL) && (protocol != 0 || isIpv6()),
            protocol,
            protocolInverted,
            fragment,
            fragmentInverted);
    List<Rule> rules = new ArrayList<>();
    for (AddressMatch source : sources) {
      for (AddressMatch destination : destinations) {
        IpMatch one = ip.with(source, destination);
        rules.add(new Rule(0, one, uses, target, counters[0], counters[1], start, text, comment));
      }
    }
    return rules;
  }

  private boolean isIpv6() {
    return context.family() == Family.IPV6;
  }

  private void unsupported(Word word, String message, String hint) {
    lost = true;
    if (context.allowUnsupported()) {
      leftOut = true;
      warning(word, message + ": this rule is left out", hint);
    } else {
      error(word, message, hint);
    }
  }

  private void error(Word word, String message, String hint) {
    context.diagnostics().error(start.at(word.column()), word.text(), message, hint);
  }

  private void warning(Word word, String message, String hint) {
    context.diagnostics().warning(start.at(word.column()), word.text(), message, hint);
  }
}
