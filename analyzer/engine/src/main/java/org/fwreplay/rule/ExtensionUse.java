package org.fwreplay.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
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

  final List<Argument> arguments = new ArrayList<>();

  ExtensionUse(Extension extension, int word) {
    this.extension = extension;
    this.word = word;
  }

  /** An option of this use; one object for all its spellings. */
  record Handle(ExtensionUse use, Option option) {}

  /** The options by their names and aliases. */
  Map<String, Object> handles() {
    Map<String, Object> handles = new LinkedHashMap<>();
    for (Option option : extension.options()) {
      Handle handle = new Handle(this, option);
      handles.put(option.name(), handle);
      if (!option.alias().isEmpty()) {
        handles.put(option.alias(), handle);
      }
    }
    return handles;
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
    for (Option option : extension.options()) {
      if (option.name().equals(optionName)) {
        return option.group();
      }
    }
    return "";
  }

  /** The first mandatory option that is missing, or null. */
  String missing() {
    for (Option option : extension.options()) {
      if (option.mandatory()
          && arguments.stream().noneMatch(a -> a.option().equals(option.name()))) {
        return option.name();
      }
    }
    return null;
  }
}
