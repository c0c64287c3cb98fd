package org.fwreplay.xt.match;

import org.fwreplay.xt.Argument;
import org.fwreplay.xt.RuleWriter;

/**
 * Numbers that iproute2's files give names ({@code /etc/iproute2/group}, {@code rt_realms}): of
 * these every system has one for 0. libxtables' {@code xtables_lmap}.
 *
 * @param zero the name of 0
 */
record NameMap(String zero) {
  /** {@code VALUE[/MASK]} or a name. */
  Argument.Masked parse(Argument argument) {
    String text = argument.text();
    if (text.equals(zero)) {
      return new Argument.Masked(0, -1);
    }
    if (text.isEmpty() || !Character.isDigit(text.charAt(0))) {
      throw argument.fail(
          "--"
              + argument.option()
              + ": \""
              + text
              + "\" is not a number; names other than \""
              + zero
              + "\" are those of the firewall's own files");
    }
    return argument.masked32();
  }

  /** As iptables-save writes it. */
  String text(Argument.Masked value) {
    if (value.mask() != -1) {
      return RuleWriter.hex(value.value()) + "/" + RuleWriter.hex(value.mask());
    }
    return value.value() == 0 ? zero : RuleWriter.hex(value.value());
  }
}
