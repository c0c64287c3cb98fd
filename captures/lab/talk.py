#!/usr/bin/env python3
"""Conversations through a firewall, packet by packet, and what connection tracking says of each.

Usage: talk.py [--write] FILE...

Lets the kernel have every conversation of the files, over IPv4 and IPv6, and prints where it disagrees with what is written
behind "="; with --write what it said is written there instead. The engine's tests read the same files
(analyzer/engine/src/test/resources/talks), so what they expect is what the kernel does. Needs root, as lab.py.

A file holds conversations between a client and a server, with the firewall on the way:

  talk A title, in words
  sysctl tcp_loose=0              settings below net.netfilter.nf_conntrack_
  only ipv4                       where the two families differ
  client S 0:0(0) win 1000 <mss 1460,sackOK,wscale 7>    = NEW SYN_SENT 120 [UNREPLIED]
  server S. 0:0(0) ack 1          = ESTABLISHED SYN_RECV 60
  wait 2.5                        seconds

TCP segments are written as in packetdrill: flags, first sequence number and length counted from each end's own initial
number, and "badsum" for a wrong checksum. Others: "udp LENGTH"; "ping", "pong"; "gre"; "proto NUMBER"; "sctp TAG
CHUNK[=INITTAG]..."; "error TYPE/CODE [from HOST] [to HOST]", an ICMP error (IPv4's numbers) that quotes what the other end
sent last. Behind "=" stand the packet's state, then the connection as conntrack -L prints it: state, seconds left
(rounded up), flags; or "none", and DROP for a packet that did not come through.
"""
import argparse, os, re, shutil, struct, sys, tempfile, time
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import json, lab
from packets import SIX_TYPES, cksum, icmp, ip, pseudo, tcp, udp

FLAGS = {"F": 1, "S": 2, "R": 4, "P": 8, ".": 16, "U": 32, "E": 64, "C": 128, "0": 0}
CHUNKS = {n: i for i, n in enumerate("DATA INIT INIT_ACK SACK HEARTBEAT HEARTBEAT_ACK ABORT SHUTDOWN SHUTDOWN_ACK ERROR COOKIE_ECHO COOKIE_ACK".split())} \
    | {"SHUTDOWN_COMPLETE": 14}
ISN = {"client": 0xfffff000, "server": 1000}
HOSTS = {4: {"client": "192.168.1.10", "server": "198.51.100.7", "router": "198.51.100.1", "other": "192.168.1.11"},
         6: {"client": "2001:db8:1::10", "server": "2001:db8:9::7", "router": "2001:db8:9::1", "other": "2001:db8:1::11"}}
SEGMENT = re.compile(r"(?P<flags>\S+) (?P<seq>\d+):\d+\((?P<len>\d+)\)(?: ack (?P<ack>\d+))?(?: win (?P<win>\d+))?(?: <(?P<options>[^>]*)>)?(?P<bad> badsum)?$")
STATES = {0x10: "NEW", 0x20: "ESTABLISHED", 0x40: "RELATED", 0x80: "INVALID"}
RULES = "*mangle\n" + "".join(f"-A FORWARD -m conntrack --ctstate {s} -j TOS --set-tos {t:#x}\n" for t, s in STATES.items()) + "COMMIT\n"
HOST = {
    "interfaces": {"lan": {"mac": "02:00:00:00:01:01", "addresses": ["192.168.1.1/24", "2001:db8:1::1/64"]},
                   "wan": {"mac": "02:00:00:00:02:01", "addresses": ["203.0.113.1/24", "2001:db8:ff::1/64"]}},
    "routes": ["default via 203.0.113.254 dev wan", "default via 2001:db8:ff::fe dev wan"],
    "neighbours": {"lan": {f[h]: "02:00:00:00:01:10" for f in HOSTS.values() for h in ("client", "other")},
                   "wan": {"203.0.113.254": "02:00:00:00:02:fe", "2001:db8:ff::fe": "02:00:00:00:02:fe"}},
    "sysctl": {"net.ipv4.ip_forward": "1", "net.ipv6.conf.all.forwarding": "1", "net.ipv4.conf.all.send_redirects": "0"}}


def options(text, peer):
    """TCP options as bytes; sack blocks count from the peer's initial number."""
    out = b""
    for word in filter(None, (text or "").split(",")):
        name, *args = word.split()
        if name == "mss": out += struct.pack(">BBH", 2, 4, int(args[0]))
        elif name == "wscale": out += bytes([3, 3, int(args[0])])
        elif name == "sackOK": out += bytes([4, 2])
        elif name == "nop": out += b"\1"
        elif name == "sack":
            edges = [(int(x) + ISN[peer]) & 0xffffffff for block in args for x in block.split(":")]
            out += bytes([5, 2 + 4 * len(edges)]) + struct.pack(f">{len(edges)}I", *edges)
        else: raise SystemExit(f"talk: TCP option {word}?")
    return out + b"\0" * (-len(out) % 4)


def chunk(word):
    name, _, tag = word.partition("=")
    body = struct.pack(">IIHHI", int(tag or 0), 1000, 1, 1, 1) if name in ("INIT", "INIT_ACK") else b"\0" * 12 if name == "DATA" else b"\0" * 4
    name, flag = (name[:-2], 1) if name.endswith("/T") else (name, 0)
    return struct.pack(">BBH", CHUNKS[name], flag, 4 + len(body)) + body


def crc32c(data):
    crc = 0xffffffff
    for b in data:
        crc ^= b
        for _ in range(8): crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


class Talk:
    def __init__(self, title): self.title, self.sysctls, self.family, self.steps = title, [], None, []

    def packet(self, who, what, family, port):
        """The packet that a line describes, as bytes from the IP header."""
        peer = "server" if who == "client" else "client"
        src, dst = HOSTS[family][who], HOSTS[family][peer]
        sp, dp = (port, 8080) if who == "client" else (8080, port)
        m = SEGMENT.match(what)
        if m:
            ack = ISN[peer] + int(m["ack"]) if m["ack"] else 0
            return tcp(src, dst, sp, dp, ISN[who] + int(m["seq"]), ack, sum(FLAGS[f] for f in m["flags"]), b"x" * int(m["len"]),
                       window=int(m["win"] or 65535), options=options(m["options"], peer), bad_sum=bool(m["bad"]))
        kind, *words = what.split()
        if kind == "udp": return udp(src, dst, sp, dp, b"x" * int(words[0]))
        if kind in ("ping", "pong"): return icmp(src, dst, 8 if kind == "ping" else 0, 0, struct.pack(">HH", port, 1), b"x" * 8)
        if kind == "gre": return ip(src, dst, 47, struct.pack(">HH", 0, 0x0800) + b"x" * 8)
        if kind == "proto": return ip(src, dst, int(words[0]), b"x" * 8)
        if kind == "sctp":
            body = struct.pack(">HHII", sp, dp, int(words[0]), 0) + b"".join(map(chunk, words[1:]))
            return ip(src, dst, 132, body[:8] + struct.pack("<I", crc32c(body)) + body[12:])
        if kind == "error":
            typ, code = map(int, words[0].split("/"))
            names = dict(zip(words[1::2], words[2::2]))
            return icmp(HOSTS[family][names.get("from", "router" if who == "server" else who)], HOSTS[family][names.get("to", peer)], typ, code,
                        b"\0" * 4, self.last[peer][:200])
        raise SystemExit(f"talk: {what}?")


def read(path):
    """The talks of a file; each step is (line number, who or None for a wait, what, expected)."""
    talks = []
    for n, line in enumerate(open(path)):
        said, _, expected = line.strip().partition("=  ") if "=  " in line else line.strip().partition(" = ")
        word, _, rest = said.strip().partition(" ")
        if word == "talk": talks.append(Talk(rest))
        elif word == "sysctl": talks[-1].sysctls.append(rest)
        elif word == "only": talks[-1].family = int(rest[-1])
        elif word == "wait": talks[-1].steps.append((n, None, float(rest), ""))
        elif word in ("client", "server"): talks[-1].steps.append((n, word, rest.strip(), expected.strip()))
        elif word and not word.startswith("#"): raise SystemExit(f"{path}:{n + 1}: {line.strip()}?")
    return talks


def addresses(packet): return packet[12:20] if packet[0] >> 4 == 4 else packet[8:40]


class Kernel(lab.Lab):
    def have(self, talk, family, port):
        """What the kernel said of each step, by line number."""
        said, talk.last = {}, {}
        before = {k: lab.sh("sysctl", "-n", f"net.netfilter.nf_conntrack_{k}", ns=self.fw).strip() for k, _ in (s.split("=") for s in talk.sysctls)}
        for s in talk.sysctls: lab.sh("sysctl", "-qw", f"net.netfilter.nf_conntrack_{s}", ns=self.fw)
        lab.sh("conntrack", "-F", ns=self.fw, check=False)
        for n, who, what, _ in talk.steps:
            if who is None: time.sleep(what); continue
            data = talk.packet(who, what, family, port)
            talk.last[who] = data
            iface, out = ("lan", "wan") if who == "client" else ("wan", "lan")
            macs = "020000000101" + "020000000110" if iface == "lan" else "020000000201" + "0200000002fe"
            frame = bytes.fromhex(macs) + (b"\x86\xdd" if family == 6 else b"\x08\x00") + data
            outs = [f for i, f in self.send(iface, frame) if i == out and addresses(f[14:]) == addresses(data)]
            said[n] = f"{self.state(outs)} {self.entry(family, port)}"
        for k, v in before.items(): lab.sh("sysctl", "-qw", f"net.netfilter.nf_conntrack_{k}={v}", ns=self.fw)
        return said

    @staticmethod
    def state(outs):
        if not outs: return "DROP"
        b = outs[0][14:]
        return STATES.get(b[1] if b[0] >> 4 == 4 else (b[0] & 15) << 4 | b[1] >> 4, "UNTRACKED")

    def entry(self, family, port):
        lines = lab.sh("conntrack", "-L", "-f", f"ipv{family}", ns=self.fw, check=False).splitlines()
        if not lines: return "none"
        w = lines[0].split()
        named = [w[3]] if "=" not in w[3] else []
        return " ".join(named + [str(int(w[2]) + 1)] + [x for x in ("[UNREPLIED]", "[ASSURED]") if x in w])


def same(want, have):
    """Whether both say the same; a second may have passed before the kernel was asked."""
    w, h = want.split(), have.split()
    if len(w) != len(h): return False
    return all(x == y or x.isdigit() and y.isdigit() and int(x) - int(y) in (0, 1) for x, y in zip(w, h))


def main():
    a = argparse.ArgumentParser(description="Conversations, and what the kernel's connection tracking says of them."); a.add_argument("files", nargs="+"); a.add_argument("--write", action="store_true"); a = a.parse_args()
    wrong = 0
    with tempfile.TemporaryDirectory() as tmp:
        scenario = os.path.join(tmp, "scenario"); os.makedirs(scenario)
        json.dump(HOST, open(os.path.join(scenario, "host.json"), "w"))
        for name in ("rules.v4", "rules.v6"): open(os.path.join(scenario, name), "w").write(RULES)

        class Run(Kernel):
            def inject(self):
                nonlocal wrong
                self.open_senders()
                port = 20000
                for path in a.files:
                    lines, answers = open(path).read().splitlines(), {}
                    for talk in read(path):
                        for family in [talk.family] if talk.family else [4, 6]:
                            port += 1
                            for n, said in self.have(talk, family, port).items():
                                want = next(s[3] for s in talk.steps if s[0] == n)
                                answers.setdefault(n, {})[family] = said
                                if not a.write and not same(want, said):
                                    wrong += 1; print(f"{path}:{n + 1}: IPv{family}: {lines[n].strip()}\n    kernel: {said}")
                    if a.write: self.write(path, lines, answers)
                self.log.close(); self.local.close()

            def write(self, path, lines, answers):
                for n, by_family in answers.items():
                    said = by_family.get(4) or by_family[6]
                    if any(not same(x, said) and not same(said, x) for x in by_family.values()):
                        print(f"{path}:{n + 1}: IPv4 {by_family[4]}, IPv6 {by_family[6]}")
                    step = lines[n].split(" = ")[0].rstrip()
                    lines[n] = f"{step:<66} = {said}"
                open(path, "w").write("\n".join(lines) + "\n")
        Run(scenario, os.path.join(tmp, "out")).run("inject")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__": main()
