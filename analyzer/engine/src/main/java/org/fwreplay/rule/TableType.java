package org.fwreplay.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.fwreplay.packet.Hook;

/** The tables that the kernel has, with the hooks that their built-in chains hang on. */
public enum TableType {
  FILTER(Hook.INPUT, Hook.FORWARD, Hook.OUTPUT),
  NAT(Hook.PREROUTING, Hook.INPUT, Hook.OUTPUT, Hook.POSTROUTING),
  MANGLE(Hook.values()),
  RAW(Hook.PREROUTING, Hook.OUTPUT),
  SECURITY(Hook.INPUT, Hook.FORWARD, Hook.OUTPUT);

  private final List<Hook> hooks;
  private final String text;

  TableType(Hook... hooks) {
    this.hooks = List.of(hooks);
    text = name().toLowerCase(Locale.ROOT);
  }

  /** As written after {@code *} or {@code -t}. */
  public String text() {
    return text;
  }

  /** In the order of the built-in chains, which have the hooks' names. */
  public List<Hook> hooks() {
    return hooks;
  }

  /** The hook of a built-in chain, or null. */
  public Hook hook(String chain) {
    for (Hook hook : hooks) {
      if (hook.name().equals(chain)) {
        return hook;
      }
    }
    return null;
  }

  /** The table of that name, or null. */
  public static TableType of(String name) {
    for (TableType type : values()) {
      if (type.text().equals(name)) {
        return type;
      }
    }
    return null;
  }

  /** All names. */
  static List<String> names() {
    return new ArrayList<>(Arrays.stream(values()).map(TableType::text).toList());
  }
}
