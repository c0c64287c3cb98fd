package org.fwreplay.helper;

import java.util.Arrays;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.ConntrackHelper;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.conntrack.ExpectationPolicy;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Checksums;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Udp;

/**
 * SNMP: addresses in answers and traps that are the translated one are translated, too.
 * nf_nat_snmp_basic; nf_conntrack_snmp also waits for answers to the host's broadcasts.
 */
final class SnmpHelper extends BroadcastHelper {
  private static final int SNMP = 161;
  private static final int SNMP_TRAP = 162;
  private static final int ANSWER_SECONDS = 30;
  private static final ExpectationPolicy NO_EXPECTATIONS = ExpectationPolicy.of(0, 180);

  private final boolean traps;
  private final SnmpDecoder decoder = new SnmpDecoder();

  private SnmpHelper(HelperContext context, String name, int port, boolean traps) {
    super(context, name, port, answerSeconds(context));
    this.traps = traps;
  }

  private static int answerSeconds(HelperContext context) {
    return context.host().sysctls().getInt("nf_conntrack_snmp.timeout", ANSWER_SECONDS);
  }

  /** For questions and their answers. */
  static ConntrackHelper agents(HelperContext context) {
    return new SnmpHelper(context, "snmp", SNMP, false);
  }

  /** For traps. */
  static ConntrackHelper traps(HelperContext context) {
    return new SnmpHelper(context, "snmp_trap", SNMP_TRAP, true);
  }

  @Override
  public ExpectationPolicy policy(int expectationClass) {
    return traps ? NO_EXPECTATIONS : super.policy(expectationClass);
  }

  @Override
  public int help(Packet p, Connection ct, int info) {
    if (!traps) {
      super.help(p, ct, info);
    }
    if (!NatHelper.isTranslated(ct) || !p.has(p.transport, Udp.LENGTH)) {
      return Conntrack.ACCEPT;
    }
    int direction = CtInfo.direction(info);
    boolean request =
        p.u16(p.transport + Udp.SOURCE_PORT) == SNMP && direction != Connection.REPLY
            || p.u16(p.transport + Udp.DESTINATION_PORT) == SNMP_TRAP
                && direction != Connection.ORIGINAL;
    if (request) {
      return Conntrack.ACCEPT;
    }
    if (p.u16(p.transport + Udp.UDP_LENGTH) != p.end - p.transport) {
      return Conntrack.DROP;
    }
    if (ct.original.sourceLo == ct.reply.destinationLo) {
      return Conntrack.ACCEPT;
    }
    boolean good =
        decoder.decode(p.buffer, p.transport + Udp.LENGTH, p.end, at -> replace(p, ct, info, at));
    return good ? Conntrack.ACCEPT : Conntrack.DROP;
  }

  private void replace(Packet p, Connection ct, int info, int at) {
    int from = (int) ct.original.sourceLo;
    int to = (int) ct.reply.destinationLo;
    if (Bytes.i32(p.buffer, at) != from) {
      return;
    }
    int sumAt = p.transport + Udp.CHECKSUM;
    int sum = p.u16(sumAt);
    if (sum != 0) {
      boolean odd = (at - p.transport & 1) != 0;
      Bytes.put16(
          p.buffer, sumAt, odd ? updateOdd(sum, from, to) : Checksums.update32(sum, from, to));
    }
    byte[] before = Arrays.copyOfRange(p.buffer, at, at + Integer.BYTES);
    Bytes.put32(p.buffer, at, to);
    byte[] after = Arrays.copyOfRange(p.buffer, at, at + Integer.BYTES);
    int offset = at - p.transport - Udp.LENGTH;
    conntrack.listener().rewritten(ct, info, offset, before, after);
  }

  /** The checksum where the address starts in the middle of a 16-bit word. */
  private static int updateOdd(int checksum, int from, int to) {
    return Checksums.update32(checksum, Integer.rotateRight(from, 8), Integer.rotateRight(to, 8));
  }
}
