package org.fwreplay.xt.target;

import java.util.ArrayList;
import java.util.List;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.CtEvent;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessTarget;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/**
 * {@code -j CONNMARK}: changes the connection mark, or copies between it and the packet mark.
 * xt_connmark, libxt_CONNMARK revision 2.
 *
 * @param ctMark value of {@link Mode#SET}
 * @param ctMask bits of the connection mark that are replaced, or of RESTORE taken
 * @param nfMask bits of the packet mark that SAVE takes, or RESTORE replaces
 * @param shiftRight whether {@code shift} is to the right
 * @param shift by how many bits the mark is shifted on its way, 0 to 31
 */
public record ConnmarkTarget(
    Mode mode, int ctMark, int ctMask, int nfMask, boolean shiftRight, int shift)
    implements StatelessTarget {

  /** What is done. */
  public enum Mode {
    /** The connection mark is changed. */
    SET,
    /** The packet mark goes to the connection. */
    SAVE,
    /** The connection mark goes to the packet. */
    RESTORE
  }

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    private static final int MAX_SHIFT = 31;

    @Override
    public String name() {
      return "CONNMARK";
    }

    @Override
    public String summary() {
      return "changes the connection mark, copies it from or to the packet";
    }

    @Override
    public List<Option> options() {
      List<Option> options = new ArrayList<>(MarkChange.OPTIONS);
      String group = options.get(0).group();
      options.add(Option.flag("save-mark").excluding(group));
      options.add(Option.flag("restore-mark").excluding(group));
      options.add(Option.of("left-shift-mark", "bits"));
      options.add(Option.of("right-shift-mark", "bits"));
      options.add(Option.of("ctmask", "mask"));
      options.add(Option.of("nfmask", "mask"));
      options.add(Option.of("mask", "mask"));
      return options;
    }

    /** Later options win over earlier ones, as they do in iptables. */
    @Override
    public ConnmarkTarget parse(Arguments arguments) {
      if (arguments.has("mask") && (arguments.has("ctmask") || arguments.has("nfmask"))) {
        throw arguments.fail("CONNMARK: --mask cannot be used together with --ctmask or --nfmask");
      }
      Mode mode = null;
      int ctMark = 0;
      int ctMask = -1;
      int nfMask = -1;
      boolean right = false;
      int shift = 0;
      for (Argument a : arguments.all()) {
        switch (a.option()) {
          case "save-mark" -> mode = Mode.SAVE;
          case "restore-mark" -> mode = Mode.RESTORE;
          case "ctmask" -> ctMask = mask(a);
          case "nfmask" -> nfMask = mask(a);
          case "mask" -> {
            ctMask = mask(a);
            nfMask = ctMask;
          }
          case "left-shift-mark", "right-shift-mark" -> {
            right = a.option().startsWith("right");
            shift = (int) a.unsigned(0, MAX_SHIFT);
          }
          default -> {
            MarkChange change = MarkChange.of(a);
            mode = Mode.SET;
            ctMark = change.value();
            ctMask = change.mask();
          }
        }
      }
      if (mode == null) {
        throw arguments.fail(
            "CONNMARK: no operation; one of --set-xmark, --set-mark, --and-mark, --or-mark,"
                + " --xor-mark, --save-mark, --restore-mark is required");
      }
      return new ConnmarkTarget(mode, ctMark, ctMask, nfMask, right, shift);
    }

    private static int mask(Argument a) {
      return (int) a.unsigned(0, 0xffffffffL);
    }
  }

  @Override
  public void save(RuleWriter out) {
    if (mode == Mode.SET) {
      out.option("set-xmark", RuleWriter.hex(ctMark) + "/" + RuleWriter.hex(ctMask));
    } else {
      out.flag(mode == Mode.SAVE ? "save-mark" : "restore-mark");
      out.option("nfmask", RuleWriter.hex(nfMask)).option("ctmask", RuleWriter.hex(ctMask));
    }
    if (shift != 0) {
      out.option(shiftRight ? "right-shift-mark" : "left-shift-mark", shift);
    }
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public int apply(Packet packet, Evaluation evaluation) {
    Connection connection = Connection.of(packet);
    if (connection == null) {
      return Verdict.CONTINUE;
    }
    if (mode == Mode.RESTORE) {
      packet.mark = (packet.mark & ~nfMask) ^ shifted(connection.mark & ctMask);
      return Verdict.CONTINUE;
    }
    int kept = connection.mark & ~ctMask;
    int mark = mode == Mode.SET ? shifted(kept ^ ctMark) : kept ^ shifted(packet.mark & nfMask);
    if (mark != connection.mark) {
      connection.mark = mark;
      evaluation.services.conntrack().changed(connection, CtEvent.MARK);
    }
    return Verdict.CONTINUE;
  }

  private int shifted(int mark) {
    return shiftRight ? mark >>> shift : mark << shift;
  }
}
