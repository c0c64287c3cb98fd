package org.fwreplay.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.hook.Fate;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.packet.Udp;
import org.fwreplay.parsers.SdpDescription;
import org.fwreplay.parsers.SipMessage;
import org.fwreplay.parsers.SipParser;

/**
 * The SIP calls and registrations of a run, by Call-ID, with what became of the packets they were
 * in. Messages are read as they leave, after a helper has rewritten them.
 */
public final class SipDialogs {
  private static final int SIP = 5060;
  private static final int MAX_VALUES = 64;

  private final int limit;
  private final Map<String, Dialog> dialogs = new LinkedHashMap<>();
  private long leftOut;

  /** All messages with one Call-ID. */
  public static final class Dialog {
    private final String callId;
    private final String from;
    private final String to;
    private final long firstFrame;
    private final Map<String, Integer> requests = new LinkedHashMap<>();
    private final Map<String, Integer> responses = new LinkedHashMap<>();
    private final Set<String> media = new LinkedHashSet<>();
    private final long[] packets = new long[Fate.values().length];

    private Dialog(SipMessage first, long firstFrame) {
      callId = first.value("Call-ID");
      from = first.value("From");
      to = first.value("To");
      this.firstFrame = firstFrame;
    }

    /** What its messages have in common. */
    public String callId() {
      return callId;
    }

    /** Who asks, as the first message names them. */
    public String from() {
      return from;
    }

    /** Who is asked, likewise. */
    public String to() {
      return to;
    }

    /** The first frame with a message of it, from 0. */
    public long firstFrame() {
      return firstFrame;
    }

    /** {@code call}, {@code registration} or {@code other}, by what was asked. */
    public String kind() {
      if (requests.containsKey("INVITE") || responses.keySet().stream().anyMatch(Dialog::invites)) {
        return "call";
      }
      boolean registers =
          requests.containsKey("REGISTER")
              || responses.keySet().stream().anyMatch(r -> r.endsWith(" REGISTER"));
      return registers ? "registration" : "other";
    }

    private static boolean invites(String response) {
      return response.endsWith(" INVITE");
    }

    /** How many requests of each method, in the order they came. */
    public Map<String, Integer> requests() {
      return requests;
    }

    /** How many responses of each status and method, such as {@code 200 INVITE}. */
    public Map<String, Integer> responses() {
      return responses;
    }

    /** Streams that were announced: type, address, port. */
    public Set<String> media() {
      return media;
    }

    /** Packets, by what became of them. */
    public long packets(Fate fate) {
      return packets[fate.ordinal()];
    }

    private void add(SipMessage message) {
      String method = message.method();
      if (message.isRequest()) {
        count(requests, method);
      } else {
        count(responses, message.status() + " " + method);
      }
      message.description().ifPresent(this::add);
    }

    private static void count(Map<String, Integer> counts, String key) {
      if (counts.containsKey(key) || counts.size() < MAX_VALUES) {
        counts.merge(key, 1, Integer::sum);
      }
    }

    private void add(SdpDescription description) {
      for (SdpDescription.Media stream : description.media()) {
        if (media.size() < MAX_VALUES && stream.portNumber() != 0) {
          String address = description.address(stream).map(a -> a.text() + " ").orElse("");
          media.add(stream.type() + " " + address + stream.portNumber());
        }
      }
    }
  }

  /**
   * No dialogs yet.
   *
   * @param limit most dialogs that are kept
   */
  public SipDialogs(int limit) {
    this.limit = limit;
  }

  /** Looks into a packet whose way ended. */
  void ended(Packet p, Fate fate, long frame) {
    boolean udp = p.protocol == Protocols.UDP;
    int header = udp ? Udp.LENGTH : Tcp.MIN_LENGTH;
    if (!udp && p.protocol != Protocols.TCP
        || p.fragmentOffset != 0
        || p.transport + header >= p.end
        || !isSip(p)) {
      return;
    }
    int payload =
        udp
            ? p.transport + Udp.LENGTH
            : p.transport + (p.u8(p.transport + Tcp.DATA_OFFSET) >> 4) * 4;
    if (payload < p.end) {
      messages(p, payload, fate, frame);
    }
  }

  private static boolean isSip(Packet p) {
    Connection ct = Connection.of(p);
    return p.u16(p.transport) == SIP
        || p.u16(p.transport + 2) == SIP
        || ct != null && ct.hasHelper("sip");
  }

  private void messages(Packet p, int payload, Fate fate, long frame) {
    Dialog counted = null;
    for (SipMessage message : SipParser.parse(p.buffer, payload, p.end - payload).messages()) {
      Dialog dialog = dialog(message, frame);
      if (dialog != null) {
        dialog.add(message);
        if (dialog != counted) {
          dialog.packets[fate.ordinal()]++;
          counted = dialog;
        }
      }
    }
  }

  private Dialog dialog(SipMessage message, long frame) {
    String callId = message.value("Call-ID");
    Dialog dialog = dialogs.get(callId);
    if (dialog == null && dialogs.size() == limit) {
      leftOut++;
      return null;
    }
    if (dialog == null) {
      dialog = new Dialog(message, frame);
      dialogs.put(callId, dialog);
    }
    return dialog;
  }

  /** The dialogs, in the order of their first frames. */
  public List<Dialog> dialogs() {
    return new ArrayList<>(dialogs.values());
  }

  /** How many messages were of dialogs that were not kept. */
  public long leftOut() {
    return leftOut;
  }
}
