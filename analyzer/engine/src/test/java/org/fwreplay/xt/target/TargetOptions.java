package org.fwreplay.xt.target;

import org.fwreplay.packet.Family;
import org.fwreplay.xt.Extensions;
import org.fwreplay.xt.OptionsText;
import org.fwreplay.xt.PacketTarget;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.TargetExtension;

/** Reads the target part of a rule, such as {@code -p tcp -j SNAT --to-source 192.0.2.1:80}. */
final class TargetOptions {
  private static final String JUMP = "-j ";
  private static final Extensions EXTENSIONS = Extensions.load();

  private TargetOptions() {}

  static TargetExtension extension(Family family, String name) {
    return EXTENSIONS.target(name, family);
  }

  static PacketTarget parse(Family family, String rule) {
    int jump = rule.indexOf(JUMP);
    int name = jump + JUMP.length();
    int end = rule.indexOf(' ', name) < 0 ? rule.length() : rule.indexOf(' ', name);
    TargetExtension extension = extension(family, rule.substring(name, end));
    String options = rule.substring(0, jump) + rule.substring(end).strip();
    return extension.parse(OptionsText.read(extension, family, options));
  }

  /** The target's options as they are saved, without {@code -j NAME}. */
  static String saved(Family family, String rule) {
    StringBuilder out = new StringBuilder();
    parse(family, rule).save(new RuleWriter(out, family));
    return out.toString().strip();
  }
}
