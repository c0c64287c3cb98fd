#!/usr/bin/env python3
"""Many seeds of fuzz.py, each held against the real kernel.

Usage: sweep.py --seeds A-B [--profile P] [--six] [--rules N] [--talks N] [--cache DIR] [--show N] -- COMMAND [ARG...]

Every seed is run twice through the kernel; a seed on which the kernel does not agree with itself (it picks
some NAT ports at random) is left out, and so is one whose ruleset iptables itself refuses. What was recorded is kept in --cache and used again.
Prints a line for each seed that differs and, last, the figures over all; exits 1 if any differs.
"""
import argparse, json, os, shutil, subprocess, sys
HERE = os.path.dirname(os.path.abspath(__file__))
SAME = "import os,shutil,sys;a=sys.argv;o=a[a.index('--export')+1];k=os.environ['TWIN'];[shutil.copy(os.path.join(k,f),o) for f in os.listdir(k) if f[:4]=='out.' or f in('rules.v4','rules.v6','conntrack.txt','expect.txt','expect6.txt','ipset.save')]"


def record(seed, a):
    """The folder of a seed's recording, or None where the kernel's two runs differ."""
    d = os.path.join(a.cache, f"{a.profile}{'6' if a.six else ''}-{a.rules}-{a.talks}-{seed}")
    if not os.path.exists(os.path.join(d, "verdict")):
        twins = [d, d + ".twin"]
        for t in twins:
            r = subprocess.run([os.path.join(HERE, "fuzz.py"), str(seed), t, "--profile", a.profile, "--rules", str(a.rules),
                                "--talks", str(a.talks), *(["--six"] if a.six else [])], text=True, capture_output=True)
            if r.returncode:
                if "tables-restore" not in r.stderr: raise SystemExit(f"sweep: recording seed {seed} failed: {r.stderr[-800:]}")
                print(f"seed {seed}: iptables itself refuses its ruleset"); return None
        r = subprocess.run([os.path.join(HERE, "compare.py"), d + "/kernel", "--quiet", "--", sys.executable, "-c", SAME],
                           env=dict(os.environ, TWIN=twins[1] + "/kernel"), capture_output=True)
        shutil.rmtree(twins[1])
        open(os.path.join(d, "verdict"), "w").write("steady" if r.returncode == 0 else "unsteady")
    return d if open(os.path.join(d, "verdict")).read() == "steady" else None


def main():
    argv = sys.argv[1:]
    if "--" not in argv: raise SystemExit(__doc__)
    cut = argv.index("--"); command = argv[cut + 1:]
    a = argparse.ArgumentParser(); a.add_argument("--seeds", required=True); a.add_argument("--profile", default="all"); a.add_argument("--six", action="store_true")
    a.add_argument("--rules", type=int, default=12); a.add_argument("--talks", type=int, default=30)
    a.add_argument("--cache", default=os.path.expanduser("~/.cache/fwreplay-lab")); a.add_argument("--show", type=int, default=0)
    a = a.parse_args(argv[:cut])
    lo, _, hi = a.seeds.partition("-")
    total, equal, unsteady, sums = 0, 0, 0, {}
    for seed in range(int(lo), int(hi or lo) + 1):
        d = record(seed, a)
        if d is None: unsteady += 1; continue
        total += 1
        r = subprocess.run([os.path.join(HERE, "compare.py"), d + "/kernel", "--json", "--most", str(a.show), "--", *command],
                           text=True, capture_output=True)
        try: fig = json.loads(r.stdout.strip().splitlines()[-1])
        except (IndexError, json.JSONDecodeError): raise SystemExit(f"compare.py failed: {r.stdout}{r.stderr}")
        equal += fig["equal"]
        for k, v in fig.items():
            if k != "equal": s = sums.setdefault(k, [0, 0]); s[0] += v[0]; s[1] += v[1]
        if not fig["equal"]:
            print(f"seed {seed} differs: {d}/kernel " + ", ".join(f"{k} {v[0]}/{v[1]}" for k, v in fig.items() if k != "equal"))
            if a.show: print("   " + "\n   ".join(r.stdout.strip().splitlines()[:-1]))
    print(f"{a.profile}{' IPv6' if a.six else ''}: {equal} of {total} seeds equal ({unsteady} left out); " + ", ".join(f"{k} {x}/{y}" for k, (x, y) in sums.items()))
    sys.exit(0 if equal == total and total else 1)


if __name__ == "__main__": main()
