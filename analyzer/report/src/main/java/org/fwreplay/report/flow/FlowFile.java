package org.fwreplay.report.flow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.StringJoiner;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.hook.Fate;
import org.fwreplay.packet.AddressText;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** Writes flows as they end, one a line. */
public abstract class FlowFile implements FlowSink {
  /** Closes the line format; the writer stays open. */
  public abstract void finish();

  /** JSON Lines: each line is {@code $defs/flow} of the published schema. */
  public static FlowFile jsonLines(Writer out, RunNames names) {
    return new JsonLines(out, names);
  }

  /** CSV (RFC 4180, but with plain line feeds) with a header line. */
  public static FlowFile csv(Writer out, RunNames names) {
    return new Csv(out, names);
  }

  private static final class JsonLines extends FlowFile {
    private final JsonGenerator json;
    private final RunNames names;

    JsonLines(Writer out, RunNames names) {
      this.names = names;
      json =
          JsonFactory.builder()
              .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
              .rootValueSeparator("\n")
              .build()
              .createGenerator(ObjectWriteContext.empty(), out);
    }

    @Override
    public boolean ended(Flow flow) {
      json.writeStartObject();
      FlowJson.fields(json, flow, names);
      json.writeEndObject();
      return false;
    }

    @Override
    public void finish() {
      json.writeRaw('\n');
      json.close();
    }
  }

  private static final class Csv extends FlowFile {
    private static final String HEADER =
        "id,kind,family,protocol,src,sport,dst,dport,icmp_type,icmp_code,icmp_id,"
            + "nat_src,nat_sport,nat_dst,nat_dport,in,out,first,last,frame,"
            + "packets,bytes,reply_packets,reply_bytes,verdict,fates,rule,blocked_by,undecided,"
            + "state,replied,assured,gone,mark,zone,helper,master\n";

    private final Writer out;
    private final RunNames names;
    private final StringBuilder line = new StringBuilder(HEADER);

    Csv(Writer out, RunNames names) {
      this.out = out;
      this.names = names;
      write();
    }

    private void write() {
      try {
        out.append(line);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      line.setLength(0);
    }

    @Override
    public boolean ended(Flow f) {
      Tuple t = f.original;
      line.append(f.id);
      add(f.kind.text());
      add(RunNames.family(t.ipv6));
      add(RunNames.protocol(t.protocol));
      boolean ports = FlowText.hasPorts(t.protocol);
      end(t, t.sourceHi, t.sourceLo, ports, t.sourcePort);
      end(t, t.destinationHi, t.destinationLo, ports, t.destinationPort);
      boolean icmp = FlowText.isIcmp(t.protocol);
      add(icmp, t.destinationPort >> 8);
      add(icmp, t.destinationPort & 0xff);
      add(icmp, t.sourcePort);
      translation(f, ports);
      add(names.interfaceName(f.in));
      add(names.interfaceName(f.out));
      add(Timestamps.iso(f.firstNs));
      add(Timestamps.iso(f.lastNs));
      add(true, f.frame);
      for (int direction : new int[] {Connection.ORIGINAL, Connection.REPLY}) {
        add(true, f.packets(direction));
        add(true, f.bytes(direction));
      }
      add(f.verdict().text());
      add(fates(f));
      add(names.place(t.ipv6, f.rule));
      add(names.place(t.ipv6, f.blockedBy));
      add(f.undecided ? "true" : "");
      tracking(f);
      line.append('\n');
      write();
      return false;
    }

    private void translation(Flow f, boolean ports) {
      Tuple r = f.translatedReply;
      if (f.sourceTranslated) {
        end(r, r.destinationHi, r.destinationLo, ports, r.destinationPort);
      } else {
        line.append(",,");
      }
      if (f.destinationTranslated) {
        end(r, r.sourceHi, r.sourceLo, ports, r.sourcePort);
      } else {
        line.append(",,");
      }
    }

    private void tracking(Flow f) {
      boolean tracked = f.kind == FlowKind.TRACKED;
      add(f.state);
      add(tracked ? Boolean.toString((f.status & Connection.SEEN_REPLY) != 0) : "");
      add(tracked ? Boolean.toString((f.status & Connection.ASSURED) != 0) : "");
      add(tracked ? Boolean.toString(f.gone) : "");
      add(f.mark != 0, Integer.toUnsignedLong(f.mark));
      add(f.zone != 0, f.zone);
      add(f.helper);
      add(f.master != 0, f.master);
    }

    private static String fates(Flow f) {
      StringJoiner all = new StringJoiner(" ");
      for (Fate fate : Fate.values()) {
        long packets = f.packets(fate);
        if (packets > 0) {
          all.add(FateNames.key(fate) + ":" + packets);
        }
      }
      return all.toString();
    }

    private void end(Tuple t, long hi, long lo, boolean ports, int port) {
      add(AddressText.of(t.ipv6, hi, lo));
      add(ports, port);
    }

    private void add(boolean known, long value) {
      line.append(',');
      if (known) {
        line.append(value);
      }
    }

    private void add(String value) {
      line.append(',');
      if (value == null) {
        return;
      }
      boolean plain = value.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
      line.append(plain ? value : '"' + value.replace("\"", "\"\"") + '"');
    }

    @Override
    public void finish() {
      // Every line is written already.
    }
  }
}
