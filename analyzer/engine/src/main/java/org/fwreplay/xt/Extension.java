package org.fwreplay.xt;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;

/** What matches and targets have in common: name, options, and where they may be used. */
public interface Extension {
  /** As written after {@code -m} or {@code -j}. */
  String name();

  /** Families it exists for. */
  default Set<Family> families() {
    return EnumSet.allOf(Family.class);
  }

  /** The options it takes. */
  default List<Option> options() {
    return List.of();
  }

  /** One line that says what it is for. */
  String summary();

  /**
   * Why Linux has it no more (since which version, what took its place), or empty. A rule with it
   * is refused unless the unsupported is allowed.
   */
  default String removed() {
    return "";
  }

  /** Tables in which it may be used; empty for all. */
  default Set<String> tables() {
    return Set.of();
  }

  /** Hooks from which a rule with it may be reached. */
  default Set<Hook> hooks() {
    return Hook.ALL;
  }

  /**
   * Options that its own save function writes without a blank before them, so that saved rules have
   * them at the end of another word.
   */
  default Set<String> gluedOptions() {
    return Set.of();
  }

  /**
   * Protocols of which the rule must name one with {@code -p} (not inverted), as the kernel
   * demands; empty for no demand.
   */
  default Set<Integer> protocols() {
    return Set.of();
  }
}
