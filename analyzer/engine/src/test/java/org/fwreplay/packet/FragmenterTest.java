package org.fwreplay.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fwreplay.packet.FragmentCases.bytes;
import static org.fwreplay.packet.FragmentCases.cut;
import static org.fwreplay.packet.FragmentCases.ip;
import static org.fwreplay.packet.FragmentCases.ipv4;
import static org.fwreplay.packet.FragmentCases.ipv6;
import static org.fwreplay.packet.FragmentCases.payload;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the kernel (6.18) sent where the same packets were too long. */
class FragmenterTest {
  private static final byte[] NO_OPTIONS = {};
  private static final byte[] OPTIONS = {(byte) 0x9e, 4, 1, 2, 0x1e, 4, 3, 4, 1, 0x1e, 2, 0};

  private final Random random = new Random(1);
  private final Fragmenter fragmenter = new Fragmenter(1);
  private final Defragmenter defragmenter = new Defragmenter(Defragmenter.Settings.DEFAULT);
  private final byte[] data = bytes(3000, random);

  @Test
  void cuts_into_pieces_as_long_as_possible() {
    Packet p = ipv4(7, 0, false, data);
    p.mark = 3;
    p.out = 2;
    List<Packet> pieces = cut(fragmenter, p, 1500);
    assertThat(pieces).extracting(Packet::length).containsExactly(1500, 1500, 60);
    assertThat(pieces).extracting(FragmenterTest::flags).containsExactly(0x2000, 0x20b9, 0x172);
    assertThat(pieces).allMatch(FragmenterTest::isChecksumGood);
    assertThat(pieces).allMatch(piece -> piece.mark == 3 && piece.out == 2);
    assertThat(join(pieces)).isEqualTo(data);
  }

  @Test
  void aligns_pieces_to_eight_bytes() {
    assertThat(cut(fragmenter, ipv4(7, 0, false, data), 1003))
        .extracting(Packet::length)
        .containsExactly(996, 996, 996, 92);
  }

  @Test
  void keeps_options_without_the_copied_flag_in_the_first_piece_only() {
    List<Packet> pieces = cut(fragmenter, ipv4(7, 0, Protocols.UDP, OPTIONS, data), 1500);
    assertThat(options(pieces.get(0))).isEqualTo(OPTIONS);
    byte[] later = {(byte) 0x9e, 4, 1, 2, 1, 1, 1, 1, 1, 1, 1, 0};
    assertThat(options(pieces.get(1))).isEqualTo(later);
    assertThat(options(pieces.get(2))).isEqualTo(later);
  }

  @Test
  void tells_the_mtu_where_df_forbids() {
    Packet p = ipv4(7, Ipv4.DF, Protocols.UDP, NO_OPTIONS, data);
    assertThat(Fragmenter.isTooBigToForward(p, 1500)).isTrue();
    assertThat(fragmenter.fragment(p, 1500, piece -> {})).isEqualTo(Fragmenter.TOO_BIG);
    assertThat(fragmenter.tooBigMtu()).isEqualTo(1500);
  }

  @Test
  void cuts_a_fragment_of_somebody_else_further() {
    List<Packet> pieces = cut(fragmenter, ipv4(7, 800, true, Arrays.copyOf(data, 1600)), 1000);
    assertThat(pieces).extracting(FragmenterTest::flags).containsExactly(0x2064, 0x20de);
  }

  @Test
  void cuts_where_the_sender_cut() {
    Packet whole = arrived(0, 0, 64, 1000, 1032);
    assertThat(Fragmenter.needed(whole, 1500)).isTrue();
    assertThat(cut(fragmenter, whole, 1500))
        .extracting(piece -> payload(piece).length)
        .containsExactly(64, 936, 32);
  }

  @Test
  void forgets_df_where_the_sender_cut_and_keeps_it_elsewhere() {
    Packet kept = arrived(Ipv4.DF, 0, 800, 1600, 2000);
    assertThat(Fragmenter.isTooBigToForward(kept, 1500)).isFalse();
    assertThat(cut(fragmenter, kept, 1500))
        .extracting(FragmenterTest::flags)
        .containsExactly(0x2000, 0x2064, 0xc8);
    Packet moved = arrived(Ipv4.DF, 0, 800, 1600, 2000);
    moved.fragmentCount = 0;
    assertThat(cut(fragmenter, moved, 1500))
        .extracting(FragmenterTest::flags)
        .containsExactly(0x6000, 0x6064, 0x40c8);
  }

  @Test
  void cuts_no_longer_than_what_arrived() {
    Packet p = arrived(0, 0, 800, 1600, 2000);
    p.fragmentCount = 0;
    assertThat(cut(fragmenter, p, 1500)).extracting(Packet::length).containsExactly(820, 820, 420);
  }

  @Test
  void df_fragments_longer_than_the_way_out_are_refused() {
    Packet p = arrived(Ipv4.DF, 0, 1400, 2000);
    assertThat(Fragmenter.isTooBigToForward(p, 1280)).isTrue();
    assertThat(fragmenter.fragment(p, 1280, piece -> {})).isEqualTo(Fragmenter.TOO_BIG);
  }

  @Test
  void a_tcp_header_over_two_fragments_moves_the_cuts() {
    in(ipv4(7, Ipv4.MF, Protocols.TCP, NO_OPTIONS, Arrays.copyOf(data, 16)));
    Packet last = ipv4(7, 2, Protocols.TCP, NO_OPTIONS, Arrays.copyOfRange(data, 16, 40));
    in(last);
    assertThat(Arrays.copyOf(last.fragmentSizes, last.fragmentCount)).containsExactly(20, 20);
    assertThat(cut(fragmenter, last, 1500)).extracting(Packet::length).containsExactly(44, 36);
  }

  @Test
  void writing_further_takes_bytes_from_later_fragments() {
    Packet p = arrived(0, 0, 64, 128, 200);
    Fragmenter.ensureWritable(p, 20 + 64);
    assertThat(p.fragmentCount).isEqualTo(3);
    Fragmenter.ensureWritable(p, 20 + 130);
    assertThat(Arrays.copyOf(p.fragmentSizes, p.fragmentCount)).containsExactly(130, 70);
    Fragmenter.ensureWritable(p, p.length());
    assertThat(p.fragmentCount).isEqualTo(1);
  }

  @Test
  void ipv6_of_a_sender_is_never_cut_on_the_way() {
    Packet p = unwrapped(0);
    p.ignoreDf = false;
    p.largestFragment = 0;
    assertThat(Fragmenter.isTooBigToForward(p, 1000)).isTrue();
    assertThat(Fragmenter.forwardMtu(p, 1000)).isEqualTo(1280);
    assertThat(fragmenter.fragment(p, 1280, piece -> {})).isEqualTo(Fragmenter.TOO_BIG);
    assertThat(fragmenter.tooBigMtu()).isEqualTo(1280);
  }

  @Test
  void ipv6_that_came_in_fragments_leaves_in_fragments() {
    Packet p = unwrapped(0);
    assertThat(Fragmenter.needed(p, 1500)).isTrue();
    List<Packet> pieces = cut(fragmenter, p, 1500);
    assertThat(pieces).extracting(piece -> payload(piece).length).containsExactly(1000, 1000, 1000);
    assertThat(pieces).extracting(Packet::length).containsExactly(1048, 1048, 1048);
    assertThat(join(pieces)).isEqualTo(data);
    int id = id(pieces.get(0));
    assertThat(id).isNotZero();
    assertThat(pieces).allMatch(piece -> id(piece) == id);
  }

  @Test
  void ipv6_pieces_may_grow_to_1280_bytes_where_the_cuts_are_lost() {
    Packet p = unwrapped(0);
    p.fragmentCount = 0;
    assertThat(cut(fragmenter, p, 1500))
        .extracting(Packet::length)
        .containsExactly(1280, 1280, 40 + 8 + 3000 - 2 * 1232);
  }

  @Test
  void ipv6_repeats_destination_options_in_every_piece() {
    Packet p = unwrapped(8);
    List<Packet> pieces = cut(fragmenter, p, 1500);
    assertThat(pieces).hasSize(3);
    for (Packet piece : pieces) {
      int at = piece.network;
      assertThat(piece.u8(at + Ipv6.NEXT_HEADER)).isEqualTo(Protocols.DSTOPTS);
      assertThat(piece.u8(at + Ipv6.LENGTH)).isEqualTo(Protocols.FRAGMENT);
      assertThat(piece.u8(at + Ipv6.LENGTH + 8)).isEqualTo(Protocols.UDP);
    }
  }

  @Test
  void random_packets_survive_cutting_and_putting_together() {
    long seed = 77;
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      byte[] payload = bytes(600 + random.nextInt(8000), random);
      Packet p = ipv4(round, 0, false, payload);
      byte[] before = ip(p);
      Packet last = null;
      for (Packet piece : cut(fragmenter, p, 68 + random.nextInt(500))) {
        last = piece;
        defragmenter.in(piece, Defragmenter.CONNTRACK_IN, 0);
      }
      assertThat(ip(last)).as("seed %d round %d", seed, round).isEqualTo(before);
    }
  }

  /** An IPv4 packet put together from fragments with these bounds. */
  private Packet arrived(int flags, int... bounds) {
    Packet last = null;
    for (int i = 0; i + 1 < bounds.length; i++) {
      int more = i + 2 < bounds.length ? Ipv4.MF : 0;
      byte[] part = Arrays.copyOfRange(data, bounds[i], bounds[i + 1]);
      int word = flags | more | bounds[i] / 8;
      last = ipv4(bounds.length, word, Protocols.UDP, NO_OPTIONS, part);
      in(last);
    }
    return last;
  }

  /** An IPv6 packet put together from three fragments of 1000 bytes, with destination options. */
  private Packet unwrapped(int optionsLength) {
    byte[] options = new byte[optionsLength];
    if (optionsLength > 0) {
      options[0] = Protocols.FRAGMENT;
      options[2] = 1;
      options[3] = 4;
    }
    Packet last = null;
    for (int at = 0; at < 3000; at += 1000) {
      byte[] part = Arrays.copyOfRange(data, at, at + 1000);
      last = ipv6(5, at, at < 2000, Protocols.UDP, options, part);
      in(last);
    }
    return last;
  }

  private void in(Packet p) {
    assertThat(defragmenter.in(p, Defragmenter.CONNTRACK_IN, 0)).isNotEqualTo(Defragmenter.DROPPED);
  }

  private static int flags(Packet p) {
    return p.u16(p.network + Ipv4.FRAGMENT);
  }

  private static int id(Packet p) {
    return Bytes.i32(p.buffer, p.transport - 4);
  }

  private static boolean isChecksumGood(Packet p) {
    return Checksums.fold(Checksums.sum(p.buffer, p.network, p.ipv4HeaderLength(), 0)) == 0xffff;
  }

  private static byte[] options(Packet p) {
    return Arrays.copyOfRange(p.buffer, p.network + 20, p.network + p.ipv4HeaderLength());
  }

  private static byte[] join(List<Packet> pieces) {
    byte[] all = new byte[0];
    for (Packet piece : pieces) {
      byte[] part = payload(piece);
      all = Arrays.copyOf(all, all.length + part.length);
      System.arraycopy(part, 0, all, all.length - part.length, part.length);
    }
    return all;
  }
}
