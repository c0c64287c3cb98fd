#!/usr/bin/env python3
"""Packets in, packets out: small cases of what a firewall does, and what the kernel did.

Usage: cases.py [--write] [--only WORDS] FILE...

Lets the kernel have every case of the files and prints where it disagrees with what is written there; with --write what it did
is written there instead. The engine's tests read the same files (analyzer/engine/src/test/resources/cases), so what they
expect is what the kernel does. Needs root, as lab.py.

A file holds cases; a line that begins with a blank is what the kernel did:

  case A title, in words
  sysctl net.ipv4.ip_forward=0
  mtu wan 1400                     the interface's
  route 10.9.0.0/16 via 172.16.5.11 dev dmz      as for "ip route add"; "rule ..." as for "ip rule add"
  silent lan 192.168.1.99          a neighbour that does not answer; nothing to the kernel, who finds out
  *nat                             rules, as for iptables-restore; those of IPv6 follow a line "rules6"
  -A POSTROUTING -o wan -j MASQUERADE
  lan: tcp 192.168.1.10:1000 > 198.51.100.7:80 S seq 5 <mss 1460>          a packet that arrives
      wan: tcp 203.0.113.1:1000 > 198.51.100.7:80 S seq 5 <mss 1460> ttl 63
  local: udp 203.0.113.1:53 > 192.168.1.10:1000 len 20                     one that the host itself sends
  wait 3.5                         seconds
  counters                         all rules and policies that counted something
  connections                      the entries of connection tracking

The host is the one in HOST below. A packet begins with tcp, udp, icmp or a protocol's number; its words, with what counts where they are missing: "ttl N" (64), "tos 0xN" (0), "df",
"frag OFFSET" with "+" where more follow, "ipopts HEX", "len N" of payload (0); TCP: flags as tcpdump has them, "seq N" (0),
"ack N" (0), "win N" (65535), "<options>"; UDP: "nosum"; ICMP: TYPE/CODE, "id N", "seq N", "mtu N", "ptr N", "gw ADDRESS" and the
packet that an error quotes, in parentheses, with "of N" bytes; "badsum" for a wrong checksum, "cut N" for fragments that fit
N bytes. The checksum of what left must be right, where a packet does not say "badsum".
"""
import argparse, ipaddress, json, os, re, socket, struct, sys, tempfile, time
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lab
from packets import cksum, ipv4, ipv6, pseudo

HOST = {
    "interfaces": {"lan": {"mac": "02:00:00:00:01:01", "peer_mac": "02:00:00:00:01:10", "addresses": ["192.168.1.1/24", "2001:db8:1::1/64"]},
                   "dmz": {"mac": "02:00:00:00:03:01", "peer_mac": "02:00:00:00:03:10", "addresses": ["172.16.5.1/24", "2001:db8:5::1/64"]},
                   "wan": {"mac": "02:00:00:00:02:01", "peer_mac": "02:00:00:00:02:fe",
                           "addresses": ["203.0.113.1/24", "203.0.113.2/24", "2001:db8:ff::1/64", "2001:db8:ff::2/64"]}},
    "routes": ["default via 203.0.113.254 dev wan", "default via 2001:db8:ff::fe dev wan"],
    "neighbours": {"lan": {a: "02:00:00:00:01:10" for i in (10, 11, 12) for a in (f"192.168.1.{i}", f"2001:db8:1::{i}", f"fe80::{i}")},
                   "dmz": {a: "02:00:00:00:03:10" for i in (10, 11, 12) for a in (f"172.16.5.{i}", f"2001:db8:5::{i}")},
                   "wan": {"203.0.113.254": "02:00:00:00:02:fe", "2001:db8:ff::fe": "02:00:00:00:02:fe"}},
    "sysctl": {"net.ipv4.ip_forward": "1", "net.ipv6.conf.all.forwarding": "1", "net.ipv4.icmp_ratelimit": "0", "net.ipv6.icmp.ratelimit": "0",
               "net.ipv4.icmp_echo_ignore_all": "1", "net.ipv6.icmp.echo_ignore_all": "1"}}
FLAGS = {"F": 1, "S": 2, "R": 4, "P": 8, ".": 16, "U": 32, "E": 64, "W": 128, "0": 0}
ERRORS = {4: (3, 4, 5, 11, 12), 6: (1, 2, 3, 4)}
ECHOES = {4: (0, 8, 13, 14), 6: (128, 129)}


def options_bytes(text):
    out = b""
    for word in filter(None, text.split(",")):
        name, *args = word.split()
        if name == "mss": out += struct.pack(">BBH", 2, 4, int(args[0]))
        elif name == "wscale": out += bytes([3, 3, int(args[0])])
        elif name == "sackOK": out += bytes([4, 2])
        elif name == "nop": out += b"\1"
        else: raise SystemExit(f"cases: TCP option {word}?")
    return out + b"\0" * (-len(out) % 4)


def options_text(b):
    out, i = [], 0
    while i < len(b) and b[i]:
        if b[i] == 1: out.append("nop"); i += 1; continue
        kind, size = b[i], b[i + 1]
        out.append({2: lambda: f"mss {b[i + 2] << 8 | b[i + 3]}", 3: lambda: f"wscale {b[i + 2]}", 4: lambda: "sackOK"}.get(kind, lambda: f"{kind}")())
        i += size
    return ",".join(out)


def end(text):
    """(address, port) of "A:P", "[A]:P" or "A"."""
    m = re.match(r"\[(.*)\]:(\d+)$", text) or re.match(r"([\d.]+):(\d+)$", text)
    return (m[1], int(m[2])) if m else (text, None)


class Words:
    """A packet's words one after the other."""
    def __init__(self, text): self.words = re.findall(r"<[^>]*>|\(|\)|[^\s()]+", text)
    def next(self): return self.words.pop(0)
    def peek(self): return self.words[0] if self.words else None


def build(w):
    """The packets (more than one for fragments) that words describe, as bytes from the IP header."""
    proto = {"tcp": 6, "udp": 17, "icmp": 1}.get(kind := w.next()) or int(kind)
    (src, sp), _, (dst, dp) = end(w.next()), w.next(), end(w.next())
    six = ":" in src
    if kind == "icmp" and six: proto = 58
    v = {"seq": 0, "ack": 0, "win": 65535, "len": 0, "ttl": 64, "tos": 0, "id": 0, "mtu": 0, "ptr": 0}
    flags, opts, ipopts, marks, frag, quoted, cut = 0, b"", b"", set(), 0, b"", None
    if kind == "tcp": flags = sum(FLAGS[f] for f in w.next())
    if kind == "icmp": typ, code = map(int, w.next().split("/"))
    while w.peek() not in (None, ")"):
        word = w.next()
        if word in v: v[word] = int(w.next(), 0)
        elif word == "frag": t = w.next(); frag = int(t.rstrip("+")) // 8 | (0x2000 if t[-1] == "+" else 0)
        elif word == "ipopts": ipopts = bytes.fromhex(w.next()); ipopts += b"\0" * (-len(ipopts) % 4)
        elif word == "cut": cut = int(w.next())
        elif word == "gw": v["id"], v["seq"] = struct.unpack(">HH", socket.inet_aton(w.next()))
        elif word == "(": quoted = build(w)[0]; w.next()
        elif word == "of": quoted = quoted[:int(w.next())]
        elif word[0] == "<": opts = options_bytes(word[1:-1])
        else: marks.add(word)
    payload = quoted or bytes(i & 0xff for i in range(v["len"]))
    at = None
    if kind == "tcp":
        body = struct.pack(">HHIIBBHHH", sp, dp, v["seq"], v["ack"], (5 + len(opts) // 4) << 4, flags, v["win"], 0, 0) + opts + payload; at = 16
    elif kind == "udp": body = struct.pack(">HHHH", sp, dp, 8 + len(payload), 0) + payload; at = 6
    elif kind == "icmp":
        rest = struct.pack(">I", v["mtu"]) if v["mtu"] else struct.pack(">I", v["ptr"] << (0 if six else 24)) if v["ptr"] else struct.pack(">HH", v["id"], v["seq"])
        body = struct.pack(">BBH", typ, code, 0) + rest + payload; at = 2
    else: body = payload
    if at is not None and not frag and "nosum" not in marks:
        start = b"" if proto == 1 else pseudo(src, dst, proto, len(body))
        c = (cksum(start + body) or (0xffff if proto == 17 else 0)) ^ (0x5555 if "badsum" in marks else 0)
        body = body[:at] + struct.pack(">H", c) + body[at + 2:]
    pieces = [(frag, body)]
    if cut:
        room = (cut - (48 if six else 20 + len(ipopts))) // 8 * 8
        pieces = [(i // 8 | (0x2000 if i + room < len(body) else 0), body[i:i + room]) for i in range(0, len(body), room)]
    if six: return [ipv6(src, dst, proto, b, ttl=v["ttl"], tos=v["tos"], ident=77, frag=f if f or cut else None) for f, b in pieces]
    return [ipv4(src, dst, proto, b, ttl=v["ttl"], tos=v["tos"], ident=77, frag=f | (0x4000 if "df" in marks else 0), options=ipopts) for f, b in pieces]


def tell(p, quoted=False):
    """A packet in words; of a quoted one its checksums are not looked at."""
    six, words = p[0] >> 4 == 6, []
    if six:
        src, dst, proto, at, ttl, tos, frag = socket.inet_ntop(socket.AF_INET6, p[8:24]), socket.inet_ntop(socket.AF_INET6, p[24:40]), p[6], 40, p[7], (p[0] & 15) << 4 | p[1] >> 4, 0
        stop = 40 + struct.unpack(">H", p[4:6])[0]
        if proto == 44: proto, at, frag = p[40], 48, (p[42] << 8 | p[43]) >> 3 | (0x2000 if p[43] & 1 else 0) | 0x10000
        opts = b""
    else:
        at = (p[0] & 15) * 4
        src, dst, proto, ttl, tos, frag = socket.inet_ntoa(p[12:16]), socket.inet_ntoa(p[16:20]), p[9], p[8], p[1], p[6] << 8 | p[7]
        stop, opts = p[2] << 8 | p[3], p[20:at]
        if not quoted and cksum(p[:at]): words.append("BAD-IP-CHECKSUM")
    b = p[at:stop]
    def summed(offset, zero=False):
        if quoted or frag & 0x3fff or zero and not b[offset] | b[offset + 1]: return
        if cksum((b"" if proto == 1 else pseudo(src, dst, proto, len(b))) + b): words.append("badsum")
    e = lambda a, n: f"[{a}]:{n}" if six else f"{a}:{n}"
    if frag & 0x1fff or proto not in (1, 6, 17, 58) or len(b) < 8: out = f"{proto} {src} > {dst}"; size = len(b)
    elif proto == 6 and len(b) < 20: out = f"tcp {e(src, b[0] << 8 | b[1])} > {e(dst, b[2] << 8 | b[3])} cut seq {struct.unpack('>I', b[4:8])[0]}"; size = 0
    elif proto == 6:
        sp, dp, seq, ack, doff, flags, win = struct.unpack(">HHIIBBH", b[:16])
        out = f"tcp {e(src, sp)} > {e(dst, dp)} {''.join(c for c, f in FLAGS.items() if flags & f) or '0'}"
        out += (f" seq {seq}" if seq else "") + (f" ack {ack}" if ack else "") + (f" win {win}" if win != 65535 else "")
        if (doff >> 4) > 5: out += f" <{options_text(b[20:(doff >> 4) * 4])}>"
        size = len(b) - (doff >> 4) * 4; summed(16)
    elif proto == 17:
        out = f"udp {e(src, b[0] << 8 | b[1])} > {e(dst, b[2] << 8 | b[3])}" + (" nosum" if not b[6] | b[7] else ""); size = len(b) - 8; summed(6, True)
    else:
        typ, code, size = b[0], b[1], len(b) - 8
        first, second = struct.unpack(">HH", b[4:8])
        out = f"icmp {src} > {dst} {typ}/{code}"; summed(2)
        if typ in ERRORS[6 if six else 4] and size:
            word = first << 16 | second
            if word: out += f" gw {socket.inet_ntoa(b[4:8])}" if not six and typ == 5 else f" ptr {word >> (0 if six else 24)}" if typ == (4 if six else 12) else f" mtu {word}"
            inner = b[8:]
            whole = 40 + struct.unpack(">H", inner[4:6])[0] if six else inner[2] << 8 | inner[3]
            out += f" ({tell(inner, True)})" + (f" of {len(inner)}" if len(inner) != whole else ""); size = 0
        else: out += (f" id {first}" if first else "") + (f" seq {second}" if second else "")
    for word, value, default in (("len", size, 0), ("ttl", ttl, 64)):
        if value != default: out += f" {word} {value}"
    if tos: out += f" tos {tos:#x}"
    if not six and frag & 0x4000: out += " df"
    if frag & 0x13fff: out += f" frag {(frag & 0x1fff) * 8}{'+' if frag & 0x2000 else ''}"
    if opts: out += f" ipopts {opts.hex()}"
    return " ".join([out] + words)


class Case:
    def __init__(self, title): self.title, self.rules, self.steps, self.sysctls, self.mtus, self.routes, self.policies = title, {4: [], 6: []}, [], {}, {}, [], []

    def is_six(self): return bool(self.rules[6]) or any("2001:" in s[2] or "fe80:" in s[2] for s in self.steps)


def read(path):
    """The cases of a file; each step is (line number, kind, text, expected lines)."""
    cases, family = [], 4
    for n, line in enumerate(open(path).read().splitlines()):
        word, _, rest = line.partition(" ")
        if not line.strip() or word == "#": continue
        if line[0] == " ": cases[-1].steps[-1][3].append(line.strip())
        elif word == "case": cases.append(Case(rest)); family = 4
        elif word == "rules6": family = 6
        elif line[0] in "*:-": cases[-1].rules[family].append(line)
        elif word == "sysctl": k, v = rest.split("="); cases[-1].sysctls[k] = v
        elif word == "mtu": i, v = rest.split(); cases[-1].mtus[i] = int(v)
        elif word == "route": cases[-1].routes.append(rest)
        elif word == "rule": cases[-1].policies.append(rest)
        elif word == "silent": pass
        elif word in ("wait", "counters", "connections") or word[-1] == ":": cases[-1].steps.append((n, word.rstrip(":"), rest, []))
        else: raise SystemExit(f"{path}:{n + 1}: {line}?")
    return cases


def scenario(case, folder):
    """Writes what lab.py needs."""
    host = json.loads(json.dumps(HOST))
    host["sysctl"].update(case.sysctls)
    host["routes"] += case.routes
    host["rules"] = case.policies
    for i, mtu in case.mtus.items(): host["interfaces"][i]["mtu"] = mtu
    if not case.is_six():
        for i in host["interfaces"].values(): i["addresses"] = [a for a in i["addresses"] if ":" not in a]
        host["routes"] = [r for r in host["routes"] if ":" not in r]
        host["neighbours"] = {d: {a: m for a, m in t.items() if ":" not in a} for d, t in host["neighbours"].items()}
        host["sysctl"] = {k: v for k, v in host["sysctl"].items() if "ipv6" not in k}
    os.makedirs(folder)
    json.dump(host, open(os.path.join(folder, "host.json"), "w"))
    for family, lines in case.rules.items():
        if lines:
            text = "\n".join(lines)
            text = re.sub(r"\n\*", "\nCOMMIT\n*", text) + "\nCOMMIT\n"
            open(os.path.join(folder, f"rules.v{family}"), "w").write(text)


class Kernel(lab.Lab):
    def __init__(self, case, scenario, out): super().__init__(scenario, out); self.case, self.answers = case, {}

    def inject(self):
        self.open_senders()
        for n, kind, text, _ in self.case.steps:
            outs = []
            if kind == "wait": time.sleep(float(text)); outs = [(i, d) for i, way, _, d in sorted(self.drain(0.05), key=lambda x: x[2]) if way == "out"]
            elif kind == "counters": self.answers[n] = self.counters(); continue
            elif kind == "connections": self.answers[n] = self.connections(); continue
            else:
                for packet in build(Words(text)):
                    iface = None if kind == "local" else kind
                    outs += self.send(iface, packet if iface is None else self.frame(iface, packet))
            self.answers[n] = [f"{i}: {tell(f[14:])}" for i, f in outs if self.counts(f)] or ["nothing"]
        self.log.close(); self.local.close()

    @staticmethod
    def frame(iface, packet):
        spec = HOST["interfaces"][iface]
        return bytes.fromhex((spec["mac"] + spec["peer_mac"]).replace(":", "")) + (b"\x86\xdd" if packet[0] >> 4 == 6 else b"\x08\x00") + packet

    @staticmethod
    def counts(f):
        """Whether a frame is not the host's own neighbour discovery or multicast report."""
        return f[12:14] == b"\x08\x00" or f[12:14] == b"\x86\xdd" and not (f[20] == 58 and f[54] in range(130, 144)) and not (f[20] == 0 and f[38:40] == b"\xff\x02")

    def counters(self):
        out = []
        for family, tool in ((4, "iptables-legacy-save"), (6, "ip6tables-legacy-save")):
            if not self.case.rules[family]: continue
            table = ""
            for line in lab.sh(tool, "-c", ns=self.fw).splitlines():
                if line.startswith("*"): table = line[1:]
                elif line[0] in ":[" and "[0:0]" not in line and "*" + table in self.case.rules[family]: out.append(f"{table} {line}")
        return sorted(out) or ["nothing"]

    def connections(self):
        out = []
        for family in ("ipv4", "ipv6"):
            for line in lab.sh("conntrack", "-L", "-f", family, ns=self.fw, check=False).splitlines():
                w = line.split()
                if len(w) < 5: continue
                at = lambda i, ends: " > ".join(f"[{a}]:{p}" if ":" in a and p else f"{a}:{p}" if p else a for a, p in ends)
                pairs = [x.split("=", 1) for x in w if "=" in x]
                ends = []
                for key, value in pairs:
                    if key == "src": ends.append([value, None, None, None])
                    elif key == "dst": ends[-1][1] = value
                    elif key in ("sport", "id"): ends[-1][2] = value
                    elif key == "dport": ends[-1][3] = value
                state = [w[3]] if "=" not in w[3] else []
                names = [x for x in ("[UNREPLIED]", "[ASSURED]") if x in w]
                mark = [f"mark={v}" for k, v in pairs if k == "mark" and v != "0"]
                out.append(" ".join([w[0]] + state + [at(0, [(s, sp), (d, dp)]) + (" |" if i == 0 else "") for i, (s, d, sp, dp) in enumerate(ends)] + names + mark))
        return sorted(out) or ["nothing"]


def main():
    a = argparse.ArgumentParser(); a.add_argument("files", nargs="+"); a.add_argument("--write", action="store_true"); a.add_argument("--only", default="")
    a = a.parse_args()
    wrong = 0
    for path in a.files:
        lines, answers = open(path).read().splitlines(), {}
        for case in read(path):
            if a.only not in case.title: continue
            with tempfile.TemporaryDirectory() as tmp:
                folder = os.path.join(tmp, "scenario")
                scenario(case, folder)
                kernel = Kernel(case, folder, os.path.join(tmp, "out"))
                kernel.run("inject")
            answers.update(kernel.answers)
            for n, kind, text, want in case.steps:
                if not a.write and want != kernel.answers[n]:
                    wrong += 1; print(f"{path}:{n + 1}: {case.title}: {kind} {text}\n  written: " + "\n           ".join(want) + "\n  kernel:  " + "\n           ".join(kernel.answers[n]))
        if a.write:
            out, skip = [], False
            for n, line in enumerate(lines):
                if n in answers: out += [line] + ["    " + x for x in answers[n]]; skip = True
                elif not (skip and line.startswith(" ")): out.append(line); skip = False
            open(path, "w").write("\n".join(out) + "\n")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__": main()
