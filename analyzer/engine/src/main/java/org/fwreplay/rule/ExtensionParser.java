package org.fwreplay.rule;

import java.util.List;
import java.util.TreeSet;
import org.fwreplay.diagnostic.SourcePosition;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Extension;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.OptionException;
import org.fwreplay.xt.PacketMatch;
import org.fwreplay.xt.PacketTarget;
import org.fwreplay.xt.TargetExtension;

/** Turns the collected options of a rule's matches and target into what they mean. */
final class ExtensionParser {
  /** What the rule says beside its extensions. */
  record Demand(String chain, int protocol, boolean protocolInverted, int protocolWord) {}

  private final ParseContext context;
  private final ParseContext.Place place;
  private final SourcePosition start;
  private final List<Word> words;

  ExtensionParser(
      ParseContext context, ParseContext.Place place, SourcePosition start, List<Word> words) {
    this.context = context;
    this.place = place;
    this.start = start;
    this.words = words;
  }

  /** The match, or null after an error. */
  PacketMatch match(ExtensionUse use, Demand demand) {
    return check(use, demand)
        ? guarded(use, demand, ((MatchExtension) use.extension)::parse)
        : null;
  }

  /** The target, or null after an error. */
  PacketTarget target(ExtensionUse use, Demand demand) {
    return check(use, demand)
        ? guarded(use, demand, ((TargetExtension) use.extension)::parse)
        : null;
  }

  private <R> R guarded(
      ExtensionUse use, Demand demand, java.util.function.Function<Arguments, R> parse) {
    Arguments arguments =
        new Arguments(
            use.extension.name(),
            context.family(),
            demand.protocol(),
            demand.protocolInverted(),
            demand.protocolWord(),
            place.table().text(),
            demand.chain(),
            use.arguments,
            context.extensions().dialects());
    try {
      R parsed = parse.apply(arguments);
      for (OptionException warning : arguments.warnings()) {
        Word at = words.get(warning.word());
        context.diagnostics().warning(start.at(at.column()), at.text(), warning.getMessage(), "");
      }
      return parsed;
    } catch (OptionException e) {
      int word = e.word() >= 0 && e.word() < words.size() ? e.word() : use.word;
      error(word, e.getMessage(), "");
      return null;
    }
  }

  private boolean check(ExtensionUse use, Demand demand) {
    Extension extension = use.extension;
    String name = extension.name();
    if (!extension.removed().isEmpty() && !context.allowUnsupported()) {
      error(use.word, name + ": " + extension.removed(), "");
      return false;
    }
    String missing = use.missing();
    if (missing != null) {
      error(use.word, name + ": option \"--" + missing + "\" must be specified", "");
      return false;
    }
    if (!extension.tables().isEmpty() && !extension.tables().contains(place.table().text())) {
      error(
          use.word,
          name + " cannot be used in table " + place.table().text(),
          "only in " + String.join(", ", new TreeSet<>(extension.tables())));
      return false;
    }
    boolean protocol =
        extension.protocols().isEmpty()
            || !demand.protocolInverted() && extension.protocols().contains(demand.protocol());
    if (!protocol) {
      List<String> names =
          extension.protocols().stream().sorted().map(ProtocolNames::text).toList();
      error(
          use.word,
          name + " needs the rule to name its protocol",
          "-p " + String.join(" or -p ", names));
    }
    return protocol;
  }

  private void error(int word, String message, String hint) {
    Word at = words.get(word);
    context.diagnostics().error(start.at(at.column()), at.text(), message, hint);
  }
}
