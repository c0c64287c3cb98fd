package org.fwreplay.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Extension;
import org.fwreplay.xt.Option;

/** A match or target while its options are being collected. */
final class ExtensionUse {
  final Extension extension;

  /** Index of the word that named it; of the protocol's where it was loaded implicitly. */
  final int word;

  /** Its options by their names and aliases. */
  final Map<String, Option> options;

  final List<Argument> arguments = new ArrayList<>(2);

  ExtensionUse(Extension extension, int word, Map<String, Option> options) {
    this.extension = extension;
    this.word = word;
    this.options = options;
  }

  /** Whether an extension has an option of that name or alias. */
  static boolean has(Extension extension, String name) {
    return extension.options().stream()
        .anyMatch(option -> option.name().equals(name) || option.alias().equals(name));
  }

  /** Why an option cannot be added to those given, or null: libxtables' guided parser. */
  String refusal(Option option, boolean inverted) {
    String name = extension.name();
    if (inverted && !option.invertible()) {
      return name + ": option \"--" + option.name() + "\" cannot be inverted";
    }
    for (Argument given : arguments) {
      if (given.option().equals(option.name())) {
        if (!option.repeatable()) {
          return name + ": option \"--" + option.name() + "\" can only be used once";
        }
      } else if (!option.group().isEmpty() && option.group().equals(group(given.option()))) {
        return name
            + ": option \"--"
            + option.name()
            + "\" cannot be used together with \"--"
            + given.option()
            + "\"";
      }
    }
    return null;
  }

  private String group(String optionName) {
    return options.get(optionName).group();
  }

  /** The first mandatory option that is missing, or null. */
  String missing() {
    for (Option option : options.values()) {
      if (option.mandatory() && !isGiven(option.name())) {
        return option.name();
      }
    }
    return null;
  }

  private boolean isGiven(String optionName) {
    for (Argument argument : arguments) {
      if (argument.option().equals(optionName)) {
        return true;
      }
    }
    return false;
  }
}
