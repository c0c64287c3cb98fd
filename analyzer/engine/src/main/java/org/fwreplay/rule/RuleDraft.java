package org.fwreplay.rule;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.diagnostic.SourcePosition;
import org.fwreplay.diagnostic.Suggestions;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Tcp;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Extensions;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.match.TcpMatch;

/** A rule while its words are being read. */
final class RuleDraft {
  private final ParseContext context;
  private final ParseContext.Place place;
  private final SourcePosition start;
  private final List<Word> words;
  private final OptionWords options;
  private final Set<CommandOption> seen = EnumSet.noneOf(CommandOption.class);

  private final HeaderDraft header;
  private int protocolIndex;
  private boolean protocolMatchLoaded;
  private final List<ExtensionUse> matches = new ArrayList<>(2);
  private RuleTarget target = new RuleTarget.None();
  private ExtensionUse targetUse;

  /** Something unknown was met: what follows it cannot be judged. */
  private boolean lost;

  private boolean strayed;
  private boolean leftOut;

  /** Packets and bytes. */
  long[] counters = new long[2];

  RuleDraft(
      ParseContext context,
      ParseContext.Place place,
      SourcePosition start,
      List<Word> words,
      OptionWords options) {
    this.context = context;
    this.place = place;
    this.start = start;
    this.words = words;
    this.options = options;
    header = new HeaderDraft(context, start);
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
      case SOURCE, DESTINATION, IN, OUT, FRAGMENT -> header.option(option, word, value, inverted);
      case PROTOCOL -> {
        protocolIndex = options.position() - 1;
        header.option(option, word, value, inverted);
      }
      case MATCH -> match(value);
      case JUMP -> jump(value);
      case GOTO -> go(value);
      case COUNTERS -> counters(value);
      default -> throw new IllegalStateException("no option of a rule: " + option);
    }
  }

  private void counters(Word value) {
    String[] both = value.text().split(",", -1);
    if (both.length == 1) {
      Word second = options.takeArgument();
      both = new String[] {both[0], second == null ? "" : second.text()};
    }
    long packets = Word.number(both[0]);
    long bytes = Word.number(both[1]);
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
          Suggestions.hint(value.text(), context.extensions().matchNames(context.family())));
      return;
    }
    use(extension, options.position() - 1);
  }

  /** libxtables takes the protocol's names for the match of ICMPv6. */
  private static String matchName(String name) {
    return name.equals("icmpv6") || name.equals("ipv6-icmp") ? "icmp6" : name;
  }

  private void use(MatchExtension extension, int word) {
    ExtensionUse use = new ExtensionUse(extension, word, context.extensions().options(extension));
    matches.add(use);
    options.add(use);
  }

  /** Loads the match that {@code -p} stands for, once; for an option that nobody knows yet. */
  boolean loadProtocolMatch() {
    if (isLost() || header.protocolWord() == null || protocolMatchLoaded) {
      return false;
    }
    protocolMatchLoaded = true;
    String name = ProtocolNames.matchName(header.protocolWord(), header.protocol());
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
      if (place.table() == TableType.NAT) {
        refuseDropInNat(value);
      }
    } else if (place.userChains().contains(name)) {
      target = new RuleTarget.Jump(name);
    } else if (place.table().hook(name) != null) {
      error(value, "cannot jump to the built-in chain " + name, "only to chains of your own");
    } else {
      TargetExtension extension = context.extensions().target(name, context.family());
      if (extension == null) {
        unsupported(
            value,
            "unknown target or chain \"" + name + "\"",
            Suggestions.hint(name, targetNames()) + "; a chain is declared before its use");
        return;
      }
      int word = options.position() - 1;
      targetUse = new ExtensionUse(extension, word, context.extensions().options(extension));
      extension.gluedOptions().forEach(options::unglue);
      options.add(targetUse);
    }
  }

  /** iptables lets nobody drop in table nat by a command, though a dump may set the policy. */
  void refuseDropInNat(Word word) {
    if (word.text().equals("DROP")) {
      error(word, "DROP has no place in table nat", "drop in table filter, mangle or raw");
    }
  }

  private List<String> targetNames() {
    List<String> names = new ArrayList<>(place.userChains());
    names.addAll(List.of("ACCEPT", "DROP", "RETURN", "QUEUE"));
    names.addAll(context.extensions().targetNames(context.family()));
    return names;
  }

  private void go(Word value) {
    if (place.userChains().contains(value.text())) {
      target = new RuleTarget.Goto(value.text());
    } else {
      error(value, "-g goes to chains of your own only, and \"" + value.text() + "\" is none", "");
    }
  }

  /** An option of a match or target. */
  void extensionOption(OptionWords.Found found, boolean inverted) {
    Word word = words.get(found.word());
    Option option = found.option();
    int index = found.word();
    String value = "";
    int values = option.words();
    boolean behind = false;
    for (int i = 0; i < values; i++) {
      boolean attached = i == 0 && found.attached() != null;
      if (!attached && !options.hasNext()) {
        error(word, "option " + word.text() + " needs a value", option.value());
        return;
      }
      index = i == 0 && !attached ? options.position() : index;
      Word part = attached ? new Word(found.attached(), word.column()) : options.take();
      if (i == 0 && !attached && isInversion(option, part)) {
        Word real = options.takeArgument();
        if (!isOldInversion("--" + option.name(), part, real, inverted)) {
          return;
        }
        part = real;
        index++;
        behind = true;
      }
      value = i == 0 ? part.text() : value + " " + part.text();
    }
    if (option.hasOptionalValue()) {
      Word part = options.takeArgument();
      value = part == null ? value : part.text();
      index = part == null ? index : options.position() - 1;
    }
    if (values == 0 && found.attached() != null) {
      error(word, "option --" + option.name() + " takes no value", "");
    }
    boolean not = inverted || behind;
    String refusal = found.use().refusal(option, not);
    if (refusal != null) {
      error(word, refusal, "");
      return;
    }
    found.use().arguments.add(new Argument(option.name(), not, value, index));
  }

  /** Whether a {@code !} where a value is due is no value: {@code --dport ! 80}. */
  private boolean isInversion(Option option, Word part) {
    return part.text().equals("!")
        && option.invertible()
        && options.hasNext()
        && !options.atOption();
  }

  /**
   * Takes a {@code !} that stands behind its option, as iptables did up to 1.4, with a warning.
   *
   * @param value what it is before, null for nothing
   * @param inverted whether another stands before the option
   * @return whether the option is good
   */
  boolean isOldInversion(String option, Word mark, Word value, boolean inverted) {
    String spelling = "write ! " + option + (value == null ? " VALUE" : " " + value.text());
    boolean iface = option.equals("-i") || option.equals("-o");
    if (value == null || inverted || iface) {
      error(mark, "! cannot stand behind " + option, spelling);
      return false;
    }
    warning(mark, "! behind " + option + ": iptables takes it no longer", spelling);
    return true;
  }

  /** An option that nobody knows: the next word of {@code options}. */
  void unknownOption(OptionWords all) {
    Word word = words.get(all.position());
    all.skip();
    if (isLost()) {
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

  /** Who has the option, or else which options are known that look like it. */
  private String optionHint(String name, OptionWords all) {
    List<String> owners = new ArrayList<>();
    Extensions extensions = context.extensions();
    Family family = context.family();
    for (String match : extensions.matchNames(family)) {
      if (ExtensionUse.has(extensions.match(match, family), name)) {
        owners.add("-m " + match);
      }
    }
    for (String other : extensions.targetNames(family)) {
      if (ExtensionUse.has(extensions.target(other, family), name)) {
        owners.add("-j " + other);
      }
    }
    if (!owners.isEmpty()) {
      return "it belongs to " + String.join(", ", owners) + ", to be named before it";
    }
    List<String> nearest = Suggestions.nearest(name, all.names());
    return "nearest are --" + String.join(", --", nearest.subList(0, Math.min(5, nearest.size())));
  }

  /** A word that is no option and belongs to none; those that follow it are not reported too. */
  void stray(Word word) {
    if (!isLost() && !strayed) {
      boolean comment = word.text().startsWith("#");
      String hint = comment ? "comments have lines of their own, or -m comment" : "";
      error(word, "\"" + word.text() + "\" belongs to no option", hint);
    }
    strayed = true;
  }

  /** The finished rules; empty where there were errors. */
  List<Rule> finish(Word chain, String text) {
    header.check(chain.text());
    int before = context.diagnostics().errors();
    ExtensionParser parser = new ExtensionParser(context, place, start, words);
    ExtensionParser.Demand demand =
        new ExtensionParser.Demand(
            chain.text(), header.protocol(), header.isProtocolInverted(), protocolIndex);
    List<MatchUse> uses = new ArrayList<>(matches.size());
    String comment = null;
    for (ExtensionUse use : matches) {
      uses.add(new MatchUse(use.extension.name(), parser.match(use, demand)));
      comment = use.extension.name().equals("comment") ? comment(use) : comment;
    }
    if (targetUse != null) {
      target =
          new RuleTarget.Extension(targetUse.extension.name(), parser.target(targetUse, demand));
    }
    if (target instanceof RuleTarget.Extension extension
        && extension.target() != null
        && extension.target().onlyForSyn()
        && uses.stream().noneMatch(RuleDraft::demandsSyn)) {
      error(
          words.get(targetUse.word),
          target.name() + " needs the rule to match TCP SYN packets only",
          "-p tcp --syn, or -p tcp --tcp-flags SYN,RST SYN");
    }
    boolean good = !leftOut && context.diagnostics().errors() == before;
    return good ? expand(uses, text, comment) : List.of();
  }

  private static boolean demandsSyn(MatchUse use) {
    return use.match() instanceof TcpMatch tcp
        && (tcp.flags() & Tcp.SYN) != 0
        && !tcp.flagsInverted();
  }

  private static String comment(ExtensionUse use) {
    return use.arguments.isEmpty() ? null : use.arguments.get(0).text();
  }

  private List<Rule> expand(List<MatchUse> uses, String text, String comment) {
    List<IpMatch> headers = header.finish();
    List<Rule> rules = new ArrayList<>(headers.size());
    for (IpMatch ip : headers) {
      rules.add(new Rule(0, ip, uses, target, counters[0], counters[1], start, text, comment));
    }
    return rules;
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
