#!/usr/bin/env python3
"""Writes the frames that are let arrive: in.lan.pcap and in.wan.pcap beside this file."""
import json, os, socket, struct, sys
here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "../../lab"))
import lab
from packets import ip, udp

LAN, WAN, EUI = "2001:db8:1::10", "2001:db8:aa::7", "2001:db8:1::ff:fe00:110"
HBH, ROUTING, FRAGMENT, AH, DST = 0, 43, 44, 51, 60
host = json.load(open(os.path.join(here, "host.json")))
writers = {i: lab.PcapWriter(os.path.join(here, f"in.{i}.pcap")) for i in host["interfaces"]}
clock = 1_700_000_000_000_000_000


def send(iface, packet):
    global clock
    c = host["interfaces"][iface]
    writers[iface].write(clock, bytes.fromhex((c["mac"] + c["peer_mac"]).replace(":", "")) + b"\x86\xdd" + packet)
    clock += 10_000_000

def headed(packet, *headers):
    """The packet with extension headers, each a next-header value and what follows its own."""
    for kind, content in reversed(headers):
        body = packet[6:7] + content + packet[40:]
        packet = packet[:4] + struct.pack(">HB", len(body), kind) + packet[7:40] + body
    return packet

def options(*tlv):
    body = b"".join(tlv)
    pad = -(len(body) + 2) % 8
    body += b"\0" if pad == 1 else bytes([1, pad - 2]) + bytes(pad - 2) if pad else b""
    return bytes([(len(body) + 2) // 8 - 1]) + body

def addresses(*texts): return b"".join(socket.inet_pton(socket.AF_INET6, t) for t in texts)
def routing(kind, left, word, *texts): return bytes([2 * len(texts), kind, left]) + word + addresses(*texts)
def ah(words, reserved, spi): return struct.pack(">BHII", words, reserved, spi, 1) + bytes((words + 2) * 4 - 12)
def question(source=LAN, sport=1000): return udp(source, WAN, sport, 53, b"question")

# sources: by the right and the wrong interface, made of the MAC, an own address
send("lan", question())
send("lan", question(EUI))
send("wan", udp(WAN, LAN, 53, 1000, b"answer"))
send("wan", udp("2001:db8:1::11", LAN, 53, 1000, b"spoofed"))
send("wan", udp("2001:db8:ff::1", LAN, 53, 1000, b"our own"))
send("lan", question("2001:db8:bb::1"))
# AH, options
for words, reserved, spi in ((4, 0, 257), (4, 9, 257), (1, 0, 1), (2, 0, 0xffffffff)):
    send("lan", headed(question(), (AH, ah(words, reserved, spi))))
send("lan", headed(question(), (HBH, options(b"\5\2\0\0"))))
send("lan", headed(question(), (HBH, options(b"\1\4" + bytes(4), b"\5\2\0\0"))))
send("lan", headed(question(), (DST, options(b"\4\1\7", b"\xc9\5hello"))))
send("lan", headed(question(), (HBH, options(b"\5\2\0\0")), (DST, options(b"\1\4" + bytes(4))), (AH, ah(4, 0, 257))))
# routing headers: type 2, type 0 that is used up, segments
S1, S2, S3 = "2001:db8:7::1", "2001:db8:7::2", "2001:db8:8::1"
send("lan", headed(question(), (ROUTING, routing(2, 0, bytes(4), S1))))
send("lan", headed(question(), (ROUTING, routing(2, 1, bytes(4), S1))))
send("lan", headed(question(), (ROUTING, routing(0, 0, bytes(4), S1, S2))))
send("lan", headed(question(), (ROUTING, routing(0, 0, b"\0\0\0\1", S3, S2, S1))))
send("lan", headed(question(), (ROUTING, routing(4, 0, b"\0\0\1\2", S1))))
send("lan", headed(question(), (ROUTING, routing(4, 1, b"\1\0\0\0", S1, S2))))
send("lan", headed(question(), (ROUTING, routing(4, 0, b"\2\0\1\2", S3, S2, S1))))
send("lan", headed(question(), (ROUTING, routing(4, 1, b"\2\0\0\0", S1, S1, S3))))
send("lan", headed(question(), (ROUTING, routing(4, 3, b"\1\0\0\0", S1, S2))))
# mobility: an update, a test, one with something behind
for kind in (5, 3, 200): send("lan", ip(LAN, WAN, 135, bytes([59, 1, kind]) + bytes(13)))
send("lan", ip(LAN, WAN, 135, bytes([17, 1, 5]) + bytes(13)))
# the transports
send("lan", ip(LAN, WAN, 50, struct.pack(">II", 4096, 1) + bytes(24)))
send("lan", headed(ip(LAN, WAN, 50, struct.pack(">II", 5, 1) + bytes(24)), (DST, options())))
send("lan", ip(LAN, WAN, 108, struct.pack(">BBH", 17, 0, 2) + bytes(12)))
send("lan", ip(LAN, WAN, 108, struct.pack(">BBH", 17, 0, 3) + bytes(12)))
send("lan", ip(LAN, WAN, 132, struct.pack(">HHII", 1000, 2000, 1, 0) + struct.pack(">BBH", 1, 0, 20) + bytes(16)))
send("lan", ip(LAN, WAN, 132, struct.pack(">HHII", 1000, 2000, 1, 0) + struct.pack(">BBH", 6, 0, 4)))
send("lan", ip(LAN, WAN, 33, struct.pack(">HHBBHBBH", 1, 2, 4, 0, 0, 4, 0, 7) + bytes([32, 3, 0, 0])))
send("lan", ip(LAN, WAN, 33, struct.pack(">HHBBHBBH", 1, 2, 4, 0, 0, 4, 0, 7) + bytes([1, 1, 1, 1])))
# rates
for source in (LAN, EUI, "2001:db8:bb::1"):
    for i in range(4): send("lan", question(source, 1000 + i % 2))
# headers that are cut off
send("lan", headed(question(), (DST, b"\x20" + bytes(6))))
for w in writers.values(): w.close()
