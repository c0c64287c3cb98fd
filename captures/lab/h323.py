"""Messages of H.323 as Python values: what the ASN.1 of fwreplay's helper describes, written and read in aligned PER (X.691).

A sequence is a dict of its components, a choice (alternative, value), a list a list, strings of octets bytes. Components
that are left out take a plain value. What the ASN.1 leaves without a type is bytes as they are."""
import os, random, re, struct

SCHEMA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../analyzer/engine/src/main/resources/org/fwreplay/helper/h323.asn1")


class Types:
    """Reads the ASN.1; a type is a dict: k its kind, s its size (kind, bits, least), f its fields."""
    def __init__(self, text):
        self.t = [t for t in re.findall(r"--[^\n]*|\.\.\.|\.\.|::=|[-\w]+|[{}(),+!]", text) if not t.startswith("--")]
        self.i, self.types = 0, {}
        while self.i < len(self.t):
            name = self.next(); self.skip("::="); self.types[name] = self.type()

    def next(self): self.i += 1; return self.t[self.i - 1]

    def skip(self, token):
        there = self.i < len(self.t) and self.t[self.i] == token
        self.i += there
        return there

    def size(self):
        if not self.skip("("): return "free", 0, 0
        least = most = int(self.next())
        if self.skip(".."): most = int(self.next())
        self.skip(")"); n = most - least + 1
        if n == 1: return "fixed", 0, least
        return ("bits" if n < 256 else "byte" if n == 256 else "word" if n <= 65536 else "long"), (n - 1).bit_length(), least

    def type(self):
        w = self.next()
        if w in ("NULL", "BOOLEAN"): return {"k": w}
        if w == "OBJECT": self.skip("IDENTIFIER"); return {"k": "OID"}
        if w in ("BIT", "OCTET"): self.skip("STRING"); return {"k": w, "s": self.size()}
        if w in ("INTEGER", "DIGITS", "BMPString"): return {"k": w, "s": self.size()}
        if w in ("CHOICE", "SEQUENCE") and self.skip("{"): return self.composed(w)
        if w == "SEQUENCE": self.size(); self.skip("OF"); return {"k": "LIST", "c": self.skip("CONTAINING"), "t": self.type()}
        return self.types[w]

    def composed(self, kind):
        fields, root = [], None
        while True:
            if self.skip("..."): root = len(fields)
            else:
                self.skip("+"); stop = self.skip("!"); name = self.next(); contained = self.skip("CONTAINING")
                typed = None if self.t[self.i] in (",", "}", "OPTIONAL") else self.type()
                fields.append({"name": name, "t": typed, "c": contained, "o": self.skip("OPTIONAL"), "stop": stop})
            if not self.skip(","): break
        self.skip("}")
        return {"k": kind, "f": fields, "ext": root is not None, "root": len(fields) if root is None else root}


TYPES = Types(open(SCHEMA).read()).types


class Writer:
    def __init__(self): self.out, self.n = bytearray(), 0

    def bits(self, value, count):
        for i in range(count - 1, -1, -1):
            if self.n == 0: self.out.append(0)
            self.out[-1] |= (value >> i & 1) << 7 - self.n
            self.n = (self.n + 1) % 8

    def align(self): self.n = 0
    def octets(self, data): self.n = 0; self.out += data
    def length(self, n): self.octets(bytes([n]) if n < 128 else struct.pack(">H", 0x8000 | n))

    def open(self, data): self.length(len(data)); self.octets(data)

    def sized(self, s, n):
        if s[0] == "bits": self.bits(n - s[2], s[1]); self.align()
        elif s[0] == "byte": self.octets(bytes([n - s[2]]))
        elif s[0] == "free": self.length(n)
        elif s[0] == "word": self.octets(struct.pack(">H", n - s[2]))

    def value(self, t, v):
        k = t["k"]
        if k == "BOOLEAN": self.bits(int(bool(v)), 1)
        elif k == "OID": self.align(); self.octets(bytes([len(v)])); self.octets(v)
        elif k == "INTEGER": self.integer(t["s"], v)
        elif k == "OCTET":
            if t["s"][0] == "fixed" and len(v) <= 2: [self.bits(b, 8) for b in v]
            else: self.sized(t["s"], len(v)); self.octets(v)
        elif k == "BMPString": self.sized(t["s"], len(v)); self.octets(v.encode("utf-16-be"))
        elif k == "DIGITS":
            self.sized(t["s"], len(v)); [self.bits("#*,0123456789".index(c), 4) for c in v]
        elif k == "BIT":
            if t["s"][0] == "free": self.length(len(v) * 8)
            else: self.sized(t["s"], len(v) * 8)
            self.octets(v)
        elif k == "LIST":
            self.length(len(v))
            for item in v: self.open(encode(t["t"], item)) if t["c"] else self.value(t["t"], item)
        elif k == "CHOICE": self.choice(t, v)
        elif k == "SEQUENCE": self.sequence(t, v)

    def integer(self, s, v):
        n = v - s[2]
        if s[0] == "bits": self.bits(n, s[1])
        elif s[0] == "byte": self.octets(bytes([n]))
        elif s[0] == "word": self.octets(struct.pack(">H", n))
        else:
            data = n.to_bytes(max(1, (n.bit_length() + 7) // 8), "big")
            self.bits(len(data) - 1, 2) if s[0] == "long" else self.length(len(data))
            self.octets(data)

    def choice(self, t, v):
        i = next(i for i, f in enumerate(t["f"]) if f["name"] == v[0]); f = t["f"][i]; out = i >= t["root"]
        if t["ext"]: self.bits(int(out), 1)
        if out: self.bits(i - t["root"], 7); self.open(packed(f, v[1]))
        else: self.bits(i, (t["root"] - 1).bit_length()); self.octets(v[1]) if f["t"] is None else self.value(f["t"], v[1])

    def sequence(self, t, v):
        root, more = t["f"][:t["root"]], t["f"][t["root"]:]
        extended = any(f["name"] in v for f in more)
        if t["ext"]: self.bits(int(extended), 1)
        for f in root:
            if f["o"]: self.bits(int(f["name"] in v), 1)
        for f in root:
            if f["o"] and f["name"] not in v: continue
            x = v[f["name"]] if f["name"] in v else plain(f["t"]) if f["t"] else b""
            if f["c"]: self.open(x)
            elif f["t"] is None: self.octets(x)
            else: self.value(f["t"], x)
        if not extended: return
        count = 1 + max(i for i, f in enumerate(more) if f["name"] in v)
        self.bits(count - 1, 7)
        for f in more[:count]: self.bits(int(f["name"] in v), 1)
        for f in more[:count]:
            if f["name"] in v: self.open(packed(f, v[f["name"]]))


def encode(t, v):
    w = Writer(); w.value(t, v); return bytes(w.out) or b"\0"


def packed(f, v): return v if f["t"] is None else encode(f["t"], v)


def plain(t):
    """The least value of a type."""
    k = t["k"]
    if k in ("INTEGER",): return t["s"][2]
    if k in ("OCTET", "BIT"): return bytes(t["s"][2])
    if k == "BMPString": return "x" * t["s"][2]
    if k == "DIGITS": return "1" * t["s"][2]
    if k == "OID": return b"\x00\x08\x91\x4a\x00\x04"
    if k == "LIST": return []
    if k == "CHOICE": f = t["f"][0]; return f["name"], plain(f["t"]) if f["t"] else b""
    return {} if k == "SEQUENCE" else None


def some(t, r, depth=0):
    """Any value of a type."""
    k = t["k"]
    n = lambda: t["s"][2] + (r.randint(0, min(12, 2 ** t["s"][1] - 1 if t["s"][0] == "bits" else 12)) if t["s"][0] != "fixed" else 0)
    if k == "INTEGER": return t["s"][2] + r.choice([0, 1, 2, r.randrange(2 ** min(t["s"][1], 8)) if t["s"][0] == "bits" else r.randrange(200)]) % (2 ** t["s"][1] if t["s"][0] == "bits" else 2 ** 32)
    if k == "BOOLEAN": return r.random() < 0.5
    if k == "OCTET": return r.randbytes(n())
    if k == "BIT": return r.randbytes(r.randint(0, 9))
    if k == "BMPString": return "abcdefghijklmnop"[:n()] or "x"
    if k == "DIGITS": return "0123456789012345"[:n()] or "1"
    if k == "OID": return r.choice([b"\x00\x08\x91\x4a\x00\x04", b"\x00\x08\x91\x4a\x00\x02", b"\x2a\x03"])
    if k == "LIST": return [] if t["c"] else [some(t["t"], r, depth + 1) for _ in range(r.choice([0, 1, 1, 2]))]
    if k == "CHOICE":
        f = r.choice(t["f"]); return f["name"], some(f["t"], r, depth + 1) if f["t"] else r.randbytes(r.randint(1, 6))
    if k == "SEQUENCE":
        v = {}
        for i, f in enumerate(t["f"]):
            optional = f["o"] or i >= t["root"]
            if optional and r.random() < 0.75: continue
            v[f["name"]] = some(f["t"], r, depth + 1) if f["t"] and not f["c"] else r.randbytes(r.randint(1, 6))
        return v
    return None


class Reader:
    def __init__(self, data): self.d, self.i, self.n = data, 0, 0

    def bits(self, count):
        v = 0
        for _ in range(count):
            v = v << 1 | self.d[self.i] >> 7 - self.n & 1; self.n += 1
            if self.n == 8: self.n = 0; self.i += 1
        return v

    def octets(self, count):
        if self.n: self.n = 0; self.i += 1
        self.i += count
        if self.i > len(self.d): raise IndexError
        return self.d[self.i - count:self.i]

    def length(self):
        n = self.octets(1)[0]
        return n if n < 128 else (n & 63) << 8 | self.octets(1)[0]

    def sized(self, s):
        if s[0] == "fixed": return s[2]
        if s[0] == "bits": return self.bits(s[1]) + s[2]
        return self.length() if s[0] == "free" else int.from_bytes(self.octets(1 if s[0] == "byte" else 2), "big") + s[2]

    def value(self, t):
        k = t["k"]
        if k == "BOOLEAN": return bool(self.bits(1))
        if k == "OID": return self.octets(self.octets(1)[0])
        if k == "INTEGER":
            s = t["s"]
            if s[0] == "bits": return self.bits(s[1]) + s[2]
            n = {"byte": 1, "word": 2}.get(s[0]) or (self.bits(2) + 1 if s[0] == "long" else self.length())
            return int.from_bytes(self.octets(n), "big") + s[2]
        if k == "OCTET":
            n = self.sized(t["s"])
            return bytes(self.bits(8) for _ in range(n)) if t["s"][0] == "fixed" and n <= 2 else self.octets(n)
        if k == "BMPString": return self.octets(2 * self.sized(t["s"])).decode("utf-16-be")
        if k == "DIGITS": n = self.sized(t["s"]); self.octets(0); return "".join("#*,0123456789"[self.bits(4) % 13] for _ in range(n))
        if k == "BIT": n = self.length() if t["s"][0] == "free" else self.sized(t["s"]); return self.octets((n + 7) // 8)
        if k == "LIST": return [decode(t["t"], self.octets(self.length())) if t["c"] else self.value(t["t"]) for _ in range(self.length())]
        if k == "CHOICE":
            out = t["ext"] and self.bits(1)
            f = t["f"][self.bits(7) + t["root"] if out else self.bits((t["root"] - 1).bit_length())]
            if out: data = self.octets(self.length()); return f["name"], decode(f["t"], data) if f["t"] else data
            return f["name"], self.value(f["t"]) if f["t"] else b""
        return self.sequence(t) if k == "SEQUENCE" else None

    def sequence(self, t):
        out = t["ext"] and self.bits(1); v = {}
        there = {f["name"]: self.bits(1) if f["o"] else 1 for f in t["f"][:t["root"]] for _ in [0] if f["o"]}
        for f in t["f"][:t["root"]]:
            if there.get(f["name"], 1) and f["t"]: v[f["name"]] = self.octets(self.length()) if f["c"] else self.value(f["t"])
        if out:
            count = self.bits(7) + 1; bits = [self.bits(1) for _ in range(count)]
            for f, b in zip(t["f"][t["root"]:], bits):
                if b: data = self.octets(self.length()); v[f["name"]] = decode(f["t"], data) if f["t"] else data
        return v


def decode(t, data): return Reader(data).value(t)


# ---- messages ------------------------------------------------------------------------------------
def ip_port(address, port):
    import socket
    if ":" in address: return "ip6Address", {"ip": socket.inet_pton(socket.AF_INET6, address), "port": port}
    return "ipAddress", {"ip": socket.inet_aton(address), "port": port}


def transport(address, port):
    """An address of H.245."""
    name, a = ip_port(address, port)
    return "unicastAddress", ({"ipAddress": "iPAddress", "ip6Address": "iP6Address"}[name], {"network": a["ip"], "tsapIdentifier": port})


def address_of(value):
    """(address, port) of an address of either kind."""
    import socket
    kind, a = value
    if kind == "unicastAddress": kind, a = a
    ip = a.get("ip", a.get("network"))
    return socket.inet_ntop(socket.AF_INET6 if len(ip) == 16 else socket.AF_INET, ip), a.get("port", a.get("tsapIdentifier"))


def ras(kind, value): return encode(TYPES["RasMessage"], (kind, value))


def tpkt(data): return struct.pack(">BBH", 3, 0, len(data) + 4) + data


Q931_TYPES = {"setup": 5, "callProceeding": 2, "connect": 7, "alerting": 1, "facility": 0x62, "progress": 3, "releaseComplete": 0x5a, "information": 0x7b}


def q931(kind, value, elements=b"\x04\x03\x88\x90\xa5", tunnel=None, reference=1):
    """A Q.931 message with its user-user element."""
    pdu = {"h323-message-body": (kind, value)}
    if tunnel: pdu |= {"h245Tunneling": b"\x80", "h245Control": tunnel}
    uuie = encode(TYPES["H323-UserInformation"], {"h323-uu-pdu": pdu})
    return struct.pack(">BBHB", 8, 2, reference, Q931_TYPES.get(kind, 0x7b)) + elements + struct.pack(">BHB", 0x7e, len(uuie) + 1, 5) + uuie


def h245(side, kind, value): return encode(TYPES["MultimediaSystemControlMessage"], (side, (kind, value)))


def read_q931(data):
    """(message, its value, tunnelled messages) of a Q.931 message."""
    i = 2 + data[1] + 1
    while data[i] != 0x7e: i += 2 + data[i + 1]
    pdu = decode(TYPES["H323-UserInformation"], data[i + 4:i + 3 + int.from_bytes(data[i + 1:i + 3], "big")])["h323-uu-pdu"]
    return *pdu["h323-message-body"], pdu.get("h245Control", [])


def rtp(media=None, control=None, session=1):
    """How a channel is carried."""
    v = {"sessionID": session}
    if media: v["mediaChannel"] = transport(*media)
    if control: v["mediaControlChannel"] = transport(*control)
    return "h2250LogicalChannelParameters", v


def channel(number, forward=None, reverse=None, kind="audio", stack=None):
    """An OpenLogicalChannel; `forward`, `reverse` are (media, control) addresses or None."""
    data = {"audio": ("audioData", ("g711Ulaw64k", 20)), "none": ("nullData", None),
            "t120": ("data", {"application": ("t120", ("separateLANStack", b"\0")), "maxBitRate": 1000})}[kind]
    v = {"forwardLogicalChannelNumber": number,
         "forwardLogicalChannelParameters": {"dataType": data, "multiplexParameters": rtp(*(forward or ()))}}
    if reverse: v["reverseLogicalChannelParameters"] = {"dataType": ("audioData", ("g711Ulaw64k", 20)), "multiplexParameters": rtp(*reverse)}
    if stack: v["separateStack"] = {"networkAddress": ("localAreaAddress", transport(*stack))}
    return v


def channel_ack(number, media=None, control=None, stack=None):
    v = {"forwardLogicalChannelNumber": number}
    if stack: v["separateStack"] = {"networkAddress": ("localAreaAddress", transport(*stack))}
    if media or control:
        p = {"sessionID": 1}
        if media: p["mediaChannel"] = transport(*media)
        if control: p["mediaControlChannel"] = transport(*control)
        v["forwardMultiplexAckParameters"] = ("h2250LogicalChannelAckParameters", p)
    return v
