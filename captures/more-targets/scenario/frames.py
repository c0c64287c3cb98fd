#!/usr/bin/env python3
"""Writes the frames of this case: in.lan.pcap, in.wan.pcap, local.pcap."""
import os, struct, sys
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../lab"))
from lab import PcapWriter
from packets import SYN, cksum, icmp, ip, ipv4, ipv6, pseudo, tcp, udp

MACS = {"lan": ("02:00:00:00:01:01", "02:00:00:00:01:10"), "wan": ("02:00:00:00:02:01", "02:00:00:00:02:fe")}
LAN, LAN6, FAR, FAR6 = "192.168.1.10", "2001:db8:1::10", "198.51.100.7", "2001:db8:9::7"
FRAGMENT = 0x2000


class Frames:
    def __init__(self):
        self.out, self.now = {}, 1_700_000_000_000_000_000

    def put(self, where, packet):
        link = 101 if where == "local" else 1
        name = "local.pcap" if where == "local" else f"in.{where}.pcap"
        writer = self.out.setdefault(where, PcapWriter(os.path.join(HERE, name), link))
        if where != "local":
            to, by = (bytes.fromhex(m.replace(":", "")) for m in MACS[where])
            packet = to + by + (b"\x86\xdd" if packet[0] >> 4 == 6 else b"\x08\x00") + packet
        self.now += 10_000_000
        writer.write(self.now, packet)

    def close(self):
        for writer in self.out.values(): writer.close()


def icmp6_error(src, dst, quoted): return icmp(src, dst, 3, 3, b"\0" * 4, quoted)

def four(f):
    for host in range(10, 17): f.put("lan", udp(f"192.168.1.{host}", FAR, 6000 + host, 7001, b"traced"))      # TRACE
    f.put("lan", udp(LAN, FAR, 6000, 7002, b"zone")); f.put("lan", udp(LAN, FAR, 6000, 7003, b"events"))
    for ttl in (64, 1): f.put("lan", udp(LAN, FAR, 6000, 7010, b"copy before routing", ttl=ttl, tos=0x28))    # TEE
    f.put("lan", udp(LAN, "192.168.1.1", 6000, 7060, b"copy of what is for the host"))
    f.put("lan", udp(LAN, FAR, 6000, 7010, b"c" * 1400, frag=0))                                              # too long for dmz
    whole = udp(LAN, FAR, 6000, 7010, b"f" * 1480)[20:]
    f.put("lan", ipv4(LAN, FAR, 17, whole[:800], ident=9, frag=FRAGMENT)); f.put("lan", ipv4(LAN, FAR, 17, whole[800:], ident=9, frag=100))
    f.put("local", udp("203.0.113.1", FAR, 6001, 7070, b"copy of what the host sends", ident=7, frag=0x4000))
    f.put("lan", udp(LAN, FAR, 6000, 7040, b"copy by the same way"))
    f.put("lan", udp(LAN, FAR, 6000, 7041, b"copy out of a chain")); f.put("lan", udp(LAN, FAR, 5000, 7041, b"copy out of a chain"))
    f.put("local", udp("203.0.113.1", FAR, 6001, 7041, b"two rules, one copy each", ident=7, frag=0x4000))
    f.put("lan", udp(LAN, FAR, 6000, 7042, b"copy by an interface"))
    f.put("lan", udp(LAN, "172.16.5.10", 6000, 7040, b"to where copies go, too"))
    for port in range(5000, 5040): f.put("lan", udp(LAN, FAR, port, 7011, b"hash"))                           # HMARK
    for port in (1, 0x1234, 0xffff): f.put("lan", udp(LAN, FAR, port, 7012, b"hash")); f.put("lan", udp("192.168.1.11", FAR, port, 7013, b"hash"))
    f.put("wan", udp(FAR, "192.168.1.11", 7013, 1, b"answer"))
    f.put("lan", icmp(LAN, FAR, 8, 0, b"\0\1\0\1", b"ping"))
    f.put("lan", icmp(LAN, FAR, 3, 3, b"\0" * 4, udp(FAR, LAN, 53, 5353, b"quoted")[:28]))
    f.put("lan", icmp(LAN, FAR, 11, 0, b"\0" * 4, tcp(FAR, LAN, 80, 5353, 1, 2, SYN)[:28]))
    f.put("lan", ipv4(LAN, FAR, 50, struct.pack(">II", 0x12345678, 1) + b"\0" * 16))
    f.put("lan", ipv4(LAN, FAR, 51, struct.pack(">BBHII", 17, 4, 0, 0x9abcdef0, 1) + b"\0" * 12 + udp(LAN, FAR, 1, 2, b"")[20:]))
    f.put("lan", tcp(LAN, FAR, 6000, 7020, 1, 0, SYN))                                                        # TPROXY
    f.put("lan", udp(LAN, FAR, 6000, 7030, b"classes, marks")); f.put("lan", udp(LAN, FAR, 6000, 7030, b"no checksum", zero_sum=True))
    for port in range(7050, 7057): f.put("lan", udp(LAN, FAR, 6000, port, b"queues"))                         # NFQUEUE

def six(f):
    for host in (10, 11): f.put("lan", udp(f"2001:db8:1::{host}", FAR6, 6000, 7001, b"traced"))
    inner, outer = "fd00:1:2:1::5", "2001:db8:aaaa"
    for src in (inner, "fd00:1:2:ffff::5", "fd00:1:3:1::5", "fd00:1:3:1:ffff:ffff:ffff:5", "fd00:1:3:1:ffff:ffff:ffff:ffff"):    # NPT
        f.put("lan", udp(src, FAR6, 6000, 53, b"prefix")); f.put("lan", tcp(src, FAR6, 6000, 80, 1, 0, SYN))
        f.put("lan", icmp(src, FAR6, 8, 0, b"\0\1\0\1", b"ping"))
        f.put("lan", icmp6_error(src, FAR6, udp(FAR6, src, 53, 5353, b"quoted")))
    for dst in (outer + ":1::5", outer + ":0:1::5", "2001:db8:bbbb:1::5", "2001:db8:bbbb:1:ffff:ffff:ffff:ffff", outer + "::", "2001:db8:bbbb:1:7:8:9:a"):
        f.put("wan", udp(FAR6, dst, 53, 6000, b"prefix")); f.put("wan", icmp6_error(FAR6, dst, udp(dst, FAR6, 6000, 53, b"quoted")))
    for ttl in (64, 1): f.put("lan", udp(LAN6, FAR6, 6000, 7010, b"copy before routing", ttl=ttl, tos=0x28))   # TEE
    f.put("lan", udp(LAN6, FAR6, 6000, 7010, b"c" * 1400)); f.put("lan", udp(LAN6, FAR6, 6000, 7040, b"copy"))
    for port in range(5000, 5030): f.put("lan", udp(LAN6, FAR6, port, 7011, b"hash"))                         # HMARK
    f.put("lan", udp(LAN6, FAR6, 5000, 7011, b"hash", options=b"\0" * 2 + b"\1\4\0\0\0\0"))
    f.put("lan", udp(LAN6, FAR6, 6000, 7012, b"hash")); f.put("lan", udp("2001:db8:1::11", FAR6, 6001, 7012, b"hash"))
    f.put("lan", icmp6_error(LAN6, FAR6, udp(FAR6, LAN6, 53, 5353, b"quoted")))
    f.put("lan", icmp6_error(LAN6, FAR6, icmp(FAR6, LAN6, 8, 0, b"\0\1\0\1", b"ping")))
    for port in (7051, 7052, 7053): f.put("lan", udp(LAN6, FAR6, 6000, port, b"queues"))


if __name__ == "__main__":
    frames = Frames()
    four(frames); six(frames)
    frames.close()
