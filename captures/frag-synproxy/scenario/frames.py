#!/usr/bin/env python3
"""Writes the frames that are let arrive, in.lan.pcap and in.wan.pcap, and what the host sends, local.pcap, beside this file."""
import json, os, struct, sys
here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "../../lab"))
import lab
from packets import ACK, FIN, PSH, RST, SYN, URG, cksum, ip, pseudo, tcp, udp

LAN, WAN, OWN = "2001:db8:1::10", "2001:db8:aa::7", "2001:db8:1::1"
HBH, ROUTING, FRAGMENT, DST, UDP = 0, 43, 44, 60, 17
MORE = 1
host = json.load(open(os.path.join(here, "host.json")))
writers = {i: lab.PcapWriter(os.path.join(here, f"in.{i}.pcap")) for i in host["interfaces"]}
local = lab.PcapWriter(os.path.join(here, "local.pcap"), link=101)
clock = 1_700_000_000_000_000_000


def tick():
    global clock
    clock += 10_000_000
    return clock

def send(iface, packet):
    c = host["interfaces"][iface]
    kind = b"\x86\xdd" if packet[0] >> 4 == 6 else b"\x08\x00"
    writers[iface].write(tick(), bytes.fromhex((c["mac"] + c["peer_mac"]).replace(":", "")) + kind + packet)

def fragment(ident, offset, flags, payload, after=UDP, reserved=0, src=LAN, dst=WAN):
    """A fragment; the offset in units of 8 bytes, the flags the last 3 bits behind it."""
    return ip(src, dst, FRAGMENT, struct.pack(">BBHI", after, reserved, offset << 3 | flags, ident) + payload)

def headed(packet, kind, content):
    """The packet with an extension header in front of those that it has."""
    body = packet[6:7] + content + packet[40:]
    return packet[:4] + struct.pack(">HB", len(body), kind) + packet[7:40] + body

def pieces(ident, dport, src=LAN, dst=WAN):
    """A datagram in three."""
    datagram = udp(src, dst, 1000, dport, bytes(range(100)))[40:]
    for at, end in ((0, 40), (40, 80), (80, len(datagram))):
        yield fragment(ident, at // 8, MORE if end < len(datagram) else 0, datagram[at:end], src=src, dst=dst)

question = udp(LAN, WAN, 1000, 53, b"question")
PADDING = b"\0\1\4" + bytes(4)
# none, first, middle, last; both first and last
send("lan", question)
for piece in pieces(7, 53): send("lan", piece)
send("lan", fragment(1000, 0, 0, question[40:]))
# the ends of the identifications
for ident in (0, 6, 8, 1001, 0xfffffffe, 0xffffffff): send("lan", fragment(ident, 2, 0, bytes(16)))
# what is reserved: the byte, each of the bits
send("lan", fragment(7, 0, MORE, question[40:], reserved=1))
for bits in (2, 4, 6): send("lan", fragment(7, 0, bits | MORE, question[40:]))
# other headers in front and behind, and two of them
for kind in (HBH, DST): send("lan", headed(fragment(9, 0, MORE, question[40:]), kind, PADDING))
send("lan", headed(fragment(9, 3, 0, bytes(16)), ROUTING, bytes([0, 4, 0]) + bytes(4)))
send("lan", fragment(10, 0, MORE, bytes([UDP]) + PADDING + question[40:], after=DST))
send("lan", fragment(10, 4, MORE, bytes(16), after=DST))
send("lan", headed(fragment(11, 0, MORE, question[40:]), FRAGMENT, b"\0" + struct.pack(">HI", 5 << 3, 12)))
send("lan", fragment(12, 0, MORE, bytes(16), after=59))
# headers that are cut off: the fragment's own, one in front of it, the transport's in a first piece
send("lan", ip(LAN, WAN, FRAGMENT, bytes([UDP, 0, 0, 0])))
send("lan", ip(LAN, WAN, DST, bytes([FRAGMENT, 9]) + bytes(6)))
send("lan", fragment(12, 0, MORE, bytes(4)))
send("lan", fragment(12, 0, 0, b""))
# dropped, rejected
for ident in (13, 14):
    for piece in pieces(ident, 53): send("lan", piece)
# answers, to the host itself without the middle, from the host
for piece in pieces(15, 1000, src=WAN, dst=LAN): send("wan", piece)
first, _, last = pieces(16, 9, dst=OWN)
send("lan", first)
send("lan", last)
for piece in pieces(17, 53, src="2001:db8:ff::1"): local.write(tick(), piece)

# IPv4: what SYNPROXY lets pass, by flags
CLIENT, SERVER = "192.168.1.10", "198.51.100.7"
for flags in (SYN | ACK, RST, RST | ACK, FIN, FIN | ACK, FIN | PSH | URG, SYN | FIN, SYN | RST, SYN | FIN | ACK, 0, PSH, URG):
    send("lan", tcp(CLIENT, SERVER, 2000, 80, 1, 1, flags))
    send("lan", tcp(CLIENT, "192.168.1.1", 2000, 80, 1, 1, flags))
    send("wan", tcp(SERVER, CLIENT, 80, 2001, 1, 1, flags, options=b"\2\4\5\xb4"))
# an ACK without a cookie, also of a connection
send("lan", tcp(CLIENT, SERVER, 2000, 80, 1, 1, ACK))
send("lan", tcp(CLIENT, SERVER, 2002, 8080, 1, 0, SYN))
send("wan", tcp(SERVER, CLIENT, 8080, 2002, 1, 2, SYN | ACK))
send("lan", tcp(CLIENT, SERVER, 2002, 8080, 2, 2, ACK))
send("wan", tcp(SERVER, CLIENT, 8080, 2002, 2, 2, FIN | ACK))
send("lan", tcp(CLIENT, SERVER, 2002, 8080, 2, 3, RST | ACK))
# dropped for what they are: a wrong checksum, a header that is cut off, options that are
send("lan", tcp(CLIENT, SERVER, 2003, 80, 1, 1, RST, bad_sum=True))
send("lan", tcp(CLIENT, SERVER, 2003, 80, 1, 1, SYN | ACK, bad_sum=True))
send("lan", tcp(CLIENT, SERVER, 2003, 8081, 1, 1, FIN | ACK, bad_sum=True))


def offset(words, flags, options=b""):
    """A segment that says of itself how long its header is."""
    p = tcp(CLIENT, SERVER, 2004, 80, 1, 1, flags, options=options)
    segment = bytearray(p[20:])
    segment[12] = words << 4
    segment[16:18] = b"\0\0"
    segment[16:18] = struct.pack(">H", cksum(pseudo(CLIENT, SERVER, 6, len(segment)) + segment))
    return p[:20] + bytes(segment)

for words in (0, 4, 6, 15): send("lan", offset(words, RST))
for options in (b"\2\4\5\xb4", b"\2\1\0\0", b"\3\x09\1\1", b"\xfe\0\0\0"):
    send("lan", offset(6, SYN | ACK, options))
    send("lan", offset(7, SYN | ACK, options))
for w in (*writers.values(), local): w.close()
