#!/usr/bin/env python3
"""Random rulesets and random conversations, answered by the real kernel.

Usage: fuzz.py SEED OUT [--profile filter|nat|mangle|conntrack|tcp|helpers|h323|sip|sets|all] [--six] [--rules N] [--talks N]

Writes OUT/scenario (host.json, rules.v4) and OUT/kernel (what lab.py prints of a run: see lab.py).
The same seed gives the same ruleset and the same plan of conversations; both ends of a conversation
answer what really reached them, so that NAT on the way is honoured. --six does the same for IPv6.
"""
import argparse, json, os, random, shutil, socket, struct, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import h323talk, helpertalk, lab, settalk, siptalk
from packets import ACK, FIN, PSH, RST, SYN, URG, icmp, ip, ipv4, ipv6, parse, tcp, udp

HOST = {
    "interfaces": {
        "lan": {"mac": "02:00:00:00:01:01", "peer_mac": "02:00:00:00:01:10", "addresses": ["192.168.1.1/24"]},
        "dmz": {"mac": "02:00:00:00:03:01", "peer_mac": "02:00:00:00:03:10", "addresses": ["172.16.5.1/24"]},
        "wan": {"mac": "02:00:00:00:02:01", "peer_mac": "02:00:00:00:02:fe",
                "addresses": ["203.0.113.1/24", "203.0.113.2/24"]}},
    "routes": ["default via 203.0.113.254 dev wan"],
    "neighbours": {"lan": {f"192.168.1.{i}": "02:00:00:00:01:10" for i in range(10, 30)},
                   "dmz": {f"172.16.5.{i}": "02:00:00:00:03:10" for i in range(10, 16)},
                   "wan": {"203.0.113.254": "02:00:00:00:02:fe"}},
    "sysctl": {"net.ipv4.ip_forward": "1", "net.ipv4.icmp_echo_ignore_all": "1",
               "net.ipv4.icmp_ratelimit": "0"}}
HOST6 = {
    "interfaces": {
        "lan": {"mac": "02:00:00:00:01:01", "peer_mac": "02:00:00:00:01:10", "addresses": ["2001:db8:1::1/64"]},
        "dmz": {"mac": "02:00:00:00:03:01", "peer_mac": "02:00:00:00:03:10", "addresses": ["2001:db8:5::1/64"]},
        "wan": {"mac": "02:00:00:00:02:01", "peer_mac": "02:00:00:00:02:fe", "addresses": ["2001:db8:ff::1/64", "2001:db8:ff::2/64"]}},
    "routes": ["default via 2001:db8:ff::fe dev wan"],
    "neighbours": {"lan": {f"2001:db8:1::{i}": "02:00:00:00:01:10" for i in range(10, 30)},
                   "dmz": {f"2001:db8:5::{i}": "02:00:00:00:03:10" for i in range(10, 16)},
                   "wan": {"2001:db8:ff::fe": "02:00:00:00:02:fe"}},
    "sysctl": {"net.ipv6.conf.all.forwarding": "1", "net.ipv6.icmp.echo_ignore_all": "1", "net.ipv6.icmp.ratelimit": "0"}}
LAN_IPS = [f"192.168.1.{i}" for i in range(10, 20)]
DMZ_IPS = [f"172.16.5.{i}" for i in range(10, 14)]
WAN_IPS = ["8.8.8.8", "8.8.4.4", "1.1.1.1", "198.51.100.7", "198.51.100.99", "203.0.113.254"]
SIX = False
OWN = ["203.0.113.1", "203.0.113.2"]
PORTS = [20, 21, 22, 25, 53, 67, 80, 110, 123, 143, 443, 500, 993, 1024, 3306, 5060, 6881, 6969, 8080, 10000, 40000, 65535]


# ---- rules ---------------------------------------------------------------------------------------
class Rules:
    def __init__(self, rng, profile, count):
        self.r, self.profile, self.count = rng, profile, count

    def bang(self): return "! " if self.r.random() < 0.15 else ""
    def port(self): return self.r.choice(PORTS)
    def ports(self):
        a, b = sorted((self.port(), self.port()))
        return str(a) if self.r.random() < 0.5 else f"{a}:{b}"
    def net(self, pool):
        ip = self.r.choice(pool)
        return f"{ip}/{self.r.choice([16, 48, 64, 124, 128, 128] if SIX else [8, 16, 24, 28, 32, 32, 32])}" if self.r.random() < 0.7 else ip

    def matches(self, chain, table):
        r, out = self.r, []
        if r.random() < 0.2 and chain in ("INPUT", "FORWARD", "PREROUTING", "user"):
            out.append(f"{self.bang()}-i {r.choice(['lan', 'wan', 'dmz', 'la+', 'w+'])}")
        if r.random() < 0.15 and chain in ("FORWARD", "OUTPUT", "POSTROUTING"):
            out.append(f"{self.bang()}-o {r.choice(['lan', 'wan', 'dmz', 'd+'])}")
        if r.random() < 0.12: out.append(f"{self.bang()}-s {self.net(LAN_IPS + DMZ_IPS + WAN_IPS)}")
        if r.random() < 0.12: out.append(f"{self.bang()}-d {self.net(LAN_IPS + DMZ_IPS + WAN_IPS + OWN)}")
        proto = r.choice([None] * 5 + ["tcp"] * 3 + ["udp"] * 2 + ["icmp"])
        if proto:
            out.append(f"-p {proto}")
            if proto in ("tcp", "udp") and r.random() < 0.4:
                out.append(f"-m {proto}")
                if r.random() < 0.4: out.append(f"{self.bang()}--dport {self.ports()}")
                if r.random() < 0.15: out.append(f"{self.bang()}--sport {self.ports()}")
                if proto == "tcp" and r.random() < 0.3:
                    out.append(r.choice(["--tcp-flags SYN,RST,ACK,FIN SYN", "! --tcp-flags SYN,RST,ACK,FIN SYN",
                                         "--tcp-flags RST RST", "--tcp-flags FIN,ACK FIN,ACK", "--tcp-flags ALL NONE",
                                         "--tcp-option 2", "! --tcp-option 3"]))
            if proto in ("tcp", "udp") and r.random() < 0.15:
                kind = r.choice(["--dports", "--sports", "--ports"])
                items = sorted({self.port() for _ in range(r.randint(1, 5))})
                text = ",".join(map(str, items))
                if r.random() < 0.4: text += ",2000:3000"
                out.append(f"-m multiport {self.bang()}{kind} {text}")
            if SIX and proto == "icmp":
                out[-1] = "-p ipv6-icmp"
                if r.random() < 0.7: out.append(f"-m icmp6 {self.bang()}--icmpv6-type {r.choice(['128', '129', '1', '1/4', '3', '2'])}")
            elif proto == "icmp" and r.random() < 0.7:
                out.append(f"-m icmp {self.bang()}--icmp-type {r.choice(['8', '0', '3', '3/1', '3/3', '11', '5', 'any'])}")
        for _ in range(r.choice([0, 1, 1, 1, 2])):
            out.append(self.extension(proto, chain, table))
        return [x for x in out if x]

    def extension(self, proto, chain, table):
        r, b = self.r, self.bang()
        ct = table != "raw"
        options = [
            f"-m length {b}--length {r.choice(['40', '0:60', '100:500', '28:1500'])}",
            f"-m ttl --ttl-{r.choice(['eq', 'lt', 'gt'])} {r.choice([1, 32, 63, 64, 128])}",
            f"-m tos {b}--tos {r.choice(['0x10/0x3f', '0x08/0xff', '0x00/0x3f'])}",
            f"-m dscp {b}--dscp {r.choice(['0x00', '0x2e', '0x0a'])}",
            f"-m mark {b}--mark {r.choice(['0x1', '0x2/0xff', '0x10/0x10', '0x0'])}",
            f"-m iprange {b}--src-range 192.168.1.{r.randint(10, 13)}-192.168.1.{r.randint(14, 20)}",
            f"-m iprange {b}--dst-range 8.8.0.0-8.8.8.8",
            f"-m addrtype {b}--{r.choice(['src', 'dst'])}-type {r.choice(['LOCAL', 'UNICAST', 'MULTICAST'] + ([] if SIX else ['BROADCAST']))}",
            f"-m pkttype {b}--pkt-type {r.choice(['unicast', 'broadcast', 'multicast'])}",
            f"-m string --string \"{r.choice(['hello', 'abc', 'GET', 'x'])}\" --algo {r.choice(['bm', 'kmp'])} --to 65535",
            f"-m u32 --u32 \"{r.choice(['0&0xffff=0x28:0x100', '6&0xff=17', '0>>22&0x3c@4>>16=1:1024', '8>>16&0xff=1,6'])}\"",
            f"-m statistic --mode nth --every {r.randint(2, 4)} --packet {r.randint(0, 1)}",
            "-m comment --comment \"a rule\"",
            f"-m ecn {b}--ecn-ip-ect {r.randint(0, 3)}",
            f"-m quota --quota {r.choice([100, 1000, 5000])}",
            "-f" if proto not in ("tcp", "udp", "icmp") else None,
        ]
        if SIX:
            options = [o for o in options if o and not o.startswith(("-m ttl", "-m iprange", "-m u32", "-f"))]
            options += [f"-m hl --hl-{r.choice(['eq', 'lt', 'gt'])} {r.choice([1, 32, 63, 64, 128])}",
                        f"-m iprange {b}--src-range 2001:db8:1::{r.randint(10, 13)}-2001:db8:1::{r.randint(14, 20)}",
                        "-m frag --fragfirst" if not proto else None, "-m ipv6header --header frag --soft"]
        if chain in ("PREROUTING", "INPUT", "FORWARD"): options.append(f"-m mac {b}--mac-source 02:00:00:00:01:10")
        if proto == "tcp": options.append(f"-m tcpmss {b}--mss {r.choice(['1:536', '536:1460', '1460'])}")
        if ct:
            options += [
                f"-m conntrack {b}--ctstate {r.choice(['NEW', 'ESTABLISHED', 'RELATED,ESTABLISHED', 'INVALID', 'NEW,RELATED', 'SNAT', 'DNAT', 'UNTRACKED'])}",
                f"-m state --state {r.choice(['NEW', 'ESTABLISHED', 'INVALID', 'RELATED'])}",
                f"-m conntrack {b}--ctproto {r.choice(['tcp', 'udp', 'ipv6-icmp' if SIX else 'icmp'])}",
                f"-m conntrack {b}--ctorigsrc {self.net(LAN_IPS + WAN_IPS)}",
                f"-m conntrack {b}--ctorigdst {self.net(WAN_IPS)}",
                f"-m conntrack {b}--ctreplsrc {self.net(WAN_IPS)}",
                f"-m conntrack {b}--ctreplsrc {self.net(DMZ_IPS)} --ctdir {r.choice(['ORIGINAL', 'REPLY'])}",
                f"-m conntrack --ctorigdstport {self.ports()}",
                f"-m conntrack --ctdir {r.choice(['ORIGINAL', 'REPLY'])}",
                f"-m conntrack {b}--ctstatus {r.choice(['SEEN_REPLY', 'ASSURED', 'CONFIRMED', 'EXPECTED', 'NONE'])}",
                f"-m connmark {b}--mark {r.choice(['0x1', '0x2/0xff', '0x0'])}",
                f"-m connbytes {b}--connbytes {r.choice(['2', '3:10', '100:2000', '0:1'])} --connbytes-dir {r.choice(['original', 'reply', 'both'])} --connbytes-mode {r.choice(['packets', 'bytes', 'avgpkt'])}",
                f"-m connlimit --connlimit-{r.choice(['upto', 'above'])} {r.randint(1, 4)} --connlimit-mask {r.choice([128, 64] if SIX else [32, 24])} --connlimit-{r.choice(['saddr', 'daddr'])}",
            ]
        name = f"r{r.randint(0, 1)}"; FULL = "ffff:" * 7 + "ffff" if SIX else "255.255.255.255"
        options += [f"-m recent --{r.choice(['set', 'set', 'set', 'rcheck', 'update', 'remove'])} --name {name} --mask {FULL} --{r.choice(['rsource', 'rdest'])}",
                    f"-m recent --{r.choice(['rcheck', 'update'])} --hitcount {r.randint(1, 4)} --name {name} --mask {FULL} --rsource"]
        return r.choice([o for o in options if o])

    def proto_of(self, m): return next((x.split()[1] for x in m if x.startswith("-p ")), None)

    def target(self, table, chain, m, users):
        r, proto = self.r, self.proto_of(m)
        if users and r.random() < 0.25: return r.choice([f"-j {r.choice(users)}", f"-j {r.choice(users)}", f"-g {r.choice(users)}"])
        if chain == "user" and r.random() < 0.3: return "-j RETURN"
        if table == "filter":
            t = ["-j ACCEPT"] * 3 + ["-j DROP"] + [""] * 7 + ["-j LOG --log-prefix \"x: \""]        # most rules only count
            reject = ["icmp6-port-unreachable", "icmp6-adm-prohibited", "icmp6-no-route"] if SIX else ["icmp-port-unreachable", "icmp-host-prohibited", "icmp-admin-prohibited", "icmp-net-unreachable"]
            t += [f"-j REJECT --reject-with {r.choice(reject)}"]
            if proto == "tcp": t += ["-j REJECT --reject-with tcp-reset"]
            return r.choice(t)
        if table == "mangle":
            t = [f"-j MARK --set-xmark {r.choice(['0x1/0xffffffff', '0x2/0xff', '0x10/0x10', '0x3/0x0'])}",
                 f"-j MARK --{r.choice(['and', 'or', 'xor'])}-mark 0x{r.randint(1, 255):x}",
                 "-j CONNMARK --save-mark", "-j CONNMARK --restore-mark", f"-j CONNMARK --set-xmark 0x{r.randint(1, 3)}/0xff",
                 f"-j DSCP --set-dscp {r.choice(['0x2e', '0x0a', '0x00'])}", f"-j TOS --set-tos {r.choice(['0x10/0x3f', '0x08/0xff'])}",
                 f"-j {'HL --hl' if SIX else 'TTL --ttl'}-{r.choice(['set 64', 'inc 1', 'dec 1'])}", "-j ACCEPT", "-j DROP" if r.random() < 0.15 else "-j ACCEPT"]
            if proto == "tcp" and any("SYN,RST,ACK,FIN SYN" in x and "!" not in x for x in m):
                t += ["-j TCPMSS --set-mss 1200"] + (["-j TCPMSS --clamp-mss-to-pmtu"] if chain in ("FORWARD", "POSTROUTING") else [])
            if proto == "tcp": t += [*([] if SIX else ["-j ECN --ecn-tcp-remove"]), "-j TCPOPTSTRIP --strip-options 3,8"]
            return r.choice(t)
        if table == "raw": return r.choice(["-j CT --notrack", "-j ACCEPT", "-j ACCEPT", "-j DROP" if r.random() < 0.2 else ""])
        ported = proto in ("tcp", "udp")
        if chain == "PREROUTING":
            to = r.choice(DMZ_IPS); here = f"[{to}]" if SIX else to
            t = [f"-j DNAT --to-destination {here}:{self.port()}" if ported and r.random() < 0.6 else f"-j DNAT --to-destination {to}",
                 f"-j DNAT --to-destination {r.choice(LAN_IPS)}", "-j ACCEPT",
                 "-j NETMAP --to " + ("2001:db8:5::/64" if SIX else "172.16.5.0/24") if r.random() < 0.3 else "-j ACCEPT"]
            if ported: t.append(f"-j REDIRECT --to-ports {r.choice(['53', '10000', '5060'])}")
            return r.choice(t)
        if chain == "POSTROUTING":
            return r.choice(["-j MASQUERADE", f"-j SNAT --to-source {r.choice(OWN)}", "-j ACCEPT",
                             "-j SNAT --to-source " + ("[2001:db8:ff::2]" if SIX else "203.0.113.2") + ":30000" if ported else "-j MASQUERADE"])
        return r.choice(["-j ACCEPT", "-j RETURN"])

    def table(self, name, chains, count):
        r = self.r
        users = [f"{name[0]}u{i}" for i in range(r.randint(0, 3))] if name != "nat" else []
        policy = lambda c: "DROP" if name == "filter" and r.random() < 0.2 else "ACCEPT"
        out = [f"*{name}"] + [f":{c} {policy(c)} [0:0]" for c in chains] + [f":{u} - [0:0]" for u in users]
        for i, u in enumerate(users):                                  # only forward jumps: no loops
            for _ in range(r.randint(1, 4)):
                m = self.matches("user", name)
                out.append(" ".join(x for x in [f"-A {u}", *m, self.target(name, "user", m, users[i + 1:])] if x))
        if name == "filter" and r.random() < 0.4: out.append("-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT")
        if name == "filter" and r.random() < 0.5:                      # something for --rcheck and --update to find
            full = "ffff:" * 7 + "ffff" if SIX else "255.255.255.255"
            out.append(f"-A FORWARD -p {r.choice(['tcp', 'udp'])} -m recent --set --name r{r.randint(0, 1)} --mask {full} --{r.choice(['rsource', 'rdest'])}")
        usable = {"nat": ["PREROUTING", "POSTROUTING"]}.get(name, chains)
        for _ in range(count):
            c = r.choice(usable + ["FORWARD"] * (3 if "FORWARD" in usable else 0))
            m = self.matches(c, name)
            if name == "raw" and r.random() < 0.6: m = [f"-p {r.choice(['tcp', 'udp'])}"] + ([f"-m mark --mark 0x0"] if r.random() < 0.2 else [])
            out.append(" ".join(x for x in [f"-A {c}", *m, self.target(name, c, m, users)] if x))
        return out + ["COMMIT"]

    def tcp_text(self):
        """Everything passes and every conntrack state is counted: what TCP tracking makes of odd segments."""
        states = ["INVALID", "NEW", "ESTABLISHED", "RELATED", "UNTRACKED"]
        out = ["*filter", ":INPUT ACCEPT [0:0]", ":FORWARD ACCEPT [0:0]", ":OUTPUT ACCEPT [0:0]"]
        out += [f"-A FORWARD -p tcp -m conntrack --ctstate {s} -m conntrack --ctdir {d}" for s in states for d in ("ORIGINAL", "REPLY")]
        out += [f"-A FORWARD -m conntrack --ctstatus {s}" for s in ("SEEN_REPLY", "ASSURED", "CONFIRMED")]
        out += [f"-A FORWARD -p tcp -m tcp --tcp-flags {f}" for f in ("SYN,ACK,FIN,RST SYN", "SYN,ACK SYN,ACK", "RST RST", "FIN FIN")]
        if self.r.random() < 0.4: out.append("-A FORWARD -m conntrack --ctstate INVALID -j DROP")
        out.append("COMMIT")
        if self.r.random() < 0.5:
            out += ["*nat", ":PREROUTING ACCEPT [0:0]", ":INPUT ACCEPT [0:0]", ":OUTPUT ACCEPT [0:0]", ":POSTROUTING ACCEPT [0:0]",
                    "-A POSTROUTING -o wan -j MASQUERADE", f"-A PREROUTING -i wan -p tcp -j DNAT --to-destination {DMZ_IPS[0]}", "COMMIT"]
        return "\n".join(out) + "\n"

    def text(self):
        n, p, out = self.count, self.profile, []
        if p == "tcp": return self.tcp_text()
        five = ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"]
        if p in ("all", "conntrack") and self.r.random() < 0.5: out += self.table("raw", ["PREROUTING", "OUTPUT"], 3)
        if p in ("all", "mangle"): out += self.table("mangle", five, n)
        if p in ("all", "nat"): out += self.table("nat", ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"], max(2, n // 2))
        out += self.table("filter", ["INPUT", "FORWARD", "OUTPUT"], n)
        return "\n".join(out) + "\n"


# ---- conversations -------------------------------------------------------------------------------
class Talker:
    """Plays both ends of conversations through the firewall, answering what really arrived."""
    def __init__(self, rng, box): self.r, self.box, self.ident, self.sport = rng, box, 1, rng.randrange(1024, 30000)

    def fresh(self):
        """A source port (or echo id) of its own a conversation: where two clash, the kernel picks one at random."""
        self.sport += self.r.randint(1, 9); return self.sport

    def hop(self, iface, ip, broadcast=False):
        spec = HOST["interfaces"][iface]
        dst = "ff:ff:ff:ff:ff:ff" if broadcast else spec["mac"]
        kind = b"\x86\xdd" if ip[0] >> 4 == 6 else b"\x08\x00"
        raw = bytes.fromhex(dst.replace(":", "") + spec["peer_mac"].replace(":", "")) + kind + ip
        return [(i, f[14:]) for i, f in self.box.send(iface, raw) if f[12:14] == kind and not (kind[0] == 0x86 and f[20] == 58 and f[54] in range(133, 138))]

    def kw(self):
        r = self.r; self.ident += 1
        return {"ttl": r.choice([64, 64, 64, 128, 2, 1 if r.random() < 0.1 else 64]), "ident": self.ident,
                "tos": r.choice([0, 0, 0, 0x10, 0x08, 0xb8, 0x02, 0x03])}

    def ends(self):
        r = self.r
        side = r.choice(["lan", "lan", "lan", "wan", "dmz"])
        pool = {"lan": LAN_IPS, "wan": WAN_IPS, "dmz": DMZ_IPS}
        src = r.choice(pool[side])
        other = r.choice([s for s in pool if s != side])
        dst = r.choice(pool[other])
        if side == "wan" and r.random() < 0.7: dst = r.choice(OWN)
        return side, src, dst

    def udp_talk(self):
        r = self.r; side, src, dst = self.ends()
        sp, dp = self.fresh(), r.choice(PORTS)
        if dst in OWN: dp = r.choice(SINKS)
        client, server = [side, src, sp, dst, dp], None
        for _ in range(r.randint(1, 6)):
            data = r.choice([b"hello", b"abc" * 20, b"GET / HTTP", bytes(r.randrange(256) for _ in range(r.choice([0, 1, 100, 700])))])
            if server is None or r.random() < 0.6:
                i, s, p, d, q = client
                outs = self.hop(i, udp(s, d, p, q, data, zero_sum=r.random() < 0.05, **self.kw()))
                for oi, ip in outs:
                    m = parse(ip)
                    if m["proto"] == 17 and "sp" in m and oi != side: server = [oi, m["dst"], m["dp"], m["src"], m["sp"], ip]
                    elif m["proto"] == 17 and "sp" in m: server = [oi, m["dst"], m["dp"], m["src"], m["sp"], ip]
            elif r.random() < 0.15:
                self.error_for(server)
            else:
                i, s, p, d, q, _ = server
                self.hop(i, udp(s, d, p, q, data, **self.kw()))

    def error_for(self, server):
        i, s, p, d, q, ip = server
        typ, code, rest = self.r.choice([(3, 1, b"\0" * 4), (3, 3, b"\0" * 4), (3, 4, b"\0\0\x05\0"), (11, 0, b"\0" * 4), (5, 1, b"\1\2\3\4")])
        origin = self.r.choice([s, WAN_IPS[1]]) if i == "wan" else s
        hl = parse(ip)["hl"]
        self.hop(i, icmp(origin, d, typ, code, rest, ip[:hl + self.r.choice([8, 8, 28])], **self.kw()))

    def tcp_talk(self):
        r = self.r; side, src, dst = self.ends()
        if dst in OWN and not any("DNAT" in l for l in self.rules_text.splitlines()): dst = r.choice(DMZ_IPS)
        sp, dp = self.fresh(), r.choice(PORTS)
        cs, ss = r.randrange(2**32), r.randrange(2**32)
        mss = b"\x02\x04\x05\xb4"; ws = mss + b"\x01\x03\x03\x07"; sack = mss + b"\x04\x02" + b"\x08\x0a" + b"\0" * 8 + b"\x01\x03\x03\x07"
        o1, o2 = r.choice([b"", mss, ws, sack]), r.choice([b"", mss, ws, sack])
        C = [side, src, sp, dst, dp]; S = None
        plan = [("c", SYN), ("s", SYN | ACK), ("c", ACK), ("c", PSH | ACK), ("s", ACK), ("s", PSH | ACK), ("c", ACK)]
        plan += r.choice([[("c", FIN | ACK), ("s", ACK), ("s", FIN | ACK), ("c", ACK)], [("s", FIN | ACK), ("c", FIN | ACK), ("s", ACK)],
                          [("c", RST)], [("s", RST | ACK)], []])
        for _ in range(r.choice([1, 1, 2, 3]) if self.deep else r.random() < 0.4):   # make it odd
            k = r.randrange(len(plan)) if plan else 0
            plan = r.choice([plan[:k] + plan[k + 1:], plan[:k] + plan[k:k + 1] + plan[k:], plan[k:],
                             plan[:k] + [(r.choice("cs"), r.choice([0, FIN, SYN, RST, SYN | FIN, FIN | PSH | URG, ACK, SYN | ACK, RST | ACK, URG | ACK]))] + plan[k:],
                             plan + plan[:3]])
        for who, fl in plan:
            data = r.choice([b"hello world", b"GET / HTTP/1.0\r\n", b"x" * 300]) if fl & PSH else b""
            odd = r.random() < (0.15 if self.deep else 0.06)
            if who == "c":
                i, s, p, d, q = C
                outs = self.hop(i, tcp(s, d, p, q, cs + (r.choice([100000, -100000, 70000, 1]) if odd else 0), ss if fl & ACK else 0, fl, data,
                                       window=r.choice([8192, 65535, 0, 100]), options=o1 if fl & SYN else b"", bad_sum=r.random() < 0.01, **self.kw()))
                for oi, ip in outs:
                    m = parse(ip)
                    if m["proto"] == 6 and "sp" in m and not (m["src"] == d and m["dst"] == s): S = [oi, m["dst"], m["dp"], m["src"], m["sp"], ip]
                if not odd: cs += len(data) + (1 if fl & (SYN | FIN) else 0)
            else:
                if S is None: continue
                i, s, p, d, q, _ = S
                if r.random() < 0.04: self.error_for(S); continue
                self.hop(i, tcp(s, d, p, q, ss + (r.choice([100000, -100000]) if odd else 0), cs if fl & ACK else 0, fl, data,
                                window=r.choice([8192, 65535, 0, 100]), options=o2 if fl & SYN else b"", **self.kw()))
                if not odd: ss += len(data) + (1 if fl & (SYN | FIN) else 0)

    def ping_talk(self):
        r = self.r; side, src, dst = self.ends(); ident = self.fresh(); S = None
        for n in range(r.randint(1, 4)):
            rest = struct.pack(">HH", ident, n)
            for oi, ip in self.hop(side, icmp(src, dst, 8, 0, rest, b"ping" * 8, **self.kw())):
                m = parse(ip)
                if m["proto"] == 1 and ip[m["hl"]] in (8, 128): S = [oi, m["dst"], 0, m["src"], 0, ip]
            if S and r.random() < 0.8:
                i, s, _, d, _, ip = S; hl = parse(ip)["hl"]
                self.hop(i, icmp(s, d, 0, 0, ip[hl + 4:hl + 8], ip[hl + 8:], **self.kw()))
        if r.random() < 0.2: self.hop(side, icmp(src, dst, r.choice([0, 13, 15, 17, 9, 3]), 0, b"\0" * 4, b"z" * 28, **self.kw()))

    def fragments(self):
        r = self.r; side, src, dst = self.ends()
        sp, dp = self.fresh(), r.choice(SINKS)
        whole = udp(src, dst, sp, dp, bytes(r.randrange(256) for _ in range(r.choice([600, 1400]))), ident=r.randrange(65536))
        body, cut = whole[40 if SIX else 20:], 8 * r.randint(2, 40)
        ident = r.randrange(65536)
        parts = [(0, body[:cut], True), (cut, body[cut:cut * 2], True), (cut * 2, body[cut * 2:], False)]
        if r.random() < 0.4: r.shuffle(parts)
        if r.random() < 0.15: parts = parts[:2]
        for off, piece, more in parts:
            if piece: self.hop(side, ip(src, dst, 17, piece, ident=ident, frag=(0x2000 if more else 0) | off // 8))

    def odd(self):
        r = self.r; side, src, dst = self.ends()
        k = r.randrange(6) if not SIX else r.randrange(4)
        # The lab's own raw socket (lab.py) would take IPv6 packets of protocol 255.
        if k == 0: self.hop(side, ip(src, dst, r.choice([47, 50, 51, 89, 103, 132, *([] if SIX else [255])]), bytes(r.randrange(256) for _ in range(40)), **self.kw()))
        elif k == 1: self.hop(side, tcp(src, dst, 1, 2, 3, 4, SYN)[:r.randint(40, 59) if SIX else r.randint(20, 39)])   # truncated
        elif k == 2: self.hop(side, udp(src, dst, 5, 6, b"abc")[:-2])
        elif k == 3 and SIX: self.hop(side, ipv6(src, dst, 17, udp(src, dst, 9, 10, b"opt")[40:], options=b"\0\0\1\4\0\0\0\0"))
        elif k == 3: self.hop(side, ipv4(src, dst, 17, b"\0" * 8, options=b"\x07\x07\x04\0\0\0\0\0"))   # record route
        elif k == 4:
            bad = bytearray(udp(src, dst, 7, 8, b"abc")); bad[10] ^= 0xff; self.hop(side, bytes(bad))      # bad IP checksum
        else: self.hop(side, udp(src, "255.255.255.255" if r.random() < .5 else "224.0.0.251", 5353, 5353, b"m" * 12, ttl=1), broadcast=True)

    def own(self):
        if SIX: return self.odd()
        r = self.r; dst = r.choice(LAN_IPS + DMZ_IPS + WAN_IPS)
        src = "192.168.1.1" if dst in LAN_IPS else "172.16.5.1" if dst in DMZ_IPS else "203.0.113.1"
        k = self.kw(); k["ttl"] = 64
        self.box.send(None, udp(src, dst, self.fresh(), r.choice(PORTS), b"own" * 5, **k))


SINKS = [53, 67, 123, 500, 5060, 6881, 10000]
TALKS = {"helpers": (helpertalk.rules, helpertalk.HelperTalk), "h323": (helpertalk.rules, h323talk.H323Talk), "sip": (siptalk.rules, siptalk.SipTalk)}   # profiles with rules of their own


def main():
    a = argparse.ArgumentParser()
    a.add_argument("seed", type=int); a.add_argument("out")
    a.add_argument("--profile", default="all", choices=["filter", "nat", "mangle", "conntrack", "tcp", "helpers", "h323", "sip", "sets", "all"])
    a.add_argument("--six", action="store_true"); a.add_argument("--rules", type=int, default=12); a.add_argument("--talks", type=int, default=30)
    a = a.parse_args()
    rng = random.Random(f"{a.seed}/{a.profile}/{a.rules}")
    if a.six:
        global SIX, HOST, LAN_IPS, DMZ_IPS, WAN_IPS, OWN
        SIX, HOST = True, HOST6
        LAN_IPS, DMZ_IPS = [f"2001:db8:1::{i}" for i in range(10, 20)], [f"2001:db8:5::{i}" for i in range(10, 14)]
        WAN_IPS, OWN = ["2001:4860::8888", "2001:4860::8844", "2606:4700::1111", "2001:db8:9::7", "2001:db8:ff::fe"], ["2001:db8:ff::1", "2001:db8:ff::2"]
    scenario = os.path.join(a.out, "scenario"); shutil.rmtree(a.out, ignore_errors=True); os.makedirs(scenario)
    json.dump(HOST, open(os.path.join(scenario, "host.json"), "w"), indent=1)
    if a.profile == "sets":
        sets = settalk.Sets(rng, a.six, LAN_IPS + DMZ_IPS + WAN_IPS + OWN, PORTS)
        open(os.path.join(scenario, "ipset.save"), "w").write(sets.text())
        text = sets.rules(a.rules)
    else:
        text = TALKS[a.profile][0](rng, a.six) if a.profile in TALKS else Rules(rng, a.profile, a.rules).text()
    open(os.path.join(scenario, "rules.v6" if a.six else "rules.v4"), "w").write(text)

    class Fuzz(lab.Lab):
        def inject(self):
            self.open_senders()
            sinks = []
            with lab.InNamespace(self.fw):                              # so that the host itself answers nothing
                for p in SINKS + [161, 162]:
                    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); s.bind(("::", p)); sinks.append(s)   # both families
            t = Talker(rng, self); t.rules_text = text; t.deep = a.profile == "tcp"
            special = a.profile in TALKS and TALKS[a.profile][1](t, {"lan": LAN_IPS, "wan": WAN_IPS, "dmz": DMZ_IPS}, OWN, SIX)
            for _ in range(a.talks):
                if special: special.one(); continue
                if t.deep: t.tcp_talk(); continue
                rng.choice([t.udp_talk] * 4 + [t.tcp_talk] * 6 + [t.ping_talk] * 2 + [t.fragments, t.odd, t.own])()
            self.log.close(); self.local.close()
            for s in sinks: s.close()

    Fuzz(scenario, os.path.join(a.out, "kernel")).run("inject")


if __name__ == "__main__": main()
