#!/usr/bin/env python3
"""Hold fwreplay against what the real kernel did with the same frames.

Usage: compare.py KERNEL_DIR [--rules FILE] [--keep DIR] [--json] [--quiet] [--most N] -- COMMAND [ARG...]

KERNEL_DIR is an OUT folder of lab.py (or OUT/kernel of fuzz.py). The command is fwreplay as you start
it; it is called as

  COMMAND replay --host KERNEL_DIR --rules RULES.v4 [--rules6 RULES.v6] [--nft RULESET.nft] [--ipset FILE]
          --in IFACE=KERNEL_DIR/in.IFACE.pcap ... [--local KERNEL_DIR/local.pcap] --export DIR

with the counters of the rules at zero (COMMAND may itself end with `replay` and options of its own), and must leave in DIR, in the kernel tools' own formats:
out.IFACE.pcap (every frame that leaves), rules.v4 / rules.v6 (as iptables-save -c prints them),
conntrack.txt (as conntrack -L -o extended prints it), expect.txt and expect6.txt (conntrack -L expect, -f ipv6).

Prints what differs (--most lines of it), then a line of figures; exits 0 only where everything is equal.
What is not compared: timeouts, ids and use counts; the IP identification of packets that the firewall
itself makes; frames that are not IP (ARP); comments and dates in dumps; IPv6 neighbour discovery and
multicast reports; the flow label of ICMPv6 errors and resets; the id of fragments made anew.
"""
import argparse, difflib, json, os, re, subprocess, sys, tempfile
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lab import read_pcap

ICMP, TCP, FRAGMENT, ICMPV6 = 1, 6, 44, 58
RST = 4
NOT_COMPARED = re.compile(r"(use|id|timeout|secctx|delta-time|labels)=")


def frames(path):
    """The IP frames of a pcap as hex, without padding, what is not compared masked; [] where there is no such file."""
    if not os.path.exists(path): return []
    out = []
    for _, _, f in read_pcap(path):
        off = 14
        while f[off - 2:off] in (b"\x81\x00", b"\x88\xa8"): off += 4
        kind = f[off - 2:off]
        if kind == b"\x08\x00" and len(f) >= off + 20: ip = masked4(f[off:off + int.from_bytes(f[off + 2:off + 4], "big")])
        elif kind == b"\x86\xdd" and len(f) >= off + 40: ip = masked6(f[off:off + 40 + int.from_bytes(f[off + 4:off + 6], "big")])
        else: ip = None
        if ip is not None: out.append((f[:off] + ip).hex())
    return out


def masked4(ip):
    """An ICMP packet or a reset may be the firewall's own: without IP identification and header checksum."""
    made_here = ip[9] == ICMP or ip[9] == TCP and len(ip) > 33 and ip[33] & RST
    return ip[:4] + b"\0\0" + ip[6:10] + b"\0\0" + ip[12:] if made_here else ip


def masked6(ip):
    after, kind = ip[6], ip[40] if len(ip) > 40 else 0
    if after == 0 and ip[8] == 0xfe or after == ICMPV6 and kind in range(133, 138): return None
    if after == ICMPV6 and kind < 128 or after == TCP and len(ip) > 53 and ip[53] & RST:
        ip = ip[:1] + bytes([ip[1] & 0xf0]) + b"\0\0" + ip[4:]
    if after == FRAGMENT and len(ip) >= 48: ip = ip[:44] + b"\0" * 4 + ip[48:]
    return ip


def rules(path):
    """{table/chain/position: (counters, rule)} of an iptables-save -c dump; None where there is no such file."""
    if not os.path.exists(path): return None
    got, table, n = {}, None, {}
    for line in map(str.strip, open(path)):
        if line.startswith("*"): table = line[1:]
        elif line.startswith(":"):
            name, policy, counts = line[1:].rsplit(" ", 2)
            got[f"{table}/{name} policy"] = (counts if policy != "-" else "", policy)
        elif line.startswith("["):
            counts, rule = line.split(" ", 1)
            chain = rule.split()[1]; n[table, chain] = n.get((table, chain), 0) + 1
            got[f"{table}/{chain} {n[table, chain]}"] = (counts, rule)
    return got


def flows(path):
    """The conntrack entries or expectations, without what is not compared, as a sorted list."""
    if not os.path.exists(path): return []
    out = []
    for line in open(path):
        w = line.split()
        if len(w) < 6 or "=" not in line: continue
        if w[0] in ("ipv4", "ipv6"): w = w[2:]
        if w[1].startswith("proto="): w = [w[1], "", "", *w[2:]]          # an expectation: timeout, protocol, tuples
        out.append(" ".join([w[0]] + [x for x in w[3:] if not NOT_COMPARED.match(x)]))
    return sorted(out)


def sets(path):
    """The lines of an ipset save, without what its version and the time make of it, as a sorted list."""
    if not os.path.exists(path): return []
    return sorted(re.sub(r" (forceadd|initval 0x[0-9a-f]+|timeout [1-9]\d*)", "", line.strip()) for line in open(path))


class Comparison:
    """The two folders file by file: figures [equal, all] for each kind, and the differences in words."""
    def __init__(self, kernel, export):
        self.kernel, self.export, self.told = kernel, export, []
        self.figures = {"frames": [0, 0], "counters": [0, 0], "flows": [0, 0], "expectations": [0, 0], "sets": [0, 0]}
        for name in sorted(os.listdir(kernel)):
            if name.startswith("out.") and name.endswith(".pcap"): self.frames(name)
        for name in ("rules.v4", "rules.v6"): self.rules(name)
        for name, what in (("conntrack.txt", "flows"), ("expect.txt", "expectations"), ("expect6.txt", "expectations")): self.lists(flows, name, what)
        self.lists(sets, "ipset.save", "sets")

    def both(self, read, name): return read(os.path.join(self.kernel, name)), read(os.path.join(self.export, name))

    def count(self, what, want, have):
        m = difflib.SequenceMatcher(None, want, have, autojunk=False)
        self.figures[what][0] += sum(b.size for b in m.get_matching_blocks())
        self.figures[what][1] += max(len(want), len(have))
        return m

    def frames(self, name):
        want, have = self.both(frames, name)
        for op, a1, a2, b1, b2 in self.count("frames", want, have).get_opcodes():
            if op == "equal": continue
            for x in want[a1:a2][:3]: self.told.append(f"{name[:-5]}: kernel only, after {a1} frames: {x[28:200]}")
            for x in have[b1:b2][:3]: self.told.append(f"{name[:-5]}: fwreplay only, after {b1} frames: {x[28:200]}")

    def rules(self, name):
        want, have = self.both(rules, name)
        for key, (counts, rule) in (want or {}).items():
            equal = have is not None and have.get(key) == (counts, rule)
            self.figures["counters"][0] += equal; self.figures["counters"][1] += 1
            if not equal:
                self.told.append(f"{name} {key}: kernel {counts} {rule}\n    fwreplay {' '.join((have or {}).get(key, ('nothing', '')))}")

    def lists(self, read, name, what):
        want, have = self.both(read, name)
        self.count(what, want, have)
        self.told += [f"{name}: kernel only: {x}" for x in sorted(set(want) - set(have))]
        self.told += [f"{name}: fwreplay only: {x}" for x in sorted(set(have) - set(want))]


def call(command, kernel, tmp, more_rules):
    """The command line that replays the recording, with the counters of its rules at zero."""
    line = command + ([] if "replay" in command else ["replay"]) + ["--host", kernel]
    for name, option in (("rules.v4", "--rules"), ("rules.v6", "--rules6")):
        if os.path.exists(os.path.join(kernel, name)):
            text = re.sub(r"\[\d+:\d+\]$", "[0:0]", open(os.path.join(kernel, name)).read(), flags=re.M)
            open(os.path.join(tmp, name), "w").write(re.sub(r"^\[\d+:\d+\] ", "", text, flags=re.M))
            line += [option, os.path.join(tmp, name)]
    for name, option in (("rules.nft", "--nft"), ("ipset.save", "--ipset")):
        path = os.path.join(kernel, "..", "scenario", name)
        if os.path.exists(path): line += [option, path]
    if more_rules: line += ["--rules", more_rules]
    for f in sorted(os.listdir(kernel)):
        if f.startswith("in.") and f.endswith(".pcap"): line += ["--in", f"{f[3:-5]}={os.path.join(kernel, f)}"]
    if os.path.exists(os.path.join(kernel, "local.pcap")): line += ["--local", os.path.join(kernel, "local.pcap")]
    return line


def main():
    argv = sys.argv[1:]
    if "--" not in argv: raise SystemExit(__doc__)
    cut = argv.index("--"); command = argv[cut + 1:]
    a = argparse.ArgumentParser(); a.add_argument("kernel"); a.add_argument("--rules"); a.add_argument("--keep")
    a.add_argument("--json", action="store_true"); a.add_argument("--quiet", action="store_true"); a.add_argument("--most", type=int, default=12)
    a = a.parse_args(argv[:cut])
    with tempfile.TemporaryDirectory() as tmp:
        out = a.keep or os.path.join(tmp, "export"); os.makedirs(out, exist_ok=True)
        r = subprocess.run(call(command, a.kernel, tmp, a.rules) + ["--export", out], text=True, capture_output=True)
        if r.returncode: print(f"command failed ({r.returncode}): {(r.stderr or r.stdout).strip()[-1500:]}")
        c = Comparison(a.kernel, out)
    if not a.quiet:
        for text in c.told[:a.most]: print(text)
        if len(c.told) > a.most: print(f"... and {len(c.told) - a.most} more differences")
    equal = r.returncode == 0 and all(x == y for x, y in c.figures.values())
    if a.json: print(json.dumps({"equal": equal, **c.figures}))
    else: print(("equal" if equal else "differs") + "; " + ", ".join(f"{n} {x}/{y}" for n, (x, y) in c.figures.items()))
    sys.exit(0 if equal else 1)


if __name__ == "__main__": main()
