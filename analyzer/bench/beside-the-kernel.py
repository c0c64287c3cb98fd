#!/usr/bin/env python3
"""How fast fwreplay is, beside the kernel it models and beside tshark, on this machine, in one run.

Usage: beside-the-kernel.py [--rules 10,100,1000,10000] [--packets N] [--kind plain|stateful|new] [--rounds N]
       beside-the-kernel.py --start

For each size, N rules that do not match stand before the one that does. The kernel forwards the traffic from one
network namespace to another (tcpreplay at top speed); fwreplay replays the same as a whole process and writes its
JSON report. The best of the rounds counts on both sides; fwreplay's first run, which warms the disk cache, does not.

  plain      2,000 UDP flows that come again and again; no connection tracking
  stateful   the same behind `--ctstate RELATED,ESTABLISHED -j ACCEPT`; nothing answers
  new        every packet is a new connection

--start measures short work instead: 1,000 rules and 10,000 packets, cold, beside `tshark -q -z conv,ip`.

Needs root, tcpreplay, for --start tshark. Absolute figures are this machine's of this minute; ratios keep longer.
"""
import argparse, json, os, random, re, struct, subprocess, sys, tempfile, time

HOME = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(HOME, "captures", "lab"))
import fuzz, lab, packets

FWREPLAY = os.path.join(HOME, "fwreplay")
ETHERNET = bytes.fromhex("020000000101" "020000000110" "0800")
START_NS = 1_700_000_000


def flow(n):
    """The one datagram of flow n."""
    source, destination = f"192.168.1.{10 + n % 20}", f"8.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"
    return ETHERNET + packets.udp(source, destination, 1024 + n % 60_000, 2000 + n % 3000, b"x" * 58)


def capture(path, count, kind):
    rng = random.Random(7)
    few = [flow(n) for n in range(2000)]
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for n in range(count):
            frame = flow(n) if kind == "new" else few[rng.randrange(len(few))]
            out.write(struct.pack("<IIII", START_NS + n // 1_000_000, n % 1_000_000, len(frame), len(frame)) + frame)


def ruleset(count, kind):
    lines = ["*filter", ":INPUT ACCEPT [0:0]", ":FORWARD DROP [0:0]", ":OUTPUT ACCEPT [0:0]"]
    if kind != "plain":
        lines.append("-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT")
    lines += [f"-A FORWARD -s 10.{i // 250 % 250}.{i % 250}.0/24 -p udp -m udp --dport {1000 + i % 60_000} -j DROP"
              for i in range(count)]
    return "\n".join(lines + ["-A FORWARD -i lan -p udp -j ACCEPT", "COMMIT", ""])


def timed(command):
    """Seconds and MiB at most of a whole process."""
    begin = time.monotonic()
    done = subprocess.run(["/usr/bin/time", "-f", "%M", *command], text=True, capture_output=True)
    seconds = time.monotonic() - begin
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\nfailed: {done.stderr[-800:]}")
    return seconds, int(done.stderr.split()[-1]) / 1024


def replay(box, rules, trace, folder):
    return timed([FWREPLAY, "replay", "--host", box.out, "--rules", rules, "--in", f"lan={trace}",
                  "--json", os.path.join(folder, "report.json")])


def kernel_rate(box, trace, limit, rounds):
    best = 0
    for _ in range(rounds):
        said = subprocess.run(["ip", "netns", "exec", box.peers["lan"], "tcpreplay", "-q", "--preload-pcap", "--topspeed",
                               "-i", "eth0", "--limit", str(limit), trace], text=True, capture_output=True).stdout
        best = max([best] + [float(x) for x in re.findall(r"([\d.]+) pps", said)])
    return best


def host(folder, rules, use):
    """A host with the ruleset, for as long as `use` runs."""
    scenario = os.path.join(folder, "scenario")
    os.makedirs(scenario)
    with open(os.path.join(scenario, "host.json"), "w") as out:
        json.dump(dict(fuzz.HOST), out)
    path = os.path.join(scenario, "rules.v4")
    with open(path, "w") as out:
        out.write(rules)
    box = lab.Lab(scenario, os.path.join(folder, "host"))
    os.makedirs(box.out)
    try:
        box.build()
        box.dump()
        return use(box, path)
    finally:
        box.destroy()


def beside_the_kernel(sizes, count, kind, rounds):
    print(f"{kind}, {count:,} packets; packets a second in thousands")
    print(f"{'rules':>6} {'kernel':>8} {'fwreplay':>9} {'MiB':>5} {'ratio':>7}", flush=True)
    with tempfile.TemporaryDirectory() as work:
        big, small = os.path.join(work, "big.pcap"), os.path.join(work, "small.pcap")
        capture(big, count, kind)
        capture(small, 100_000, kind)
        for size in sizes:
            with tempfile.TemporaryDirectory() as folder:
                def use(box, rules):
                    rate = kernel_rate(box, small, 100_000 if size <= 1000 else 20_000, rounds)
                    runs = [replay(box, rules, big, folder) for _ in range(rounds + 1)]
                    own = count / min(seconds for seconds, _ in runs[1:])
                    peak = max(mib for _, mib in runs)
                    print(f"{size:>6} {rate / 1e3:>8.0f} {own / 1e3:>9.0f} {peak:>5.0f} {own / rate:>7.1f}", flush=True)
                host(folder, ruleset(size, kind), use)


def start(rounds):
    with tempfile.TemporaryDirectory() as folder:
        trace = os.path.join(folder, "small.pcap")
        capture(trace, 10_000, "plain")
        def use(box, rules):
            replay(box, rules, trace, folder)
            return [(replay(box, rules, trace, folder)[0], timed(["tshark", "-q", "-z", "conv,ip", "-r", trace])[0])
                    for _ in range(rounds)]
        runs = host(folder, ruleset(1000, "plain"), use)
        own, other = min(a for a, _ in runs), min(b for _, b in runs)
        print(f"1,000 rules, 10,000 packets, start to report: fwreplay {own:.2f} s, tshark {other:.2f} s, "
              f"ratio {own / other:.2f}")


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--rules", default="10,100,1000,10000")
    a.add_argument("--packets", type=int, default=5_000_000)
    a.add_argument("--kind", choices=("plain", "stateful", "new"), default="plain")
    a.add_argument("--rounds", type=int, default=3)
    a.add_argument("--start", action="store_true")
    a = a.parse_args()
    if a.start:
        start(a.rounds)
    else:
        beside_the_kernel([int(n) for n in a.rules.split(",")], a.packets, a.kind, a.rounds)


if __name__ == "__main__":
    main()
