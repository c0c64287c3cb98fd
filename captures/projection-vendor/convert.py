"""Gives the frames of an Ethernet capture the header of the driver: convert.py IN.pcap OUT.pcap."""
import struct, sys
data = open(sys.argv[1], "rb").read()
out = data[:20] + struct.pack("<I", 147)  # LINKTYPE_USER0
at = 24
while at < len(data):
    seconds, fraction, captured, length = struct.unpack("<4I", data[at:at + 16])
    frame = data[at + 16:at + 16 + captured]; at += 16 + captured
    frame = b"\x88\x01" + frame[:6] + b"\0" * 8 + frame[6:12] + b"\xaa\xaa\x03\0\0\0\0\0" + frame[12:]
    out += struct.pack("<4I", seconds, fraction, len(frame), len(frame)) + frame
open(sys.argv[2], "wb").write(out)
