package org.fwreplay.helper;

import java.util.function.Function;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.ConntrackHelper;
import org.fwreplay.conntrack.ExpectationPolicy;
import org.fwreplay.packet.Packet;

/**
 * The three helpers of H.323: RAS between an endpoint and its gatekeeper, Q.931 for calls, H.245
 * for the channels of a call. nf_conntrack_h323, nf_nat_h323. How messages look is not loaded
 * before one of them is to be read.
 */
final class H323Helper implements ConntrackHelper {
  static final String RAS = "RAS";
  static final String Q931 = "Q.931";
  static final String H245 = "H.245";

  private static final int SECONDS = 240;

  private final String name;
  private final ExpectationPolicy policy;
  private final HelperContext context;
  private final Function<HelperContext, Reader> make;
  private Reader reader;

  /** Reads the packets of one of the protocols. */
  interface Reader {
    int help(Packet p, Connection ct, int info);
  }

  private H323Helper(
      String name, int max, HelperContext context, Function<HelperContext, Reader> make) {
    this.name = name;
    this.context = context;
    this.make = make;
    policy = ExpectationPolicy.of(max, SECONDS);
  }

  static H323Helper ras(HelperContext context) {
    return new H323Helper(RAS, 32, context, RasReader::new);
  }

  static H323Helper q931(HelperContext context) {
    return new H323Helper(Q931, 20, context, Q931Reader::new);
  }

  static H323Helper h245(HelperContext context) {
    return new H323Helper(H245, 18, context, H245Reader::new);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ExpectationPolicy policy(int expectationClass) {
    return policy;
  }

  @Override
  public int help(Packet p, Connection ct, int info) {
    if (reader == null) {
      reader = make.apply(context);
    }
    return reader.help(p, ct, info);
  }
}
