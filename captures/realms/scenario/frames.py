#!/usr/bin/env python3
"""Writes the frames that are let arrive, and what the host sends: in.lan.pcap, in.wan.pcap, local.pcap beside this file."""
import json, os, sys
here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "../../lab"))
import lab
from packets import udp

host = json.load(open(os.path.join(here, "host.json")))
writers = {i: lab.PcapWriter(os.path.join(here, f"in.{i}.pcap")) for i in host["interfaces"]}
local = lab.PcapWriter(os.path.join(here, "local.pcap"), 101)
clock = 1_700_000_000_000_000_000


def send(iface, src, dst, size=10, **kw):
    global clock
    packet = udp(src, dst, 1000, 53, bytes(size), ident=1 + size, **kw)
    c = host["interfaces"].get(iface)
    if c: writers[iface].write(clock, bytes.fromhex((c["mac"] + c["peer_mac"]).replace(":", "")) + b"\x08\x00" + packet)
    else: local.write(clock, packet)
    clock += 10_000_000

INSIDE = ("192.168.1.10", "192.168.2.10", "192.168.3.10")
OUTSIDE = ("198.51.100.7", "10.1.0.1", "10.2.0.1", "10.4.0.1", "10.5.0.1")
for size, (src, dst) in enumerate((s, d) for s in INSIDE for d in OUTSIDE): send("lan", src, dst, size)
for size, (src, dst) in enumerate((s, d) for s in OUTSIDE for d in INSIDE): send("wan", src, dst, 20 + size)
# what a next hop has kept of the first that went there: with the rule's realms first, then without
send("lan", "192.168.3.10", "10.6.0.1")
send("lan", "192.168.1.10", "10.6.0.1")
send("lan", "192.168.1.10", "10.6.0.2")
# for the host itself, to all, and errors that it sends
for src in INSIDE: send("lan", src, "192.168.1.1")
for src in OUTSIDE: send("wan", src, "203.0.113.1")
send("lan", "192.168.1.10", "192.168.1.255")
send("lan", "192.168.2.10", "255.255.255.255")
send("lan", "192.168.2.10", "224.0.0.1")
send("lan", "0.0.0.0", "255.255.255.255")
send("wan", "10.1.0.1", "192.168.2.10", ttl=1)
# from the lan with a source that only broadcasts have: with realms about, Linux looks at where it leads
send("lan", "192.168.1.255", "198.51.100.7")
# the host's own
for dst in OUTSIDE: send("local", "203.0.113.1", dst)
send("local", "192.168.3.1", "198.51.100.7")
for writer in (*writers.values(), local): writer.close()
