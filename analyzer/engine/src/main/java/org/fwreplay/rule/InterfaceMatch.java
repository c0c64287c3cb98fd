package org.fwreplay.rule;

/**
 * {@code [!] -i} or {@code [!] -o}.
 *
 * @param name up to 15 characters; with {@code +} at its end all names that begin so
 */
public record InterfaceMatch(String name, boolean inverted) {
  /** The kernel's IFNAMSIZ less the final NUL. */
  static final int MAX_LENGTH = 15;

  /** Whether an interface's name matches, inversion included; an empty name for no interface. */
  public boolean matches(String interfaceName) {
    boolean same =
        name.endsWith("+")
            ? interfaceName.startsWith(name.substring(0, name.length() - 1))
            : interfaceName.equals(name);
    return same != inverted;
  }

  /** Whether it is a lone {@code +}, which fits all names. */
  boolean isEverything() {
    return name.equals("+");
  }
}
