"""fuzz.py's conversations of H.323: RAS, calls, channels, whole and broken, and the connections that they announce."""
import h323, socket, struct
from helpertalk import HelperTalk
from packets import ACK, PSH, icmp, udp

T = h323.TYPES
NAMES = {f["name"]: f["t"] for f in T["RasMessage"]["f"]}
BODIES = {f["name"]: f["t"] for f in next(f for f in next(f for f in T["H323-UserInformation"]["f"])["t"]["f"])["t"]["f"]}


class H323:
    """Talks on behalf of a HelperTalk, whose ends and rules they are."""
    def __init__(self, talk): self.k, self.r, self.depth = talk, talk.r, 0

    def one(self): self.r.choice([self.registration, self.registration, self.call_setup, self.call_setup, self.call_setup])()

    # -- what messages are made of ----------------------------------------------------------------------
    def port(self): return self.r.choice([self.r.randint(1024, 65535)] * 9 + [0, 1720, 65534, 65535])

    def where(self, end, port=None):
        """An address that an end offers: mostly its own."""
        r = self.r; k = r.random()
        addr = end.addr if k < 0.85 else end.peer if k < 0.9 else r.choice(self.k.pools["lan"] + self.k.pools["wan"] + self.k.own)
        return addr, self.port() if port is None or r.random() < 0.1 else port

    def h225(self, end, port=None):
        if self.r.random() < 0.03: return h323.some(T["TransportAddress"], self.r)
        return h323.ip_port(*self.where(end, port))

    def list(self, end, port):
        r = self.r
        v = [self.h225(end, port) for _ in range(r.choice([1, 1, 1, 2, 3, 0, 12]))]
        if r.random() < 0.1 and not self.k.six: v.insert(0, h323.ip_port("127.0.0.1", port))
        return v

    def some(self, kind, **fixed):
        """A value with any components, but for those given; those of None are left out."""
        v = h323.some(kind, self.r) if self.r.random() < 0.5 else {}
        for f in kind["f"]:
            if f["t"] is None or f["stop"] and self.r.random() < 0.5: v.pop(f["name"], None)
        for name, x in fixed.items():
            if x is None: v.pop(name, None)
            else: v[name] = x
        return v

    def maybe(self, chance, make): return make() if self.r.random() < chance else None

    def mutate(self, data, whole):
        r = self.r
        if r.random() < whole or not data: return data
        k = r.randrange(len(data))
        return r.choice([lambda: data[:k] + bytes([data[k] ^ 1 << r.randrange(8)]) + data[k + 1:], lambda: data[:k], lambda: data[:k] + r.randbytes(1) + data[k:],
                         lambda: data[:k] + r.randbytes(2) + data[k + 2:], lambda: data + r.randbytes(3)])()

    # -- channels ---------------------------------------------------------------------------------------
    def pair(self, end):
        p = self.port() & ~1 if self.r.random() < 0.9 else self.port()
        media = self.maybe(0.85, lambda: self.where(end, p)); control = self.maybe(0.7, lambda: self.where(end, (p + 1) % 65536))
        return media, control

    def channel(self, end):
        r = self.r; k = r.random()
        if k < 0.1: return self.some(T["OpenLogicalChannel"])
        kind = "t120" if k < 0.3 else r.choice(["audio", "none"])
        return h323.channel(r.randint(1, 300), self.maybe(0.6, lambda: self.pair(end)), self.maybe(0.5, lambda: self.pair(end)), kind,
                            self.maybe(0.9 if kind == "t120" else 0.1, lambda: self.where(end)))

    def control(self, end):
        """A message of H.245."""
        r = self.r; k = r.random()
        if k < 0.5: return "request", ("openLogicalChannel", self.channel(end))
        if k < 0.85:
            media, control = self.pair(end)
            v = h323.channel_ack(r.randint(1, 300), media, control, self.maybe(0.2, lambda: self.where(end)))
            if r.random() < 0.2: v["reverseLogicalChannelParameters"] = {"reverseLogicalChannelNumber": 3, "multiplexParameters": h323.rtp(*self.pair(end))}
            return "response", ("openLogicalChannelAck", v)
        if k < 0.9: return "response", ("openLogicalChannelAck", self.some(T["OpenLogicalChannelAck"]))
        return r.choice([("request", ("masterSlaveDetermination", b"\x80\x12\x34\x56")), ("response", ("closeLogicalChannelAck", b"\0\5")), ("command", b"\x20\0"), ("indication", b"\1\2")])

    def body(self, end):
        """(name, value) of a message of call signalling."""
        r = self.r; name = r.choice(["setup"] * 3 + ["callProceeding", "connect", "connect", "alerting", "facility", "facility", "progress", "information", "releaseComplete"])
        fast = self.maybe(0.5, lambda: [self.channel(end) for _ in range(r.choice([1, 1, 2, 3, 33 if r.random() < 0.1 else 5]))])
        parts = {"h245Address": self.maybe(0.5, lambda: self.h225(end)), "fastStart": fast}
        if name == "setup":
            parts |= {"destCallSignalAddress": self.maybe(0.5, lambda: h323.ip_port(end.peer, end.peer_port)), "sourceCallSignalAddress": self.maybe(0.5, lambda: self.h225(end, end.port))}
        if name == "facility":
            parts |= {"reason": r.choice([("callForwarded", None), ("routeCallToMC", None), ("startH245", b"\0")])}
            if parts["reason"][0] == "callForwarded": parts["alternativeAddress"] = h323.ip_port(r.choice(self.k.pools["lan"] + self.k.pools["wan"] + [end.addr]), self.port())
        if name in ("information", "releaseComplete"): parts = {}
        return name, self.some(BODIES[name], **parts)

    def q931(self, end):
        r = self.r; name, value = self.body(end)
        elements = r.choice([b"\x04\x03\x88\x90\xa5", b"", b"\x28\x04abcd", b"\x70\x02\x81\x31\x6c\x02\x81\x32"])
        return h323.q931(name, value, elements, self.maybe(0.25, lambda: [self.control(end) for _ in range(r.choice([1, 1, 2, 5]))]))

    def say(self, a, b, messages):
        """Messages in TPKTs, in one segment or several; what arrived of them."""
        r = self.r
        data = [h323.tpkt(self.mutate(m, 0.85)) for m in messages]
        if r.random() < 0.08:
            got = b""
            for d in data: self.k.say(a, b, d[:4]); got += d[:4] + self.k.say(a, b, d[4:])
            return got
        return self.k.say(a, b, self.mutate(b"".join(data), 0.95))

    @staticmethod
    def messages(told):
        while len(told) >= 4 and told[0] == 3:
            n = int.from_bytes(told[2:4], "big")
            if n < 4: return
            yield told[4:n]; told = told[n:]

    # -- conversations ----------------------------------------------------------------------------------
    def call_setup(self):
        side, src, dst, dp = self.k.ends("Q.931")
        two = self.k.connect(side, src, self.k.t.fresh(), dst, dp)
        if two: self.call(*two)

    def call(self, c, s):
        r = self.r
        for _ in range(r.randint(1, 5)):
            a, b = r.choice([(c, s), (s, c)])
            told = self.say(a, b, [self.q931(a) for _ in range(r.choice([1, 1, 1, 2]))])
            for m in self.messages(told):
                try: name, value, tunnel = h323.read_q931(m)
                except (IndexError, struct.error, StopIteration, KeyError, UnicodeDecodeError): continue
                if isinstance(value, dict): self.follow(b, value)
                for t in tunnel: self.opened(b, t)
        self.k.finish(c, s)

    def follow(self, end, value):
        """Goes where a call's message says, with what was arranged."""
        r = self.r
        for name, then in (("h245Address", self.channels), ("alternativeAddress", self.call)):
            if name in value and value[name][0] in ("ipAddress", "ip6Address") and r.random() < 0.8: self.go(end, value[name], then)
        for c in value.get("fastStart", []): self.opened(end, ("request", ("openLogicalChannel", c)))

    def go(self, end, where, then):
        if self.depth > 1: return
        addr, port = h323.address_of(where)
        if (":" in addr) != self.k.six or end.iface is None: return
        two = self.k.connect(end.iface, end.addr if self.r.random() < 0.95 else self.r.choice(self.k.pools[end.iface]), self.k.t.fresh(), addr, port)
        if two is None: return
        self.depth += 1; then(*two); self.depth -= 1

    def channels(self, c, s):
        r = self.r
        for _ in range(r.randint(1, 6)):
            a, b = r.choice([(c, s), (s, c)])
            told = self.say(a, b, [h323.encode(T["MultimediaSystemControlMessage"], self.control(a)) for _ in range(r.choice([1, 1, 2]))])
            for m in self.messages(told):
                try: self.opened(b, h323.decode(T["MultimediaSystemControlMessage"], m))
                except (IndexError, struct.error, KeyError, UnicodeDecodeError): pass
        self.k.finish(c, s)

    def opened(self, end, message):
        """Sends to the channels that a message opens."""
        for where, kind in self.offers(message):
            if self.r.random() < 0.4: continue
            addr, port = h323.address_of(where)
            if (":" in addr) != self.k.six: continue
            if kind == "data": self.k.data(end.iface, end.addr, addr, port)
            else:
                sp = self.k.fresh_port(); got = self.k.datagram(end.iface, end.addr, sp, addr, port, b"\x80\0voice")
                if got and self.r.random() < 0.5: self.k.datagram(got[0], got[1], got[2], got[3], got[4], b"\x80\0back")

    def offers(self, value):
        """Every address of H.245 in a value."""
        if isinstance(value, tuple) and value[0] == "unicastAddress":
            if value[1][0] in ("iPAddress", "iP6Address"): yield value, "media"
        elif isinstance(value, tuple) and value[0] == "localAreaAddress":
            for where, _ in self.offers(value[1]): yield where, "data"
        elif isinstance(value, (tuple, list)):
            for v in value: yield from self.offers(v)
        elif isinstance(value, dict):
            for v in value.values(): yield from self.offers(v)

    # -- RAS --------------------------------------------------------------------------------------------
    def registration(self):
        r = self.r; side, src, dst, dp = self.k.ends("RAS"); sp = r.choice([1719, self.k.t.fresh(), self.k.t.fresh()])
        me = lambda: None
        me.iface, me.addr, me.port, me.peer, me.peer_port = side, src, sp, dst, dp
        gk = None; signal = self.port() or 1720
        for _ in range(r.randint(2, 7)):
            if gk is None or r.random() < 0.5: kind = r.choice(["gatekeeperRequest", "registrationRequest", "registrationRequest", "admissionRequest", "unregistrationRequest", "locationRequest", "infoRequestResponse"]); a = me
            else: kind = r.choice(["gatekeeperConfirm", "registrationConfirm", "registrationConfirm", "admissionConfirm", "admissionConfirm", "locationConfirm", "infoRequestResponse", "disengageRequest", "admissionRequest"]); a = gk
            value = self.message(kind, a, signal)
            data = self.mutate(h323.ras(kind, value), 0.88)
            got = self.k.datagram(a.iface, a.addr, a.port, a.peer, a.peer_port, data)
            if got is None: continue
            if a is me and gk is None:
                gk = lambda: None
                gk.iface, gk.addr, gk.port, gk.peer, gk.peer_port = got[:5]
            b = gk if a is me else me
            if r.random() < 0.04: self.k.t.hop(b.iface, icmp(b.addr, b.peer, 3, 3, b"\0" * 4, udp(b.peer, b.addr, b.peer_port, b.port, data, **self.k.kw())[:(48 if self.k.six else 28)], **self.k.kw()))
            try: kind, value = h323.decode(T["RasMessage"], got[5])
            except (IndexError, struct.error, KeyError, UnicodeDecodeError): continue
            self.act(b, kind, value)

    def message(self, kind, a, signal):
        r = self.r; own = lambda p: self.h225(a, p)
        ttl = self.maybe(0.5, lambda: r.choice([60, 300, 1, 70000, 3600]))
        parts = {"gatekeeperRequest": lambda: {"rasAddress": own(a.port)},
                 "gatekeeperConfirm": lambda: {"rasAddress": own(r.choice([a.port, self.port()]))},
                 "registrationRequest": lambda: {"callSignalAddress": self.list(a, signal), "rasAddress": self.list(a, a.port), "timeToLive": ttl},
                 "registrationConfirm": lambda: {"callSignalAddress": r.choice([[h323.ip_port(a.peer, signal)], self.list(a, self.port())]), "timeToLive": ttl},
                 "unregistrationRequest": lambda: {"callSignalAddress": self.list(a, signal)},
                 "admissionRequest": lambda: {"destCallSignalAddress": self.maybe(0.5, lambda: own(signal)), "srcCallSignalAddress": self.maybe(0.6, lambda: own(signal)), "bandWidth": 100},
                 "admissionConfirm": lambda: {"destCallSignalAddress": r.choice([h323.ip_port(a.peer, signal), own(self.port()), h323.ip_port(r.choice(self.k.pools["lan"] + self.k.pools["wan"]), self.port())])},
                 "locationRequest": lambda: {"replyAddress": own(a.port)},
                 "locationConfirm": lambda: {"callSignalAddress": own(self.port()), "rasAddress": own(a.port)},
                 "infoRequestResponse": lambda: {"rasAddress": own(a.port), "callSignalAddress": self.list(a, signal)}}
        return self.some(NAMES[kind], **parts[kind]()) if kind in parts else b"\0\1\2\3"

    def act(self, end, kind, value):
        """Does what a message allows: calls to where it says."""
        r = self.r
        if kind == "registrationRequest" and r.random() < 0.7: places = value.get("callSignalAddress", [])
        elif kind in ("admissionConfirm",) and r.random() < 0.8: places = [value["destCallSignalAddress"]]
        elif kind == "locationConfirm": places = [value["callSignalAddress"]]
        elif kind == "gatekeeperConfirm" and value["rasAddress"][0] in ("ipAddress", "ip6Address"):
            addr, port = h323.address_of(value["rasAddress"])
            if (":" in addr) == self.k.six: self.k.datagram(end.iface, end.addr, self.k.t.fresh(), addr, port, h323.ras("registrationRequest", {"callSignalAddress": [h323.ip_port(end.addr, 1720)], "rasAddress": [h323.ip_port(end.addr, end.port)]}))
            return
        else: return
        for p in places[:2]:
            if p[0] in ("ipAddress", "ip6Address"): self.go(end, p, self.call)


class H323Talk(HelperTalk):
    """fuzz.py's profile `h323`."""
    def one(self): H323(self).one()
