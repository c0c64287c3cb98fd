package org.fwreplay.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.junit.jupiter.api.Test;

class ExpectationsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long SERVER = 0xc6336407L;
  private static final long CLIENT = 0xc0a8010aL;

  private final Conntrack conntrack = new Conntrack(new ConntrackSettings((n, d) -> d), 1);
  private final Expectations expectations = conntrack.expectations();
  private final Connection master = master();

  /** A helper with two expectations a class, for ten seconds. */
  private static final class Helper implements ConntrackHelper {
    @Override
    public String name() {
      return "test";
    }

    @Override
    public ExpectationPolicy policy(int expectationClass) {
      return ExpectationPolicy.of(2, 10);
    }

    @Override
    public int help(Packet packet, Connection ct, int info) {
      return Conntrack.ACCEPT;
    }
  }

  private static Connection master() {
    Connection ct = new Connection();
    ct.help = new ConnectionHelp(new Helper());
    ct.status = Connection.CONFIRMED;
    return ct;
  }

  private Expectation toPort(int port) {
    return new Expectation(master, 0, Protocols.TCP).from(0, SERVER).to(0, CLIENT, port);
  }

  private static Tuple connection(long from, int port) {
    Tuple t = new Tuple();
    t.protocol = Protocols.TCP;
    t.sourceLo = from;
    t.sourcePort = 20;
    t.destinationLo = CLIENT;
    t.destinationPort = port;
    return t;
  }

  @Test
  void aConnectionIsExpectedOnceFromTheGivenSource() {
    assertThat(expectations.expect(toPort(4000))).isEqualTo(Expectations.EXPECTED);

    assertThat(expectations.take(connection(SERVER + 1, 4000))).isNull();
    assertThat(expectations.take(connection(SERVER, 4001))).isNull();
    assertThat(expectations.take(connection(SERVER, 4000))).isNotNull();
    assertThat(expectations.take(connection(SERVER, 4000))).isNull();
    assertThat(expectations.count()).isZero();
  }

  @Test
  void aPermanentOneStays() {
    Expectation e = toPort(4000);
    e.flags = Expectation.PERMANENT;
    expectations.expect(e);

    assertThat(expectations.take(connection(SERVER, 4000))).isSameAs(e);
    assertThat(expectations.take(connection(SERVER, 4000))).isSameAs(e);
  }

  @Test
  void anInactiveOneIsFoundButNotFulfilled() {
    Expectation e = toPort(4000);
    e.flags = Expectation.INACTIVE;
    expectations.expect(e);

    assertThat(expectations.find(connection(SERVER, 4000))).isSameAs(e);
    assertThat(expectations.take(connection(SERVER, 4000))).isNull();
  }

  @Test
  void theSameAgainReplacesTheFirst() {
    Expectation first = toPort(4000);
    Expectation second = toPort(4000);
    expectations.expect(first);
    expectations.expect(second);

    assertThat(first.isLinked()).isFalse();
    assertThat(second.isLinked()).isTrue();
    assertThat(expectations.count()).isEqualTo(1);
  }

  @Test
  void theSameOfAnotherMasterIsBusy() {
    expectations.expect(toPort(4000));
    Expectation other =
        new Expectation(master(), 0, Protocols.TCP).from(0, SERVER).to(0, CLIENT, 4000);

    assertThat(expectations.expect(other)).isEqualTo(Expectations.BUSY);
    assertThat(expectations.expect(other, Expectations.SKIP_MASTER))
        .isEqualTo(Expectations.ALREADY);
  }

  @Test
  void oneFromAnywhereClashesWithOneFromSomewhere() {
    expectations.expect(toPort(4000));
    Expectation any = new Expectation(master, 0, Protocols.TCP).to(0, CLIENT, 4000);

    assertThat(expectations.expect(any)).isEqualTo(Expectations.BUSY);
  }

  @Test
  void theOldestOfItsClassMakesRoom() {
    Expectation otherClass = new Expectation(master, 1, Protocols.TCP).to(0, CLIENT, 5000);
    expectations.expect(otherClass);
    Expectation oldest = toPort(4000);
    expectations.expect(oldest);
    expectations.expect(toPort(4001));
    expectations.expect(toPort(4002));

    assertThat(oldest.isLinked()).isFalse();
    assertThat(otherClass.isLinked()).isTrue();
    assertThat(expectations.count()).isEqualTo(3);
  }

  @Test
  void aPairIsExpectedWhollyOrNotAtAll() {
    Expectation first = toPort(4000);
    Expectation second = toPort(4001);
    expectations.expect(new Expectation(master(), 0, Protocols.TCP).to(0, CLIENT, 4001));

    assertThat(expectations.expectPair(first, second, 0)).isEqualTo(Expectations.BUSY);
    assertThat(first.isLinked()).isFalse();
  }

  @Test
  void nobodyWaitsForever() {
    expectations.expect(toPort(4000));
    conntrack.advance(10 * SECOND);

    assertThat(expectations.take(connection(SERVER, 4000))).isNull();
    assertThat(expectations.count()).isZero();
  }

  @Test
  void aMasterThatIsNotConfirmedCannotBeKnownOutThere() {
    master.status = 0;
    expectations.expect(toPort(4000));

    assertThat(expectations.take(connection(SERVER, 4000))).isNull();
  }
}
