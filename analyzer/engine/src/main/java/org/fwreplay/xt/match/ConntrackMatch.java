package org.fwreplay.xt.match;

import java.util.ArrayList;
import java.util.List;
import org.fwreplay.conntrack.Connection;
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
import org.fwreplay.xt.Validity;

/**
 * {@code -m conntrack}: tests the connection of a packet, revision 3. xt_conntrack,
 * libxt_conntrack.
 *
 * @param tests all must hold, in the order in which iptables-save writes them
 */
public record ConntrackMatch(List<ConntrackTest> tests) implements PacketMatch {

  /** The tests as given. */
  public ConntrackMatch {
    tests = List.copyOf(tests);
  }

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "conntrack";
    }

    @Override
    public String summary() {
      return "tests the connection that a packet belongs to";
    }

    @Override
    public List<Option> options() {
      List<Option> options = new ArrayList<>();
      options.add(Option.of("ctstate", "state[,state...]").withInversion());
      options.add(Option.of("ctproto", "protocol").withInversion());
      for (String end : ConntrackTest.ENDS) {
        options.add(Option.of(end, "address[/mask]").withInversion());
        options.add(Option.of(end + "port", "port[:port]").withInversion());
      }
      options.add(Option.of("ctstatus", "status[,status...]").withInversion());
      options.add(Option.of("ctexpire", "seconds[:seconds]").withInversion());
      options.add(Option.of("ctdir", "direction"));
      return options;
    }

    @Override
    public ConntrackMatch parse(Arguments arguments) {
      if (arguments.all().isEmpty()) {
        throw arguments.fail("conntrack: at least one option is required");
      }
      List<ConntrackTest> tests = new ArrayList<>();
      Argument a = arguments.find("ctstate");
      if (a != null) {
        tests.add(new ConntrackTest.State(CtState.parse(a, true), a.inverted()));
      }
      a = arguments.find("ctproto");
      if (a != null) {
        tests.add(ConntrackTest.Protocol.parse(a));
      }
      for (String end : ConntrackTest.ENDS) {
        a = arguments.find(end);
        if (a != null) {
          tests.add(ConntrackTest.Address.parse(a, arguments.family()));
        }
      }
      for (String end : ConntrackTest.ENDS) {
        a = arguments.find(end + "port");
        if (a != null) {
          tests.add(new ConntrackTest.Port(a.option(), PortRange.resolved(arguments, a)));
        }
      }
      a = arguments.find("ctstatus");
      if (a != null) {
        tests.add(ConntrackTest.Status.parse(a));
      }
      a = arguments.find("ctexpire");
      if (a != null) {
        Argument.Range range = a.ascending(0, 0xffffffffL);
        tests.add(new ConntrackTest.Expire(range.low(), range.high(), a.inverted()));
      }
      a = arguments.find("ctdir");
      if (a != null) {
        tests.add(ConntrackTest.Direction.parse(a));
      }
      return new ConntrackMatch(tests);
    }
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    return Seen.state(packet);
  }

  @Override
  public Validity validity() {
    boolean ages = tests.stream().anyMatch(ConntrackTest.Expire.class::isInstance);
    return ages ? Validity.PACKET : Validity.FLOW;
  }

  @Override
  public void save(RuleWriter out) {
    tests.forEach(test -> test.save(out));
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public Matcher bind(Binding binding) {
    ConntrackTest[] all = tests.toArray(ConntrackTest[]::new);
    if (all.length == 1 && all[0] instanceof ConntrackTest.State only) {
      return new StateMatch(only.states(), only.inverted());
    }
    return (packet, evaluation) -> {
      Connection connection = Connection.of(packet);
      for (int i = 0; i < all.length; i++) {
        ConntrackTest test = all[i];
        if (connection == null && !(test instanceof ConntrackTest.State)) {
          // Without a connection, the kernel asks for the state and for nothing else.
          return i > 0;
        }
        if (!test.holds(connection, packet, evaluation)) {
          return false;
        }
      }
      return true;
    };
  }
}
