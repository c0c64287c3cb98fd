package org.fwreplay.xt;

/** Names of differentiated services code points (RFC 2474, RFC 2597, RFC 3246). */
public enum DscpClass {
  CS0(0),
  CS1(8),
  CS2(16),
  CS3(24),
  CS4(32),
  CS5(40),
  CS6(48),
  CS7(56),
  BE(0),
  AF11(10),
  AF12(12),
  AF13(14),
  AF21(18),
  AF22(20),
  AF23(22),
  AF31(26),
  AF32(28),
  AF33(30),
  AF41(34),
  AF42(36),
  AF43(38),
  EF(46);

  private final int codePoint;

  DscpClass(int codePoint) {
    this.codePoint = codePoint;
  }

  /** The code point of the class that an option's value begins with, 6 bits. */
  public static int parse(Argument argument) {
    for (DscpClass c : values()) {
      if (argument.text().regionMatches(true, 0, c.name(), 0, c.name().length())) {
        return c.codePoint;
      }
    }
    throw argument.fail(
        "--"
            + argument.option()
            + ": unknown class \""
            + argument.text()
            + "\" (CS0 to CS7, BE, AF11 to AF43, EF)");
  }
}
