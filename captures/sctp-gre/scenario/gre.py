#!/usr/bin/env python3
"""One end of a GRE tunnel (RFC 2784, with a key: RFC 2890) between a tun device and a raw socket.

Usage: gre.py LOCAL REMOTE INSIDE/PREFIX KEY
"""
import fcntl, select, socket, struct, subprocess, sys, os

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454ca, 1, 0x1000
local, remote, inside, key = sys.argv[1:]
name = f"gre{key}"
tun = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
for command in (f"addr add {inside} dev {name}", f"link set {name} mtu 1468 up"): subprocess.run(["ip", *command.split()], check=True)
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, 47)
raw.bind((local, 0))
header = struct.pack(">HHI", 0x2000, 0x0800, int(key))
while True:
    for fd in select.select([tun, raw], [], [])[0]:
        if fd == tun: raw.sendto(header + os.read(tun, 2000), (remote, 0))
        else:
            packet = raw.recv(2000)
            if packet[20:28] == header: os.write(tun, packet[28:])
