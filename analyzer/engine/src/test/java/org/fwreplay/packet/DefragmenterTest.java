package org.fwreplay.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fwreplay.packet.Defragmenter.CONNTRACK_IN;
import static org.fwreplay.packet.Defragmenter.CONNTRACK_OUT;
import static org.fwreplay.packet.Defragmenter.DROPPED;
import static org.fwreplay.packet.Defragmenter.HELD;
import static org.fwreplay.packet.Defragmenter.LOCAL_DELIVER;
import static org.fwreplay.packet.Defragmenter.PASSED;
import static org.fwreplay.packet.Defragmenter.WHOLE;
import static org.fwreplay.packet.FragmentCases.bytes;
import static org.fwreplay.packet.FragmentCases.ip;
import static org.fwreplay.packet.FragmentCases.ipv4;
import static org.fwreplay.packet.FragmentCases.ipv6;
import static org.fwreplay.packet.FragmentCases.payload;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the kernel (6.18) did with the same fragments. */
class DefragmenterTest {
  private static final byte[] NO_OPTIONS = {};
  private static final long SECOND = 1_000_000_000L;

  private final Random random = new Random(1);
  private final Defragmenter defragmenter = new Defragmenter(Defragmenter.Settings.DEFAULT);
  private final byte[] whole = bytes(100, random);
  private final List<Packet> expired = new ArrayList<>();
  private long nowNs;

  @Test
  void puts_fragments_together_in_any_order() {
    assertThat(in(part(64, 100))).isEqualTo(HELD);
    assertThat(in(part(0, 32))).isEqualTo(HELD);
    Packet last = part(32, 64);
    assertThat(in(last)).isEqualTo(WHOLE);
    assertThat(ip(last)).isEqualTo(ip(ipv4(7, 0, false, whole)));
    assertThat(Arrays.copyOf(last.fragmentSizes, last.fragmentCount)).containsExactly(32, 32, 36);
    assertThat(last.largestFragment).isEqualTo(56);
    assertThat(last.ignoreDf).isTrue();
    assertThat(last.isFragment()).isFalse();
    assertThat(defragmenter.memory()).isZero();
  }

  @Test
  void takes_mark_and_link_header_from_the_first_and_time_and_interface_from_the_last() {
    Packet first = part(0, 64);
    first.mark = 5;
    first.in = 1;
    first.buffer[6] = 0x42;
    Packet second = part(64, 100);
    second.mark = 9;
    second.in = 2;
    second.frame = 77;
    second.timeNs = 123;
    in(first);
    in(second);
    assertThat(second.mark).isEqualTo(5);
    assertThat(second.buffer[second.mac + 6]).isEqualTo((byte) 0x42);
    assertThat(second.in).isEqualTo(2);
    assertThat(second.frame).isEqualTo(77);
    assertThat(second.timeNs).isEqualTo(123);
  }

  @Test
  void drops_a_duplicate_and_nothing_else() {
    in(part(0, 64));
    assertThat(in(part(0, 64))).isEqualTo(DROPPED);
    assertThat(defragmenter.dropReason()).isEqualTo("duplicate fragment");
    assertThat(in(part(64, 100))).isEqualTo(WHOLE);
  }

  @Test
  void a_repetition_of_two_fragments_is_a_duplicate_where_they_came_one_after_the_other() {
    in(part(0, 32));
    in(part(32, 64));
    assertThat(in(part(0, 64))).isEqualTo(DROPPED);
    assertThat(in(part(64, 100))).isEqualTo(WHOLE);
  }

  @Test
  void a_repetition_of_two_fragments_is_an_overlap_where_they_came_in_reverse() {
    in(part(32, 64));
    in(part(0, 32));
    assertThat(in(part(0, 64))).isEqualTo(DROPPED);
    assertThat(defragmenter.dropReason()).isEqualTo("overlapping fragment");
    assertThat(in(part(64, 100))).isEqualTo(HELD);
  }

  @Test
  void an_overlap_discards_what_came_before() {
    in(part(0, 64));
    assertThat(in(part(56, 72))).isEqualTo(DROPPED);
    assertThat(defragmenter.memory()).isZero();
    assertThat(in(part(64, 100))).isEqualTo(HELD);
    assertThat(in(part(0, 64))).isEqualTo(WHOLE);
  }

  @Test
  void rounds_a_fragment_down_where_more_follow() {
    in(ipv4(7, 0, true, Arrays.copyOf(whole, 67)));
    Packet last = part(64, 100);
    assertThat(in(last)).isEqualTo(WHOLE);
    assertThat(payload(last)).isEqualTo(whole);
  }

  @Test
  void sets_df_where_the_largest_fragment_had_it() {
    in(ipv4(7, Ipv4.MF | Ipv4.DF, Protocols.UDP, NO_OPTIONS, Arrays.copyOf(whole, 64)));
    Packet last = part(64, 100);
    in(last);
    assertThat(last.fragmentPmtu).isTrue();
    assertThat(last.u16(last.network + Ipv4.FRAGMENT)).isEqualTo(Ipv4.DF);
  }

  @Test
  void leaves_df_where_only_a_smaller_fragment_had_it() {
    in(part(0, 64));
    Packet last = ipv4(7, 8 | Ipv4.DF, Protocols.UDP, NO_OPTIONS, tail(64));
    in(last);
    assertThat(last.fragmentPmtu).isFalse();
    assertThat(last.u16(last.network + Ipv4.FRAGMENT)).isZero();
  }

  @Test
  void marks_congestion_where_one_fragment_met_it() {
    Packet first = part(0, 64);
    first.setTos(2);
    Packet last = part(64, 100);
    last.setTos(3);
    in(first);
    assertThat(in(last)).isEqualTo(WHOLE);
    assertThat(last.tos()).isEqualTo(3);
  }

  @Test
  void drops_the_whole_where_only_some_fragments_are_capable_of_ecn() {
    Packet last = part(64, 100);
    last.setTos(2);
    in(part(0, 64));
    assertThat(in(last)).isEqualTo(DROPPED);
  }

  @Test
  void drops_what_would_be_longer_than_a_packet_can_be() {
    Packet last = ipv4(9, 65_528, false, new byte[8]);
    int at = 0;
    for (; at + 1480 <= 65_528; at += 1480) {
      assertThat(in(ipv4(9, at, true, new byte[1480]))).isEqualTo(HELD);
    }
    assertThat(in(ipv4(9, at, true, new byte[65_528 - at]))).isEqualTo(HELD);
    assertThat(in(last)).isEqualTo(DROPPED);
  }

  @Test
  void keeps_users_protocols_and_ids_apart() {
    in(part(0, 64));
    assertThat(defragmenter.in(part(64, 100), CONNTRACK_OUT, nowNs)).isEqualTo(HELD);
    assertThat(defragmenter.in(part(64, 100), CONNTRACK_IN + 1, nowNs)).isEqualTo(HELD);
    assertThat(defragmenter.in(part(64, 100), LOCAL_DELIVER, nowNs)).isEqualTo(HELD);
    assertThat(in(ipv4(7, 8, Protocols.TCP, NO_OPTIONS, tail(64)))).isEqualTo(HELD);
    assertThat(in(ipv4(8, 64, false, tail(64)))).isEqualTo(HELD);
    assertThat(in(part(64, 100))).isEqualTo(WHOLE);
  }

  @Test
  void gives_up_after_thirty_seconds_and_hands_over_the_first_fragment() {
    Packet first = part(0, 64);
    byte[] bytes = ip(first);
    in(first);
    nowNs = 29 * SECOND;
    in(ipv4(8, 64, false, tail(64)));
    nowNs = 30 * SECOND;
    assertThat(in(part(64, 100))).isEqualTo(HELD);
    assertThat(expired).hasSize(1);
    assertThat(ip(expired.get(0))).isEqualTo(bytes);
    assertThat(expired.get(0).timeNs).isEqualTo(30 * SECOND);
    nowNs = 100 * SECOND;
    defragmenter.advance(nowNs, (p, user) -> expired.add(p));
    assertThat(expired).as("no first fragment, nobody to tell").hasSize(1);
    assertThat(defragmenter.memory()).isZero();
  }

  @Test
  void forgets_a_datagram_when_its_source_sent_more_than_64_other_fragments() {
    in(part(0, 64));
    for (int i = 0; i < 64; i++) {
      in(ipv4(1000 + i, 8, true, new byte[8]));
    }
    assertThat(in(part(64, 100))).isEqualTo(HELD);
    assertThat(in(part(0, 64))).isEqualTo(WHOLE);
  }

  @Test
  void waits_while_its_source_sent_fewer() {
    in(part(0, 64));
    for (int i = 0; i < 63; i++) {
      in(ipv4(1000 + i, 8, true, new byte[8]));
    }
    assertThat(in(part(64, 100))).isEqualTo(WHOLE);
  }

  @Test
  void takes_no_more_fragments_than_memory_allows() {
    int i = 0;
    while (defragmenter.memory() <= 4 << 20) {
      assertThat(in(ipv4(i++, 8, true, new byte[1000]))).isEqualTo(HELD);
    }
    assertThat(in(ipv4(i, 8, true, new byte[1000]))).isEqualTo(DROPPED);
    assertThat(defragmenter.dropReason()).isEqualTo("no memory for fragments");
  }

  @Test
  void ipv6_loses_its_fragment_header() {
    in(part6(0, 64));
    Packet last = part6(64, 100);
    assertThat(in(last)).isEqualTo(WHOLE);
    assertThat(last.u8(last.network + Ipv6.NEXT_HEADER)).isEqualTo(Protocols.UDP);
    assertThat(last.u16(last.network + Ipv6.PAYLOAD_LENGTH)).isEqualTo(100);
    assertThat(payload(last)).isEqualTo(whole);
    assertThat(last.largestFragment).isEqualTo(40 + 8 + 64);
  }

  @Test
  void ipv6_keeps_the_headers_before_the_fragment_header() {
    byte[] options = {Protocols.FRAGMENT, 0, 1, 4, 0, 0, 0, 0};
    in(ipv6(7, 0, true, Protocols.UDP, options, Arrays.copyOf(whole, 64)));
    Packet last = ipv6(7, 64, false, Protocols.UDP, options, tail(64));
    assertThat(in(last)).isEqualTo(WHOLE);
    assertThat(last.length()).isEqualTo(40 + 8 + 100);
    assertThat(last.u8(last.network + Ipv6.LENGTH)).isEqualTo(Protocols.UDP);
  }

  @Test
  void ipv6_unwraps_a_datagram_that_is_its_only_fragment() {
    Packet p = ipv6(7, 0, false, Protocols.UDP, whole);
    assertThat(Defragmenter.isFragment(p)).isTrue();
    assertThat(in(p)).isEqualTo(WHOLE);
    assertThat(payload(p)).isEqualTo(whole);
  }

  @Test
  void ipv6_passes_an_uneven_fragment_on_and_forgets_its_datagram() {
    in(part6(0, 64));
    Packet uneven = ipv6(7, 64, true, Protocols.UDP, Arrays.copyOfRange(whole, 64, 77));
    assertThat(in(uneven)).isEqualTo(PASSED);
    assertThat(in(part6(64, 100))).isEqualTo(HELD);
  }

  @Test
  void ipv6_passes_a_first_fragment_without_all_headers_on() {
    Packet p = ipv6(7, 0, true, Protocols.TCP, Arrays.copyOf(whole, 16));
    assertThat(in(p)).isEqualTo(PASSED);
  }

  @Test
  void an_empty_fragment_kills_an_ipv4_datagram_but_not_an_ipv6_one() {
    in(part(0, 64));
    assertThat(in(ipv4(7, 0, true, new byte[3]))).isEqualTo(DROPPED);
    assertThat(in(part(64, 100))).isEqualTo(HELD);
    in(part6(0, 64));
    assertThat(in(ipv6(7, 64, true, Protocols.UDP, new byte[0]))).isEqualTo(DROPPED);
    assertThat(in(part6(64, 100))).isEqualTo(WHOLE);
  }

  @Test
  void random_datagrams_come_back_whatever_way_they_travel() {
    long seed = 20_240;
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      boolean six = random.nextBoolean();
      byte[] data = bytes(32 + random.nextInt(random.nextInt(100) == 0 ? 60_000 : 5000), random);
      List<Packet> parts = cutAtRandom(six, round, data, random);
      Collections.shuffle(parts, random);
      Packet last = null;
      for (int i = 0; i < parts.size(); i++) {
        last = parts.get(i);
        Packet again = FragmentCases.copy(last);
        assertThat(in(last))
            .as("seed %d round %d fragment %d", seed, round, i)
            .isEqualTo(i + 1 < parts.size() ? HELD : WHOLE);
        if (i + 1 < parts.size() && random.nextInt(4) == 0) {
          assertThat(in(again)).isEqualTo(DROPPED);
        }
      }
      assertThat(payload(last)).as("seed %d round %d", seed, round).isEqualTo(data);
    }
    assertThat(defragmenter.memory()).isZero();
  }

  private static List<Packet> cutAtRandom(boolean six, int id, byte[] data, Random random) {
    List<Packet> parts = new ArrayList<>();
    int most = data.length > 6000 ? 180 : 60;
    int at = 0;
    while (at < data.length) {
      int end = Math.min(data.length, at + 8 * (1 + random.nextInt(at == 0 ? 3 : most)));
      byte[] part = Arrays.copyOfRange(data, at, end);
      boolean more = end < data.length;
      parts.add(six ? ipv6(id, at, more, Protocols.UDP, part) : ipv4(id, at, more, part));
      at = end;
    }
    return parts;
  }

  private int in(Packet p) {
    defragmenter.advance(nowNs, (first, user) -> expired.add(FragmentCases.copy(first)));
    return defragmenter.in(p, CONNTRACK_IN, nowNs);
  }

  private Packet part(int from, int to) {
    return ipv4(7, from, to < whole.length, Arrays.copyOfRange(whole, from, to));
  }

  private Packet part6(int from, int to) {
    return ipv6(7, from, to < whole.length, Protocols.UDP, Arrays.copyOfRange(whole, from, to));
  }

  private byte[] tail(int from) {
    return Arrays.copyOfRange(whole, from, whole.length);
  }
}
