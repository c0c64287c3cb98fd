#!/usr/bin/env python3
"""Writes the frames that are let arrive: in.lan.pcap and in.wan.pcap beside this file."""
import json, os, struct, sys
here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "../../lab"))
import lab
from packets import ACK, SYN, icmp, ip, tcp, udp

LAN, WAN, NEAR = "192.168.1.10", "198.51.100.7", "203.0.113.254"
host = json.load(open(os.path.join(here, "host.json")))
writers = {i: lab.PcapWriter(os.path.join(here, f"in.{i}.pcap")) for i in host["interfaces"]}
clock = 1_700_000_000_000_000_000


def send(iface, packet):
    global clock
    c = host["interfaces"][iface]
    writers[iface].write(clock, bytes.fromhex((c["mac"] + c["peer_mac"]).replace(":", "")) + b"\x08\x00" + packet)
    clock += 10_000_000

def out(proto, payload): send("lan", ip(LAN, WAN, proto, payload))

def sctp(sport, dport, *chunks):
    body = b"".join(struct.pack(">BBH", t, f, 4 + len(d)) + d + bytes(-len(d) % 4) for t, f, d in chunks)
    return struct.pack(">HHII", sport, dport, 1, 0) + body

def dccp(sport, dport, kind, options=b"", long=0, words=None):
    sub = {0: 4, 2: 0, 3: 8, 4: 8, 5: 8, 6: 8, 8: 8, 9: 8}.get(kind, 12)
    size = 12 + 4 * long + sub + len(options)
    return struct.pack(">HHBBHBBH", sport, dport, words or size // 4, 0, 0, kind << 1 | long, 0, 7) + bytes(4 * long + sub) + options + b"data"

# sources: by the right and the wrong interface, an own address, a client without one
send("lan", udp(LAN, WAN, 1000, 53, b"question"))
send("wan", udp(WAN, LAN, 53, 1000, b"answer"))
send("wan", udp("192.168.1.11", LAN, 53, 1000, b"spoofed"))
send("lan", udp("10.9.9.9", WAN, 1, 53, b"by the default route"))
send("wan", udp("203.0.113.1", LAN, 53, 1000, b"our own"))
send("lan", udp("0.0.0.0", "255.255.255.255", 68, 67, b"discover"))
# IPsec
for spi in (1, 256, 512, 4096, 0xffffffff):
    out(50, struct.pack(">II", spi, 1) + bytes(24))
    out(51, struct.pack(">BBHII", 17, 4, 0, spi, 1) + bytes(12) + struct.pack(">HHHH", 1000, 53, 8, 0))
for cpi in (2, 5, 600): out(108, struct.pack(">BBH", 17, 0, cpi) + bytes(12))
out(50, bytes(6))
out(108, bytes(2))
# SCTP: INIT, SACK with a whole message, a first part, ABORT, cut off
out(132, sctp(1000, 2000, (1, 0, bytes(16))))
out(132, sctp(1003, 2000, (3, 0, bytes(12)), (0, 3, b"a message of its own")))
out(132, sctp(1004, 2001, (0, 2, b"begins"), (0, 0, b"goes on")))
out(132, sctp(1004, 2001, (0, 7, b"unordered")))
out(132, sctp(1004, 2000, (6, 1, b"")))
out(132, sctp(1004, 2000))
# DCCP: all types in use and one that is not, options, a header that lies
for kind in (0, 1, 2, 3, 4, 6, 7, 13): out(33, dccp(1000, 5000 + kind, kind, long=kind & 1))
out(33, dccp(1001, 5000, 2, bytes([1, 40, 3, 0, 32, 2, 0, 0])))
out(33, dccp(1001, 5000, 4, bytes([32, 4, 0, 0]), long=1))
out(33, dccp(1001, 5000, 2, words=2))
# rates
for source in (LAN, "192.168.1.11", "192.168.1.12"):
    for i in range(7): send("lan", udp(source, f"198.51.{i % 3}.7", 1000 + i % 2, 53 + i % 2, bytes(10 * i)))
# TCP: what systems' SYNs look like, and the rest of a connection
mss, ts, sack, scale = b"\2\4\5\xb4", b"\x08\x0a" + bytes(8), b"\4\2", b"\1\3\3\6"
for ttl in (65, 60, 128):
    send("lan", tcp(LAN, WAN, 2000 + ttl, 80, 1, 0, SYN, window=14600, options=mss + sack + ts + scale, ttl=ttl, frag=0x4000))
    send("lan", tcp("192.168.1.11", WAN, 3000 + ttl, 80, 1, 0, SYN, window=8192, options=mss + b"\1\1" + sack, ttl=ttl, frag=0x4000))
send("wan", tcp(WAN, LAN, 80, 2065, 1, 2, SYN | ACK, window=14600))
send("lan", tcp(LAN, WAN, 2065, 80, 2, 2, ACK))
send("lan", tcp(LAN, WAN, 2065, 80, 2, 2, ACK, b"GET / HTTP/1.0\r\n\r\n"))
# ICMP: an echo, and an error about a datagram
send("lan", icmp(LAN, WAN, 8, 0, struct.pack(">HH", 1, 1), b"ping"))
send("wan", icmp(NEAR, LAN, 3, 3, bytes(4), udp(LAN, WAN, 1000, 53, b"question")))
for w in writers.values(): w.close()
