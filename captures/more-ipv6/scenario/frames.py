#!/usr/bin/env python3
"""Writes the frames that are let arrive: in.lan.pcap and in.wan.pcap beside this file."""
import json, os, struct, sys
here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "../../lab"))
import lab
from packets import ACK, FIN, PSH, RST, SYN, URG, icmp, tcp, udp

LAN, OTHER, WAN = "2001:db8:1::10", "2001:db8:1::11", "2001:db8:9::7"
MSS = bytes([2, 4, 5, 180])
host = json.load(open(os.path.join(here, "host.json")))
writers = {i: lab.PcapWriter(os.path.join(here, f"in.{i}.pcap")) for i in host["interfaces"]}
clock = 1_700_000_000_000_000_000


def send(iface, packet):
    global clock
    c = host["interfaces"][iface]
    writers[iface].write(clock, bytes.fromhex((c["mac"] + c["peer_mac"]).replace(":", "")) + b"\x86\xdd" + packet)
    clock += 10_000_000

# datagrams: names, time, echo without tracking, with TOS and ECN, from the wrong side
for port, size in ((53, 30), (123, 48), (7, 10), (9, 10)):
    for source in (LAN, OTHER, "2001:db8:1::12"):
        send("lan", udp(source, WAN, 1000, port, bytes(range(size))))
        send("wan", udp(WAN, source, port, 1000, bytes(size)))
for tos in (0x10, 0x11, 0x12, 0x13, 0xb8): send("lan", udp(LAN, "2001:db8:8::8", 2000, 5000, b"GET /" + bytes(100), tos=tos))
send("lan", udp("2001:db8:ff::77", WAN, 1, 53, b"spoofed"))
send("lan", icmp(LAN, WAN, 8, 0, struct.pack(">HH", 1, 1), b"ping"))
send("wan", icmp(WAN, LAN, 0, 0, struct.pack(">HH", 1, 1), b"ping"))


def stream(client, sport, dport, request, size):
    send("lan", tcp(client, WAN, sport, dport, 1000, 0, SYN, options=MSS))
    send("wan", tcp(WAN, client, dport, sport, 5000, 1001, SYN | ACK, options=bytes([2, 4, 4, 176])))
    send("lan", tcp(client, WAN, sport, dport, 1001, 5001, ACK))
    send("lan", tcp(client, WAN, sport, dport, 1001, 5001, ACK | PSH | 0x80, request))
    send("wan", tcp(WAN, client, dport, sport, 5001, 1001 + len(request), ACK | PSH | 0x40, bytes(i * 7 & 255 for i in range(size)), tos=2))
    return 1001 + len(request), 5001 + size

# streams: a web page, a second one beside it, control connections of FTP
seq, ack = stream(LAN, 3000, 80, b"GET / HTTP/1.0\r\n\r\n", 600)
stream(OTHER, 3001, 80, b"POST / HTTP/1.0\r\n\r\n", 50)
stream(LAN, 3002, 21, b"NOOP\r\n", 20)
send("lan", tcp(LAN, WAN, 3000, 80, seq, ack, FIN | ACK))
send("wan", tcp(WAN, LAN, 80, 3000, ack, seq + 1, FIN | ACK))
send("lan", tcp(LAN, WAN, 3000, 80, seq + 1, ack + 1, ACK))
# SYNPROXY: what it lets pass by flags; an ACK without a cookie, also of a connection; what is broken
for flags in (SYN | ACK, RST, RST | ACK, FIN, FIN | ACK, FIN | PSH | URG, SYN | FIN, SYN | RST, 0, PSH, ACK, ACK | PSH):
    send("lan", tcp(LAN, WAN, 4000, 8080, 1, 1, flags))
send("lan", tcp(LAN, WAN, 4001, 8443, 1000, 0, SYN, options=MSS))
send("wan", tcp(WAN, LAN, 8443, 4001, 5000, 1001, SYN | ACK, options=MSS))
send("lan", tcp(LAN, WAN, 4001, 8443, 1001, 5001, ACK))
send("lan", tcp(LAN, WAN, 4001, 8443, 1001, 5001, FIN | ACK))
send("lan", tcp(LAN, WAN, 4002, 8080, 1, 1, RST, bad_sum=True))
send("lan", tcp(LAN, WAN, 4002, 8080, 1, 1, SYN | ACK, bad_sum=True))
send("lan", tcp(LAN, WAN, 4002, 8080, 1, 1, RST, options=b"\2\1\0\0"))
for w in writers.values(): w.close()
