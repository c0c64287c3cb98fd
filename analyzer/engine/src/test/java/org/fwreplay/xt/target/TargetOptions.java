package org.fwreplay.xt.target;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.fwreplay.packet.Family;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Extensions;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.OptionException;
import org.fwreplay.xt.PacketTarget;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.TargetExtension;

/** Reads the target part of a rule, such as {@code -p tcp -j SNAT --to-source 192.0.2.1:80}. */
final class TargetOptions {
  private static final Extensions EXTENSIONS = Extensions.load();
  private static final Map<String, Integer> PROTOCOLS =
      Map.of("icmp", 1, "tcp", 6, "udp", 17, "dccp", 33, "icmpv6", 58, "sctp", 132);

  /** Words; a word in double quotes keeps its spaces. */
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  private final Family family;
  private final List<String> words;
  private final List<Argument> given = new ArrayList<>();
  private TargetExtension extension;
  private int protocol;
  private boolean protocolInverted;
  private int at;

  private TargetOptions(Family family, String rule) {
    this.family = family;
    words = WORD.matcher(rule).results().map(TargetOptions::unquoted).toList();
  }

  private static String unquoted(MatchResult word) {
    return word.group(1) != null ? word.group(1) : word.group(2);
  }

  static PacketTarget parse(Family family, String rule) {
    return new TargetOptions(family, rule).read();
  }

  /** The target's options as they are saved, without {@code -j NAME}. */
  static String saved(Family family, String rule) {
    StringBuilder out = new StringBuilder();
    parse(family, rule).save(new RuleWriter(out, family));
    return out.toString().strip();
  }

  static TargetExtension extension(Family family, String name) {
    return EXTENSIONS.target(name, family);
  }

  private PacketTarget read() {
    boolean inverted = false;
    while (at < words.size()) {
      String word = words.get(at++);
      switch (word) {
        case "!" -> inverted = true;
        case "-p" -> {
          String name = words.get(at++);
          protocol = PROTOCOLS.containsKey(name) ? PROTOCOLS.get(name) : Integer.parseInt(name);
          protocolInverted = inverted;
          inverted = false;
        }
        case "-j" -> extension = extension(family, words.get(at++));
        default -> {
          option(word, inverted);
          inverted = false;
        }
      }
    }
    check();
    Set<String> tables = extension.tables();
    String table = tables.isEmpty() ? "filter" : tables.iterator().next();
    return extension.parse(
        new Arguments(extension.name(), family, protocol, protocolInverted, table, "chain", given));
  }

  private void option(String word, boolean inverted) {
    Option option = find(word.substring(2));
    if (option == null || inverted) {
      throw new OptionException(at, "unexpected " + word);
    }
    if (option.takesValue() && at == words.size()) {
      throw new OptionException(at, word + " requires a value");
    }
    String value = option.takesValue() ? words.get(at++) : "";
    given.add(new Argument(option.name(), false, value, at - 1));
  }

  private Option find(String name) {
    for (Option option : extension.options()) {
      if (option.name().equals(name)) {
        return option;
      }
    }
    return null;
  }

  /** What the rule parser makes sure of before it hands the options over. */
  private void check() {
    if (!extension.protocols().isEmpty()
        && (protocolInverted || !extension.protocols().contains(protocol))) {
      throw new OptionException(-1, "needs another -p");
    }
    Set<String> seen = new HashSet<>();
    for (Argument argument : given) {
      Option option = find(argument.option());
      if (!seen.add(option.group().isEmpty() ? option.name() : "group " + option.group())) {
        throw new OptionException(argument.word(), "--" + option.name() + " is one too many");
      }
    }
  }
}
