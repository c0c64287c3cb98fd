package org.fwreplay.rule;

import java.util.Set;

/** Words that mean something at the beginning of a command in a shell script. */
final class ScriptWords {
  /** Stand before the command that they run. */
  static final Set<String> PREFIXES = Set.of("sudo", "command", "exec", "nohup", "nice");

  /** Begin what lasts until a {@link #CLOSING} word. */
  static final Set<String> OPENING =
      Set.of("if", "for", "while", "until", "case", "select", "function");

  static final Set<String> INNER = Set.of("then", "else", "elif", "do");

  static final Set<String> CLOSING = Set.of("fi", "done", "esac");

  static final Set<String> NEED_A_SHELL =
      Set.of(
          "!",
          "[",
          "[[",
          "test",
          "eval",
          "source",
          ".",
          "sh",
          "bash",
          "xargs",
          "read",
          "time",
          "iptables-restore",
          "ip6tables-restore",
          "iptables-apply",
          "shift",
          "let");

  static final Set<String> ASSIGNING = Set.of("export", "readonly", "local", "declare", "typeset");

  /** Change neither rules nor variables. */
  static final Set<String> WITHOUT_EFFECT =
      Set.of(
          ":",
          "true",
          "false",
          "echo",
          "printf",
          "set",
          "unset",
          "logger",
          "modprobe",
          "insmod",
          "rmmod",
          "depmod",
          "lsmod",
          "sysctl",
          "umask",
          "cd",
          "sleep",
          "wait",
          "trap",
          "ulimit",
          "shopt",
          "date",
          "cat",
          "grep",
          "rm",
          "mkdir",
          "touch",
          "chmod",
          "iptables-save",
          "ip6tables-save");

  private ScriptWords() {}
}
