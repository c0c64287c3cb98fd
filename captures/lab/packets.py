"""Packets as bytes, and what a packet says: IPv4 and IPv6, UDP, TCP, ICMP.

Every builder takes addresses as text and picks the family by the source address."""
import socket, struct

FIN, SYN, RST, PSH, ACK, URG = 1, 2, 4, 8, 16, 32
# what fuzz.py's ICMP (type, code) become in IPv6
SIX_TYPES = {(8, 0): (128, 0), (0, 0): (129, 0), (3, 1): (1, 3), (3, 3): (1, 4), (3, 4): (2, 0), (11, 0): (3, 0), (5, 1): (4, 1)}


def cksum(b):
    """The Internet checksum (RFC 1071)."""
    if len(b) % 2: b += b"\0"
    s = sum(struct.unpack(">%dH" % (len(b) // 2), b))
    while s >> 16: s = (s >> 16) + (s & 0xffff)
    return ~s & 0xffff

def ipv6(src, dst, proto, payload, ttl=64, tos=0, ident=None, frag=None, options=b""):
    if frag is not None:
        payload = struct.pack(">BBHI", proto, 0, (frag & 0x1fff) * 8 | (1 if frag & 0x2000 else 0), ident or 0) + payload; proto = 44
    if options: payload = bytes([proto, len(options) // 8 - 1]) + options[2:] + payload; proto = 60     # destination options
    return struct.pack(">IHBB", 0x60000000 | tos << 20, len(payload), proto, ttl) + socket.inet_pton(socket.AF_INET6, src) \
        + socket.inet_pton(socket.AF_INET6, dst) + payload

def ip(src, dst, proto, payload, **kw): return (ipv6 if ":" in src else ipv4)(src, dst, proto, payload, **kw)

def ipv4(src, dst, proto, payload, ttl=64, tos=0, ident=None, frag=0, options=b""):
    hl = 20 + len(options)
    h = struct.pack(">BBHHHBBH4s4s", 0x40 | hl // 4, tos, hl + len(payload), ident or 0, frag, ttl, proto, 0,
                    socket.inet_aton(src), socket.inet_aton(dst)) + options
    return h[:10] + struct.pack(">H", cksum(h)) + h[12:] + payload

def pseudo(src, dst, proto, n):
    if ":" in src: return socket.inet_pton(socket.AF_INET6, src) + socket.inet_pton(socket.AF_INET6, dst) + struct.pack(">II", n, proto)
    return socket.inet_aton(src) + socket.inet_aton(dst) + struct.pack(">BBH", 0, proto, n)

def udp(src, dst, sp, dp, data, zero_sum=False, **kw):
    n = 8 + len(data); u = struct.pack(">HHHH", sp, dp, n, 0) + data
    c = 0 if zero_sum and ":" not in src else (cksum(pseudo(src, dst, 17, n) + u) or 0xffff)
    return ip(src, dst, 17, u[:6] + struct.pack(">H", c) + u[8:], **kw)

def tcp(src, dst, sp, dp, seq, ack, flags, data=b"", window=8192, options=b"", bad_sum=False, **kw):
    t = struct.pack(">HHIIBBHHH", sp, dp, seq & 0xffffffff, ack & 0xffffffff, (5 + len(options) // 4) << 4,
                    flags, window, 0, 0) + options + data
    c = cksum(pseudo(src, dst, 6, len(t)) + t) ^ (0x5555 if bad_sum else 0)
    return ip(src, dst, 6, t[:16] + struct.pack(">H", c) + t[18:], **kw)

def icmp(src, dst, typ, code, rest, data=b"", **kw):
    if ":" in src:
        typ, code = SIX_TYPES.get((typ, code), (130 + typ if typ > 11 else 1, code))
        if typ == 2: rest = b"\0\0\x05\0"
        m = struct.pack(">BBH", typ, code, 0) + rest + data
        return ipv6(src, dst, 58, m[:2] + struct.pack(">H", cksum(pseudo(src, dst, 58, len(m)) + m)) + m[4:], **kw)
    m = struct.pack(">BBH", typ, code, 0) + rest + data
    return ipv4(src, dst, 1, m[:2] + struct.pack(">H", cksum(m)) + m[4:], **kw)

def parse(ip):
    """Addresses, protocol (ICMPv6 as 1), header length, TOS, TTL, and ports where the packet has them."""
    if ip[0] >> 4 == 6:
        p = {"src": socket.inet_ntop(socket.AF_INET6, ip[8:24]), "dst": socket.inet_ntop(socket.AF_INET6, ip[24:40]), "proto": ip[6], "hl": 40,
             "tos": (ip[0] & 15) << 4 | ip[1] >> 4, "ttl": ip[7]}
        if p["proto"] == 58: p["proto"] = 1
        if p["proto"] in (6, 17) and len(ip) >= 48: p["sp"], p["dp"] = struct.unpack(">HH", ip[40:44])
        return p
    hl = (ip[0] & 15) * 4
    p = {"src": socket.inet_ntoa(ip[12:16]), "dst": socket.inet_ntoa(ip[16:20]), "proto": ip[9], "hl": hl,
         "tos": ip[1], "ttl": ip[8]}
    if p["proto"] in (6, 17) and len(ip) >= hl + 8 and not struct.unpack(">H", ip[6:8])[0] & 0x1fff:
        p["sp"], p["dp"] = struct.unpack(">HH", ip[hl:hl + 4])
    return p
