"""fuzz.py's profile `sip`: registrations and calls, whole and broken, over UDP and TCP, and the media they announce."""
import re, socket
from helpertalk import End, HelperTalk

PORTS = [5060, 5060, 5060, 25060]


def rules(r, six):
    """A ruleset that assigns the helper and, mostly, translates."""
    lan, own = ("2001:db8:1::", "2001:db8:ff::1") if six else ("192.168.1.", "203.0.113.1")
    out = ["*raw", ":PREROUTING ACCEPT [0:0]", ":OUTPUT ACCEPT [0:0]"]
    for p in ("udp", "tcp"):
        for port in (5060, 25060): out.append(f"-A PREROUTING -p {p} -m {p} --dport {port} -j CT --helper sip")
    out += ["COMMIT", "*nat", ":PREROUTING ACCEPT [0:0]", ":INPUT ACCEPT [0:0]", ":OUTPUT ACCEPT [0:0]", ":POSTROUTING ACCEPT [0:0]"]
    translated = r.random() < 0.9
    for p in ("udp", "tcp") if translated else ():
        inside = f"{lan}{r.randint(10, 13)}"
        if r.random() < 0.85: out.append(f"-A PREROUTING -i wan -p {p} -m {p} --dport 5060 -j DNAT --to-destination {inside}")
        if six: inside = f"[{inside}]"
        out.append(f"-A PREROUTING -i wan -p {p} -m {p} --dport 25060 -j DNAT --to-destination {inside}:5060")
    if translated and r.random() < 0.85:
        out.append(r.choice(["-A POSTROUTING -o wan -j MASQUERADE", f"-A POSTROUTING -o wan -j SNAT --to-source {own}"]))
    if translated and r.random() < 0.2: out.append("-A POSTROUTING -o dmz -j MASQUERADE")
    out += ["COMMIT", "*filter", ":INPUT ACCEPT [0:0]", f":FORWARD {r.choice(['DROP', 'DROP', 'ACCEPT'])} [0:0]", ":OUTPUT ACCEPT [0:0]",
            "-A FORWARD -m conntrack --ctstate RELATED -m conntrack --ctstatus EXPECTED", "-A FORWARD -m conntrack --ctstate INVALID",
            "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"]
    for p in ("udp", "tcp"): out.append(f"-A FORWARD -p {p} -m {p} --dport 5060 -j ACCEPT")
    out += ["-A FORWARD", "COMMIT"]
    return "\n".join(out) + "\n"


def valid(addr):
    try: return bool(socket.inet_pton(socket.AF_INET6 if ":" in addr else socket.AF_INET, addr))
    except OSError: return False


def host(addr): return f"[{addr}]" if ":" in addr else addr


class SipTalk(HelperTalk):
    def one(self):
        r = self.r
        self.tcp, self.calls = r.random() < 0.3, getattr(self, "calls", 0) + 1
        side, other = r.choice([("lan", "wan")] * 5 + [("wan", "lan")] * 3 + [("lan", "dmz"), ("dmz", "wan")])
        src = r.choice(self.pools[side])
        dst, dp = (self.own[0], r.choice(PORTS)) if (side, other) == ("wan", "lan") else (r.choice(self.pools[other]), 5060)
        self.talk(side, src, self.t.fresh() if r.random() < 0.97 else 5060, dst, dp, r.random() < 0.35)

    def talk(self, side, src, sp, dst, dp, register=False):
        if self.tcp:
            two = self.connect(side, src, sp, dst, dp)
            if two is None: return
            a, b = two
            self.say(a, b, b"\r\n\r\n")
        else:
            a, b = End(side, src, sp, dst, dp, 0), End(None, None, 0, None, 0, 0)
        self.id, self.cseq, self.eol = f"{self.calls}x{self.r.randrange(10**6)}", self.r.choice([1, 102, 4294967294]), self.r.choice(["\r\n"] * 6 + ["\n"])
        if register: self.register(a, b)
        else: self.call(a, b)
        if self.tcp: self.finish(a, b)

    def tell(self, a, b, text):
        """What arrives of a message from end `a`, as text; or None."""
        data = self.mutate(text.encode("latin-1"), 0.85)
        if self.tcp:
            if self.r.random() < 0.1: data += self.mutate(text.encode("latin-1"))
            return self.say(a, b, data).decode("latin-1") or None
        got = self.datagram(a.iface, a.addr, a.port, a.peer, a.peer_port, data)
        if got is None: return None
        b.iface, b.addr, b.port, b.peer, b.peer_port, payload = got
        return payload.decode("latin-1")

    # -- messages -------------------------------------------------------------------------------------
    def at(self, addr, port):
        r = self.r
        k = r.random()
        if k < 0.8: return f"{host(addr)}:{port}"
        if k < 0.9: return host(addr)
        if k < 0.94: return "example.org"
        return f"{host(addr)}:{r.choice([port + 1, 80, 5060, 65536, ''])}"

    def name(self, long, short): return self.r.choice([long] * 6 + [short, short + " ", long.upper(), long + "\t"])
    def fold(self, line): return line.replace(";", f"{self.eol} ;", 1) if self.r.random() < 0.1 else line

    def request(self, method, a, body="", extra=(), step=1):
        r = self.r
        self.cseq = (self.cseq + step) % 2**32
        way = "TCP" if self.tcp else "UDP"
        via = f"{self.name('Via', 'v')}: SIP/2.0/{way} {self.at(a.addr, a.port if r.random() < 0.93 else 5060)};branch=z9hG4bK{r.randrange(10**6)}"
        if r.random() < 0.3: via += f";maddr={host(r.choice([a.addr, a.peer]))}"
        if r.random() < 0.5: via += ";rport"
        lines = [self.fold(via)]
        if r.random() < 0.2: lines.append(f"Via: SIP/2.0/UDP {self.at(r.choice([a.addr, a.peer]), a.port)};branch=z9hG4bKlow")
        lines.append(self.fold(f"{self.name('From', 'f')}: {r.choice(['', 'Me '])}<sip:me@{self.at(a.addr, a.port)}>;tag={self.id}"))
        lines.append(f"{self.name('To', 't')}: <sip:you@{self.at(a.peer, a.peer_port)}>")
        lines.append(f"{self.name('Call-ID', 'i')}: {self.id}@{a.addr}")
        if r.random() < 0.97: lines.append(f"CSeq:{r.choice([' ', '', '  '])}{self.cseq} {method}")
        lines += extra
        if r.random() < 0.15: lines.insert(r.randrange(len(lines)), r.choice(["Token: x", "Subject: f: <sip:1.2.3.4>", "Expires-After: 3", "Route: <sip:10.0.0.1;lr>", " folded: x"]))
        if r.random() < 0.15: r.shuffle(lines)
        return self.whole(f"{method} sip:{r.choice(['you@', ''])}{self.at(a.peer, a.peer_port)} SIP/2.0", lines, body)

    def whole(self, start, lines, body):
        r = self.r
        if body: lines.append(f"{self.name('Content-Type', 'c')}: application/sdp")
        length = len(body) if r.random() < 0.96 else r.choice([0, len(body) + 5, len(body) - 3, 99999])
        if r.random() < 0.96: lines.append(f"{self.name('Content-Length', 'l')}: {length}")
        return self.eol.join([start] + lines + ["", ""]) + body

    def answer(self, status, b, asked, body="", extra=()):
        """What end `b` answers to a request as it arrived there."""
        lines = re.split(r"\r?\n(?![ \t])", asked.split("\r\n\r\n")[0].split("\n\n")[0])[1:]
        keep = [x for x in lines if re.match(r"(?i)(via|v|from|f|to|t|call-id|i|cseq)\s*:", x)]
        if keep and self.r.random() < 0.5:
            keep = [re.sub(r";rport(?=;|$|\r|\n)", f";rport={b.peer_port}", x, count=1) + (f";received={b.peer}" if n == 0 and self.r.random() < 0.7 else "") for n, x in enumerate(keep)]
        return self.whole(f"SIP/2.0 {status} Whatever", keep + list(extra), body)

    def contact(self, a, more=""):
        r = self.r
        one = f"<sip:me@{self.at(a.addr, a.port)}{r.choice(['', '', ';transport=udp', ';transport=TCP', ';line=1'])}>{more}"
        two = r.choice(["", "", "", f", <sip:x@{self.at(a.addr, a.port)}>", f",{self.eol} sip:{self.at(a.addr, a.port)}", ", <sip:a@example.org>"])
        return f"{self.name('Contact', 'm')}: {r.choice([one + two, (two + ', ' + one).lstrip(', ') if two else one])}"

    def sdp(self, a):
        r, six = self.r, ":" in a.addr
        where = lambda: f"IN IP{6 if six else 4} {a.addr if r.random() < 0.88 else r.choice(self.pools['lan'] + self.pools['wan'])}"
        lines = ["v=0", f"o=- 1 {r.randint(1, 9)} {where()}", "s=-"]
        if r.random() < 0.8: lines.append(f"c={where()}")
        lines.append("t=0 0")
        for _ in range(r.choice([1, 1, 1, 2, 3, 4])):
            port = r.choice([r.randint(512, 700) * 20] * 8 + [r.randint(1024, 65535), 0, 80, 65534, 70000])
            lines.append(f"m={r.choice(['audio'] * 5 + ['video', 'video', 'image', 'application', 'AUDIO'])} {port} RTP/AVP 0")
            if r.random() < 0.35: lines.append(f"c={where()}")
            if r.random() < 0.5: lines.append("a=sendrecv")
        if r.random() < 0.05: lines.remove(lines[1])
        return self.eol.join(lines) + self.eol

    # -- conversations --------------------------------------------------------------------------------
    def register(self, a, b):
        r = self.r
        for _ in range(r.choice([1, 1, 2, 3])):
            expires = r.choice([600, 600, 3600, 0, 20000000])
            extra = [self.contact(a, r.choice(["", f";expires={expires}", ";q=0.5;expires=60"]))]
            if r.random() < 0.6: extra.append(f"Expires: {expires}")
            told = self.tell(a, b, self.request("REGISTER", a, extra=extra))
            if told is None: continue
            status = r.choice([200] * 6 + [100, 401, 403])
            found = [x for x in told.replace("\r", "").split("\n") if re.match(r"(?i)(contact|m)\s*:", x)]
            self.tell(b, a, self.answer(status, b, told, extra=[x + r.choice(["", "", f";expires={expires}"]) for x in found] + ([f"Expires: {expires}"] if r.random() < 0.7 else [])))
            m = re.search(r"sip:me@\[?([0-9a-f.:]+?)\]?:(\d{2,5})\b", told)
            if m and int(m[2]) < 65536 and valid(m[1]) and (":" in m[1]) == (":" in b.addr) and r.random() < 0.8:
                keep = self.id, self.cseq
                addr = b.addr if r.random() < 0.85 else r.choice(self.pools[b.iface])
                self.talk(b.iface, addr, self.t.fresh(), m[1], int(m[2]))
                self.id, self.cseq = keep

    def call(self, a, b):
        r = self.r
        offer = self.tell(a, b, self.request("INVITE", a, self.sdp(a), [self.contact(a)]))
        if offer is None: return
        reply = None
        for status in r.choice([[200], [180, 200], [183, 200], [100, 183, 486], [200, 200]]):
            body = self.sdp(b) if status in (183, 200) and r.random() < 0.9 else ""
            reply = self.tell(b, a, self.answer(status, b, offer, body, [self.contact(b)])) or reply
        self.streams(a, b, offer, reply)
        self.tell(a, b, self.request("ACK", a, self.sdp(a) if r.random() < 0.1 else "", step=0))
        for _ in range(r.choice([0, 0, 1, 2])):
            x, y = r.choice([(a, b), (a, b), (b, a)])
            method = r.choice(["INVITE", "INVITE", "UPDATE", "PRACK", "OPTIONS", "INFO"])
            told = self.tell(x, y, self.request(method, x, self.sdp(x) if r.random() < 0.8 else "", [self.contact(x)]))
            if told is None: continue
            back = self.tell(y, x, self.answer(r.choice([200, 200, 200, 488]), y, told, self.sdp(y) if r.random() < 0.8 else ""))
            self.streams(x, y, told, back)
        if r.random() < 0.6:
            told = self.tell(*r.choice([(a, b), (b, a)]), self.request("BYE", a))
            if told and r.random() < 0.8: self.tell(b, a, self.answer(200, b, told))

    def media(self, text):
        """(address, port) of what a message announces."""
        if not text: return []
        where = re.findall(r"c=IN IP[46] ([0-9a-fA-F.:]+)", text)
        return [(where[-1], int(p)) for p in re.findall(r"m=[a-zA-Z]+ (\d{2,5}) ", text) if where and valid(where[-1]) and int(p) < 65535]

    def streams(self, a, b, offer, reply):
        """Media of both directions, from the ports that each end announced as itself."""
        r = self.r
        for x, y, told, own in ((b, a, offer, reply), (a, b, reply, offer)):
            for n, (addr, port) in enumerate(self.media(told)):
                if r.random() < 0.4 or (":" in addr) != (":" in x.addr): continue
                mine = self.media(own)
                sp = mine[min(n, len(mine) - 1)][1] if mine and r.random() < 0.8 else self.t.fresh() + 20000
                k = r.choice([0, 0, 1])
                if addr in ("0.0.0.0", "::") or not 0 < sp + k < 65536 or not 0 < port + k < 65536: continue
                got = self.datagram(x.iface, x.addr, sp + k, addr, port + k, b"\x80\0media")
                if got and r.random() < 0.6: self.datagram(got[0], got[1], got[2], got[3], got[4], b"\x80\0back")
