package org.fwreplay.host;

/** Scopes of IPv4 routes and addresses, {@code RT_SCOPE_*}: the higher, the nearer. */
public final class Scope {
  public static final int GLOBAL = 0;
  public static final int SITE = 200;
  public static final int LINK = 253;
  public static final int HOST = 254;
  public static final int NOWHERE = 255;

  private Scope() {}
}
