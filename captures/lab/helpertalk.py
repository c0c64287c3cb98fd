"""fuzz.py's profile `helpers`: control connections that announce others, whole and broken, and those others.

Both ends of a conversation know only what really reached them: sequence numbers and announcements are read
from the frames that came out of the firewall, so that what a helper has rewritten is what is answered."""
import re, socket, struct
from packets import ACK, FIN, PSH, RST, SYN, icmp, ip, parse, tcp, udp

PORTS = {"ftp": 21, "irc": 6667, "sane": 6566, "pptp": 1723, "tftp": 69, "amanda": 10080, "snmp": 161, "snmp_trap": 162, "RAS": 1719, "Q.931": 1720}
PROTOCOL = {"ftp": "tcp", "irc": "tcp", "sane": "tcp", "pptp": "tcp", "tftp": "udp", "amanda": "udp", "snmp": "udp", "snmp_trap": "udp", "RAS": "udp", "Q.931": "tcp"}
NOT_SIX = {"irc", "pptp", "snmp", "snmp_trap"}


def rules(r, six):
    """A ruleset that assigns helpers and, mostly, translates."""
    names = [n for n in PORTS if not (six and n in NOT_SIX)]
    lan, own = ("2001:db8:1::", "2001:db8:ff::1") if six else ("192.168.1.", "203.0.113.1")
    out = ["*raw", ":PREROUTING ACCEPT [0:0]", ":OUTPUT ACCEPT [0:0]"]
    for name in names:
        if r.random() < 0.05: continue
        for chain in ("PREROUTING", "OUTPUT"):
            out.append(f"-A {chain} -p {PROTOCOL[name]} -m {PROTOCOL[name]} --dport {PORTS[name]} -j CT --helper {name}")
        out.append(f"-A PREROUTING -i wan -p {PROTOCOL[name]} -m {PROTOCOL[name]} --dport {PORTS[name] + 20000} -j CT --helper {name}")
    out += ["COMMIT", "*nat", ":PREROUTING ACCEPT [0:0]", ":INPUT ACCEPT [0:0]", ":OUTPUT ACCEPT [0:0]", ":POSTROUTING ACCEPT [0:0]"]
    if r.random() < 0.85:
        for name in names:
            p = PROTOCOL[name]
            inside = f"[{lan}{r.randint(10, 13)}]" if six else f"{lan}{r.randint(10, 13)}"
            out.append(f"-A PREROUTING -i wan -p {p} -m {p} --dport {PORTS[name]} -j DNAT --to-destination {inside.strip('[]')}")
            out.append(f"-A PREROUTING -i wan -p {p} -m {p} --dport {PORTS[name] + 20000} -j DNAT --to-destination {inside}:{PORTS[name]}")
    if r.random() < 0.8:
        out.append(r.choice(["-A POSTROUTING -o wan -j MASQUERADE", f"-A POSTROUTING -o wan -j SNAT --to-source {own}"]))
    if r.random() < 0.2: out.append("-A POSTROUTING -o dmz -j MASQUERADE")
    out += ["COMMIT", "*filter", ":INPUT ACCEPT [0:0]", f":FORWARD {r.choice(['DROP', 'DROP', 'ACCEPT'])} [0:0]", ":OUTPUT ACCEPT [0:0]"]
    if r.random() < 0.5: out.append("-A FORWARD -m conntrack --ctstate RELATED -m conntrack --ctstatus EXPECTED")
    out.append("-A FORWARD -m conntrack --ctstate INVALID -j DROP" if r.random() < 0.4 else "-A FORWARD -m conntrack --ctstate INVALID")
    out.append("-A FORWARD -m conntrack --ctstate RELATED -m connmark --mark 0x7")
    out.append("-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT")
    for name in names:
        out.append(f"-A FORWARD -p {PROTOCOL[name]} -m {PROTOCOL[name]} --dport {PORTS[name]} -j ACCEPT")
    out.append("-A FORWARD -j DROP" if r.random() < 0.3 else "-A FORWARD")
    out.append("COMMIT")
    if r.random() < 0.3:
        out += ["*mangle", ":PREROUTING ACCEPT [0:0]", ":INPUT ACCEPT [0:0]", ":FORWARD ACCEPT [0:0]", ":OUTPUT ACCEPT [0:0]",
                ":POSTROUTING ACCEPT [0:0]", "-A PREROUTING -p tcp -m tcp --dport 21 -j CONNMARK --set-mark 0x7", "COMMIT"]
    return "\n".join(out) + "\n"


class End:
    """One end of a TCP connection: where it is, what it sent and what it got."""
    def __init__(self, iface, addr, port, peer, peer_port, seq):
        self.iface, self.addr, self.port, self.peer, self.peer_port, self.seq, self.got = iface, addr, port, peer, peer_port, seq, 0


class HelperTalk:
    def __init__(self, talker, pools, own, six):
        self.t, self.r, self.pools, self.own, self.six = talker, talker.r, pools, own, six

    def one(self):
        r = self.r
        kind = r.choice(["ftp"] * 6 + ([] if self.six else ["irc"] * 3 + ["pptp"] * 2 + ["snmp"] * 3) + ["tftp", "amanda", "sane"] + ["h323"] * 3)
        getattr(self, kind)()

    def h323(self):
        from h323talk import H323
        H323(self).one()

    # -- TCP ------------------------------------------------------------------------------------------
    def ends(self, name):
        """(interface, client, server, port) of a control connection."""
        r = self.r
        side, other = r.choice([("lan", "wan")] * 4 + [("wan", "lan")] * 4 + [("lan", "dmz"), ("dmz", "wan")])
        src = r.choice(self.pools[side])
        if (side, other) == ("wan", "lan"): return side, src, self.own[0], PORTS[name] + r.choice([0, 0, 20000])
        return side, src, r.choice(self.pools[other]), PORTS[name]

    def transmit(self, a, b, flags, data=b"", off=0, options=b"", seq=None):
        """Sends from end `a`; what arrives at the other interface moves end `b` on, and is returned as payload."""
        if seq is None: seq = a.seq
        packet = tcp(a.addr, a.peer, a.port, a.peer_port, seq + off, a.got if flags & ACK else 0, flags, data,
                     options=options, window=self.r.choice([8192, 65535]), **self.kw())
        arrived = None
        for oi, got in self.t.hop(a.iface, packet):
            m = parse(got)
            if m["proto"] != 6 or "sp" not in m or oi == a.iface and m["dst"] == a.addr: continue
            h = m["hl"]; n = int.from_bytes(got[h + 4:h + 8], "big"); payload = got[h + (got[h + 12] >> 4) * 4:]
            if b.iface is None: b.iface, b.addr, b.port, b.peer, b.peer_port = oi, m["dst"], m["dp"], m["src"], m["sp"]
            end = n + len(payload) + (1 if got[h + 13] & (SYN | FIN) else 0)
            if b.got == 0 or (end - b.got) % 2**32 < 2**31: b.got = end % 2**32
            arrived = payload
        return arrived

    def kw(self):
        self.t.ident += 1
        return {"ident": self.t.ident}

    def connect(self, iface, src, sp, dst, dp):
        """A handshake; (client, server), or None where the SYN does not arrive."""
        r = self.r
        c = End(iface, src, sp, dst, dp, r.choice([r.randrange(2**32), 2**32 - r.randint(1, 40)])); s = End(None, None, 0, None, 0, r.randrange(2**32))
        options = r.choice([b"", b"\x02\x04\x05\xb4", b"\x02\x04\x05\xb4\x04\x02\x01\x01"])
        self.transmit(c, s, SYN, options=options); c.seq += 1
        if s.iface is None: return None
        self.transmit(s, c, SYN | ACK, options=options); s.seq += 1
        self.transmit(c, s, ACK)
        return c, s

    def say(self, a, b, data):
        """A piece of payload, in one segment or several, in order or not, once or twice; what arrived of it."""
        r, got = self.r, b""
        way = r.random()
        if way < 0.7 or len(data) < 4: parts = [(0, data)]
        elif way < 0.9:
            k = r.randint(1, len(data) - 1); parts = [(0, data[:k]), (k, data[k:])]
            if r.random() < 0.3: parts.reverse()
        else: parts = [(0, data), (0, data)]
        for off, piece in parts:
            arrived = self.transmit(a, b, PSH | ACK, piece, off)
            got += arrived or b""
            if arrived is None and r.random() < 0.6: got += self.transmit(a, b, PSH | ACK, piece, off) or b""
        a.seq += len(data)
        if r.random() < 0.6: self.transmit(b, a, ACK, options=self.sack(b))
        if r.random() < 0.04: self.error(b, a)
        return got

    def sack(self, b):
        if self.r.random() < 0.7: return b""
        edge = b.got + self.r.choice([0, 1, -8, 40])
        return b"\x01\x01\x05\x0a" + struct.pack(">II", edge % 2**32, (edge + self.r.randint(1, 30)) % 2**32)

    def error(self, a, b):
        """End `a` answers with an ICMP error about a segment of the other end."""
        inner = tcp(a.peer, a.addr, a.peer_port, a.port, a.got, a.seq, ACK, b"", **self.kw())
        self.t.hop(a.iface, icmp(a.addr, a.peer, 3, 1, b"\0" * 4, inner[:(40 if self.six else 20) + 8], **self.kw()))

    def mutate(self, data, whole=0.75):
        r = self.r
        if r.random() < whole or not data: return data
        k = r.randrange(len(data))
        return r.choice([lambda: data[:k], lambda: data[:k] + bytes([r.randrange(256)]) + data[k + 1:], lambda: data.lower(),
                         lambda: data[:k] + data[k + 1:], lambda: data[:k] + bytes([data[k]]) * r.randint(2, 5) + data[k:],
                         lambda: data.replace(b"\r\n", b"\n"), lambda: data.rstrip(), lambda: data + b"NOOP\r\n", lambda: b"NOOP\r\n" + data])()

    def data(self, iface, addr, dst, port):
        """The announced connection: from the one that was told of it."""
        r = self.r
        if r.random() < 0.12: port = (port + r.choice([1, -1])) % 65536
        if r.random() < 0.05: addr = r.choice(self.pools[iface])
        two = self.connect(iface, addr, self.t.fresh(), dst, port)
        if two is None: return
        a, b = two
        for _ in range(r.randint(0, 2)): self.say(a, b, b"data " * r.randint(1, 20)); self.say(b, a, b"more")
        if r.random() < 0.5: self.transmit(a, b, FIN | ACK); a.seq += 1; self.transmit(b, a, FIN | ACK); b.seq += 1; self.transmit(a, b, ACK)

    def finish(self, c, s):
        r = self.r
        if r.random() < 0.3: self.transmit(c, s, FIN | ACK); c.seq += 1; self.transmit(s, c, FIN | ACK); s.seq += 1; self.transmit(c, s, ACK)
        elif r.random() < 0.2: self.transmit(c, s, RST | ACK)

    def number(self):
        r = self.r
        return r.choice([r.randint(1024, 65535)] * 8 + [r.randint(1, 1023), 0, 65535, 70000])

    def ftp(self):
        r = self.r; side, src, dst, dp = self.ends("ftp")
        two = self.connect(side, src, self.t.fresh(), dst, dp)
        if two is None: return
        c, s = two
        self.say(s, c, r.choice([b"220 ready\r\n", b"220-hello\r\n220 ready\r\n", b"220 r"]))
        if r.random() < 0.8: self.say(c, s, b"USER anonymous\r\n"); self.say(s, c, b"230 come in\r\n")
        for _ in range(r.randint(1, 5)):
            p = self.number()
            active = r.random() < 0.5
            who = c if active else s
            addr = who.addr if r.random() < 0.9 else r.choice(self.pools["lan"] + self.pools["wan"])
            six = ":" in who.addr
            commas = "1,2,3,4" if six else addr.replace(".", ",")
            ports = f"{p >> 8},{p & 255}"
            d = r.choice(["|"] * 6 + ["!", "1", "~", " "])
            if active:
                line = r.choice([f"PORT {commas},{ports}\r\n", f"EPRT {d}{2 if six else 1}{d}{self.spell(addr)}{d}{p}{d}\r\n"])
            else:
                line = r.choice([f"227 Entering Passive Mode ({commas},{ports}).\r\n", f"227 {commas},{ports}\r\n", f"227 ={commas},{ports}\r\n",
                                 f"229 Entering Extended Passive Mode ({d}{d}{d}{p}{d})\r\n", f"229 ok (|||{p}|)\r\n"])
            if six and "," in line and r.random() < 0.8: line = f"EPRT |2|{self.spell(addr)}|{p}|\r\n" if active else f"229 ok (|||{p}|)\r\n"
            a, b = (c, s) if active else (s, c)
            told = self.say(a, b, self.mutate(line.encode()))
            if active and r.random() < 0.7: self.say(s, c, b"200 ok\r\n")
            target = self.read_ftp(told, b)
            if target and r.random() < 0.8: self.data(b.iface, b.addr, *target)
            if r.random() < 0.3: self.say(*r.choice([(c, s, b"NOOP\r\n"), (s, c, b"200 fine\r\n"), (c, s, b"RETR x\r\n"), (s, c, b"226 sent\r\n")]))
        self.finish(c, s)

    def spell(self, addr):
        if ":" not in addr: return addr
        full = socket.inet_pton(socket.AF_INET6, addr)
        long = ":".join("%x" % (full[i] << 8 | full[i + 1]) for i in range(0, 16, 2))
        return self.r.choice([addr, addr, long, long.upper(), "::ffff:1.2.3.4", addr + ":", addr.replace("::", ":::")])

    @staticmethod
    def read_ftp(told, b):
        text = told.decode("latin-1")
        m = re.search(r"(\d+),(\d+),(\d+),(\d+),(\d+),(\d+)", text)
        if m:
            n = [int(x) for x in m.groups()]
            if max(n) > 255: return None
            return (b.peer if ":" in b.addr else ".".join(map(str, n[:4]))), n[4] << 8 | n[5]
        m = re.search(r"\|[12]\|([0-9a-fA-F.:]+)\|(\d+)\|", text) or re.search(r"\|(\|)\|(\d+)\|", text)
        if not m or int(m[2]) > 65535: return None
        addr = m[1]
        if addr == "|": return b.peer, int(m[2])
        try: socket.inet_pton(socket.AF_INET6 if ":" in b.addr else socket.AF_INET, addr)
        except OSError: return None
        return addr, int(m[2])

    def irc(self):
        r = self.r; side, src, dst, dp = self.ends("irc")
        two = self.connect(side, src, self.t.fresh(), dst, dp)
        if two is None: return
        c, s = two
        self.say(c, s, b"NICK me\r\nUSER me 0 * :me\r\n")
        if r.random() < 0.8: self.say(s, c, b":srv 001 me :welcome\r\n")
        for _ in range(r.randint(1, 4)):
            addr = c.addr if r.random() < 0.75 else r.choice([self.own[0], r.choice(self.pools["wan"])])
            number = int.from_bytes(socket.inet_aton(addr), "big")
            kind = r.choice(["SEND", "CHAT", "MOVE", "TSEND", "SCHAT", "SEND", "ACCEPT"])
            line = f"{r.choice(['', '', ' ', chr(13) + chr(10)])}PRIVMSG {r.choice(['you', 'a b', 'x' * 30])} :\1DCC {kind} {r.choice(['file.txt', 'f', 'chat'])} {number}{r.choice([' ', ' ', '  '])}{self.number()}{r.choice([' 1234', ''])}\1\r\n"
            told = self.say(c, s, self.mutate(line.encode()))
            m = re.search(rb"(\d{8,10}) +(\d+)", told or b"")
            if m and int(m[1]) < 2**32 and int(m[2]) < 65536 and r.random() < 0.8:
                self.data(s.iface, r.choice([s.addr, r.choice(self.pools[s.iface])]), socket.inet_ntoa(int(m[1]).to_bytes(4, "big")), int(m[2]))
            if r.random() < 0.4: self.say(s, c, b"PING :x\r\n")
        self.finish(c, s)

    def sane(self):
        r = self.r; side, src, dst, dp = self.ends("sane")
        two = self.connect(side, src, self.t.fresh(), dst, dp)
        if two is None: return
        c, s = two
        for _ in range(r.randint(1, 3)):
            self.say(c, s, self.mutate(struct.pack(">II", r.choice([7, 7, 7, 1]), 3)))
            p = self.number() & 65535
            told = self.say(s, c, self.mutate(struct.pack(">IHHI", r.choice([0, 0, 0, 5]), r.choice([0, 0, 0, 1]), p, 0x1234)))
            if told and r.random() < 0.8: self.data(c.iface, c.addr, c.peer, p)
        self.finish(c, s)

    # -- PPTP -----------------------------------------------------------------------------------------
    def control(self, kind, body, length):
        return self.mutate(struct.pack(">HHIHH", 12 + length, 1, 0x1a2b3c4d, kind, 0) + body.ljust(length, b"\0"), 0.93)

    def pptp(self):
        r = self.r; side, src, dst, dp = self.ends("pptp")
        two = self.connect(side, src, self.t.fresh(), dst, dp)
        if two is None: return
        c, s = two
        ok = lambda: r.choice([1] * 12 + [2])
        if r.random() < 0.97: self.say(c, s, self.control(1, b"\1\0\0\0", 144))
        if r.random() < 0.97: self.say(s, c, self.control(2, b"\1\0" + bytes([ok()]), 144))
        pns, pac = r.randrange(65536), r.randrange(65536)
        for _ in range(r.choice([1, 1, 2])):
            if r.random() < 0.75:
                told = self.say(c, s, self.control(7, struct.pack(">HH", pns, 1), 156))
                theirs = int.from_bytes(told[12:14], "big") if len(told) > 14 else pns
                told = self.say(s, c, self.control(8, struct.pack(">HHB", pac, theirs, ok()), 20))
            else:
                self.say(s, c, self.control(9, struct.pack(">HH", pac, 1), 208))
                told = self.say(c, s, self.control(10, struct.pack(">HHB", pns, pac, ok()), 12))
                theirs = int.from_bytes(told[12:14], "big") if len(told) > 14 else pns
                self.say(s, c, self.control(11, struct.pack(">H", theirs), 16))
            self.gre(c, s, pns, pac, theirs)
            if r.random() < 0.3: self.say(*r.choice([(c, s, self.control(15, struct.pack(">H", pac), 12)), (s, c, self.control(15, struct.pack(">H", theirs), 12)),
                                                     (s, c, self.control(5, b"abcd", 4)), (s, c, self.control(14, struct.pack(">H", theirs), 28))]))
            if r.random() < 0.5: self.say(c, s, self.control(12, struct.pack(">H", pns), 4))
            if r.random() < 0.5: self.say(s, c, self.control(13, struct.pack(">HB", theirs, 1), 136))
            if r.random() < 0.4: self.gre(c, s, pns, pac, theirs)
            if r.random() < 0.3: pns = r.randrange(65536)
        if r.random() < 0.4: self.say(c, s, self.control(3, b"\1", 4)); self.say(s, c, self.control(4, bytes([ok()]), 4))
        self.finish(c, s)

    def gre(self, c, s, pns, pac, theirs):
        """Packets of both directions, each with the id of its receiver."""
        r = self.r
        for n in range(r.randint(0, 4)):
            a, key = r.choice([(c, pac), (s, theirs)])
            if r.random() < 0.05: key = r.choice([0, pns, pac, theirs, 7])
            data = struct.pack(">HHHHI", r.choice([0x3001] * 12 + [0x2000]), r.choice([0x880b] * 12 + [0x0800]), 4, key, n) + b"ppp!"
            self.t.hop(a.iface, ip(a.addr, a.peer, 47, data, **self.kw()))
            if r.random() < 0.1: self.t.hop(c.iface, icmp(c.addr, c.peer, 3, 2, b"\0" * 4, ip(c.peer, c.addr, 47, struct.pack(">HHHHI", 0x3001, 0x880b, 4, pns, n), **self.kw()), **self.kw()))

    # -- UDP ------------------------------------------------------------------------------------------
    def datagram(self, iface, src, sp, dst, dp, data):
        """(interface, address, port, peer, its port, payload) of what arrives, or None."""
        got = None
        for oi, out in self.t.hop(iface, udp(src, dst, sp, dp, data, zero_sum=self.r.random() < 0.05, **self.kw())):
            m = parse(out)
            if m["proto"] == 17 and "sp" in m and m["src"] != dst: got = oi, m["dst"], m["dp"], m["src"], m["sp"], out[m["hl"] + 8:]
        return got

    def tftp(self):
        r = self.r; side, src, dst, dp = self.ends("tftp"); sp = self.t.fresh()
        for _ in range(r.choice([1, 1, 2])):
            got = self.datagram(side, src, sp, dst, dp, self.mutate(struct.pack(">H", r.choice([1, 1, 2, 3])) + b"file\0octet\0"))
            if got is None: continue
            i, own, _, peer, port, _ = got
            data = self.fresh_port()
            back = self.datagram(i, own if r.random() < 0.95 else r.choice(self.pools[i]), data, peer, port, b"\0\3\0\1hello")
            if back and back[0] == side:
                ack = self.datagram(side, src, sp, back[3], back[4], b"\0\4\0\1")
                if ack and r.random() < 0.5: self.datagram(i, own, data, peer, port, b"\0\3\0\2bye")

    def fresh_port(self): return self.t.fresh() + 20000

    def amanda(self):
        r = self.r; side, src, dst, dp = self.ends("amanda"); sp = self.t.fresh()
        got = self.datagram(side, src, sp, dst, dp, b"Amanda 2.6 REQ HANDLE 00-1 SEQ 1\nSERVICE sendbackup\n")
        if got is None: return
        i, own, port, peer, pport, _ = got
        ports = [self.number() for _ in range(4)]
        text = "Amanda 2.6 REP HANDLE 00-1 SEQ 1\nCONNECT " + " ".join(f"{n} {p}" for n, p in zip(r.sample(["DATA", "MESG", "INDEX", "STATE"], 4)[:r.randint(1, 4)], ports)) + "\nOPTIONS x\n"
        back = self.datagram(i, own, port, peer, pport, self.mutate(text.encode()))
        if back is None: return
        for m in re.finditer(rb"(?:DATA|MESG|INDEX|STATE) (\d{1,5})", back[5]):
            if r.random() < 0.7: self.data(side, src, dst, int(m[1]) & 65535)

    # -- SNMP -----------------------------------------------------------------------------------------
    def ber(self, tag, body):
        n = len(body); r = self.r.random()
        if tag & 0x20 and r < 0.04: return bytes([tag, 0x80]) + body + b"\0\0"
        if n > 127 or r < 0.1: return bytes([tag]) + (bytes([0x81, n]) if n < 256 else b"\x82" + struct.pack(">H", n)) + body
        return bytes([tag, n]) + body

    def message(self, pdu, addresses):
        r = self.r
        number = lambda: self.ber(2, r.choice([b"\5", b"\1\2\3", b""]))
        def value():
            k = r.random()
            if k < 0.6: return self.ber(0x40, socket.inet_aton(r.choice(addresses)) + (b"" if r.random() < 0.97 else b"x"))
            return self.ber(r.choice([2, 4, 5, 6, 0x41, 0x42, 0x43, 0x44, 0x46, 0x80, 0x81, 0x82] + [0x45, 0x03] * (r.random() < 0.2)), r.choice([b"", b"\1", b"word"]))
        one = lambda: self.ber(0x30, self.ber(6, b"\x2b\6\1\2\1") + value() + (value() if r.random() < 0.06 else b""))
        variables = b"".join(one() for _ in range(r.choice([1, 1, 2, 3, 4, 0 if r.random() < 0.3 else 1])))
        body = number() + number() + number() + self.ber(0x30, variables)
        return self.ber(0x30, self.ber(2, bytes([r.choice([0, 1, 1, 1, 3 if r.random() < 0.2 else 1])])) + self.ber(4, b"public") + self.ber(0xa0 | pdu, body))

    def snmp(self):
        r = self.r; name = r.choice(["snmp", "snmp_trap"]); side, src, dst, dp = self.ends(name)
        sp = self.t.fresh() if r.random() < 0.9 else 161
        for _ in range(r.randint(1, 3)):
            got = self.datagram(side, src, sp, dst, dp, self.mutate(self.message(7 if name == "snmp_trap" else r.choice([0, 1, 5, 3]), [src, dst, self.own[0]]), 0.85))
            if got is None: continue
            i, own, port, peer, pport, _ = got
            if r.random() < 0.8: self.datagram(i, own, port, peer, pport, self.mutate(self.message(r.choice([2, 2, 2, 8]), [own, src, peer, dst]), 0.85))
