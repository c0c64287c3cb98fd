package org.fwreplay.rule;

import java.util.ArrayList;
import java.util.List;
import org.fwreplay.diagnostic.SourcePosition;
import org.fwreplay.diagnostic.Suggestions;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Names;
import org.fwreplay.packet.Protocols;

/** What a rule says of addresses, interfaces, protocol and fragments, while it is being read. */
final class HeaderDraft {
  private final ParseContext context;
  private final SourcePosition start;
  private List<AddressMatch> sources = List.of(AddressMatch.ANY);
  private List<AddressMatch> destinations = List.of(AddressMatch.ANY);
  private InterfaceMatch in;
  private InterfaceMatch out;
  private Word inWord;
  private Word outWord;
  private Word invertedWord;
  private boolean protocolGiven;
  private String protocolWord;
  private int protocol;
  private boolean protocolInverted;
  private boolean fragment;
  private boolean fragmentInverted;

  HeaderDraft(ParseContext context, SourcePosition start) {
    this.context = context;
    this.start = start;
  }

  /** Takes one of -s, -d, -i, -o, -p and -f. */
  void option(CommandOption option, Word word, Word value, boolean inverted) {
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
      default -> fragment(word, inverted);
    }
  }

  /** The protocol as the user wrote it, or null. */
  String protocolWord() {
    return protocolWord;
  }

  /** The protocol's number, 0 for all. */
  int protocol() {
    return protocol;
  }

  boolean isProtocolInverted() {
    return protocolInverted;
  }

  private List<AddressMatch> addresses(Word value, boolean inverted) {
    List<AddressMatch> list = new ArrayList<>(1);
    invertedWord = inverted ? value : invertedWord;
    String text = value.text();
    int end;
    for (int from = 0; from <= text.length(); from = end + 1) {
      int comma = text.indexOf(',', from);
      end = comma < 0 ? text.length() : comma;
      try {
        String part = text.substring(from, end).strip();
        list.add(AddressMatch.parse(context.family(), part, inverted));
      } catch (IllegalArgumentException e) {
        error(value, e.getMessage(), "ADDRESS[/MASK][,...]");
      }
    }
    return list;
  }

  private InterfaceMatch interfaceMatch(Word value, boolean inverted) {
    String name = value.text();
    if (name.isEmpty()) {
      error(value, "an interface has a name", "leave the option out to match any");
    } else if (name.length() > InterfaceMatch.MAX_LENGTH) {
      error(value, "interface name \"" + name + "\" is longer than 15 characters", "");
    } else if (name.contains("/") || name.contains(" ")) {
      warning(value, "no interface can be called \"" + name + "\"", "");
    } else if (name.equals("+") && inverted) {
      warning(value, "! before + matches no packet", "");
    } else if (name.startsWith("!")) {
      warning(value, "this is the interface called " + name, "for any other: ! -i or ! -o");
    }
    return new InterfaceMatch(name, inverted);
  }

  private void protocol(Word value, boolean inverted) {
    int number = ProtocolNames.parse(value.text());
    if (number < 0) {
      error(
          value,
          "unknown protocol \"" + value.text() + "\"",
          "a number from 0 to 255; " + Suggestions.hint(value.text(), Names.protocols()));
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
    protocolGiven = true;
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

  /**
   * Complains of interfaces that cannot be known in a built-in chain, and of {@code !} where a line
   * stands for several rules.
   */
  void check(String chain) {
    if (invertedWord != null && (sources.size() > 1 || destinations.size() > 1)) {
      error(invertedWord, "! cannot be used with several addresses", "write a rule for each");
    }
    if (out != null && (chain.equals("PREROUTING") || chain.equals("INPUT"))) {
      error(outWord, "-o cannot be used in " + chain, "no way out is known there");
    }
    if (in != null && (chain.equals("OUTPUT") || chain.equals("POSTROUTING"))) {
      error(inWord, "-i cannot be used in " + chain, "use -o, or -m conntrack or a mark");
    }
  }

  /** One for each source with each destination. */
  List<IpMatch> finish() {
    boolean asked = protocolGiven && (protocol != 0 || context.family() == Family.IPV6);
    IpMatch common =
        new IpMatch(
            AddressMatch.ANY,
            AddressMatch.ANY,
            in,
            out,
            asked,
            protocol,
            protocolInverted,
            fragment,
            fragmentInverted);
    List<IpMatch> all = new ArrayList<>();
    for (AddressMatch source : sources) {
      for (AddressMatch destination : destinations) {
        all.add(common.with(source, destination));
      }
    }
    return all;
  }

  private void error(Word word, String message, String hint) {
    context.diagnostics().error(start.at(word.column()), word.text(), message, hint);
  }

  private void warning(Word word, String message, String hint) {
    context.diagnostics().warning(start.at(word.column()), word.text(), message, hint);
  }
}
