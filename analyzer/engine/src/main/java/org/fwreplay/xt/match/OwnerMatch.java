package org.fwreplay.xt.match;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Matcher;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketMatch;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.SocketOwners;
import org.fwreplay.xt.SocketOwners.Owner;

/**
 * {@code -m owner}: tests who owns the socket that sent the packet. xt_owner, libxt_owner.
 *
 * <p>Packets that pass through, and resets of REJECT, have no socket; those that the kernel answers
 * with belong to nobody. Whose the host's other packets are, a capture does not tell; a list of
 * sockets may, see {@link SocketOwners}.
 *
 * @param user null where it was not given
 * @param group null where it was not given
 * @param socket whether a socket must exist; null where it was not given
 * @param supplementary whether the owner's other groups count
 */
public record OwnerMatch(Ids user, Ids group, Boolean socket, boolean supplementary)
    implements PacketMatch {

  /** The reserved -1 is no id. */
  private static final long MAX_ID = 0xfffffffeL;

  /** A range of user or group ids. */
  public record Ids(long low, long high, boolean inverted) {
    private String text() {
      return low == high ? String.valueOf(low) : low + "-" + high;
    }

    private boolean contains(long id) {
      return id >= low && id <= high;
    }
  }

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "owner";
    }

    @Override
    public String summary() {
      return "tests who owns the sending socket";
    }

    @Override
    public Set<Hook> hooks() {
      return EnumSet.of(Hook.OUTPUT, Hook.POSTROUTING);
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("uid-owner", "id[-id]").withInversion(),
          Option.of("gid-owner", "id[-id]").withInversion(),
          Option.flag("socket-exists").withInversion(),
          Option.flag("suppl-groups"));
    }

    @Override
    public OwnerMatch parse(Arguments arguments) {
      if (arguments.all().isEmpty()) {
        throw arguments.fail(
            "owner needs one of \"--uid-owner\", \"--gid-owner\" and \"--socket-exists\"");
      }
      boolean group = false;
      for (Argument argument : arguments.all()) {
        group |= argument.option().equals("gid-owner");
        if (argument.option().equals("suppl-groups") && !group) {
          throw argument.fail("--suppl-groups needs --gid-owner before it");
        }
      }
      return new OwnerMatch(
          ids(arguments.find("uid-owner")),
          ids(arguments.find("gid-owner")),
          arguments.has("socket-exists") ? !arguments.inverted("socket-exists") : null,
          arguments.has("suppl-groups"));
    }

    private static Ids ids(Argument argument) {
      if (argument == null) {
        return null;
      }
      String text = argument.text();
      if (text.equals("root")) {
        return new Ids(0, 0, argument.inverted());
      }
      if (text.isEmpty() || !Character.isDigit(text.charAt(0))) {
        throw argument.fail(
            "--"
                + argument.option()
                + ": \""
                + text
                + "\" is not a number; names other than root are those of the firewall's users");
      }
      int cut = text.indexOf('-') >= 0 ? text.indexOf('-') : text.indexOf(':');
      long low = argument.number(cut < 0 ? text : text.substring(0, cut), 0, MAX_ID);
      long high = cut < 0 ? low : argument.number(text.substring(cut + 1), 0, MAX_ID);
      if (low > high) {
        throw argument.fail(
            "--" + argument.option() + ": " + text + " is a range that ends before it starts");
      }
      return new Ids(low, high, argument.inverted());
    }
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    boolean none = !packet.local || packet.sender == Packet.NO_SOCKET;
    return none
        ? "no socket"
        : packet.sender == Packet.KERNEL_SOCKET ? "a socket of the kernel's own" : "";
  }

  @Override
  public void save(RuleWriter out) {
    if (socket != null) {
      out.flag("socket-exists", !socket);
    }
    if (user != null) {
      out.option("uid-owner", user.inverted, user.text());
    }
    if (group != null) {
      out.option("gid-owner", group.inverted, group.text());
    }
    if (supplementary) {
      out.flag("suppl-groups");
    }
  }

  @Override
  public Matcher bind(Binding binding) {
    SocketOwners owners =
        binding.shared(SocketOwners.class, SocketOwners.SHARED, () -> SocketOwners.NONE);
    return (packet, evaluation) -> matches(packet, evaluation, owners);
  }

  private boolean matches(Packet packet, Evaluation evaluation, SocketOwners owners) {
    boolean inverted = (user == null || user.inverted) && (group == null || group.inverted);
    if (!packet.local || packet.sender == Packet.NO_SOCKET) {
      // Without a socket all that is asked must be inverted.
      return inverted && (socket == null || !socket) && !supplementary;
    }
    if (packet.sender == Packet.KERNEL_SOCKET) {
      return inverted && (socket == null || socket);
    }
    Owner owner = owners.owner(packet);
    if (owner == null) {
      return evaluation.undecided(packet);
    }
    return (socket == null || socket) && matches(owner, packet, evaluation);
  }

  /** What is known decides before what is not. */
  private boolean matches(Owner owner, Packet packet, Evaluation evaluation) {
    boolean userKnown = user == null || owner.user() >= 0;
    if (user != null && userKnown && user.contains(owner.user()) == user.inverted) {
      return false;
    }
    boolean inGroup = group != null && isIn(owner);
    boolean groupKnown =
        group == null
            || inGroup
            || owner.group() >= 0 && (!supplementary || owner.groups() != null);
    if (group != null && groupKnown && inGroup == group.inverted) {
      return false;
    }
    return userKnown && groupKnown || evaluation.undecided(packet);
  }

  private boolean isIn(Owner owner) {
    if (owner.group() >= 0 && group.contains(owner.group())) {
      return true;
    }
    return supplementary
        && owner.groups() != null
        && owner.groups().stream().anyMatch(group::contains);
  }
}
