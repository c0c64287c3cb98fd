#!/usr/bin/env python3
"""Random edits of random rulesets: is what `fwreplay diff` finds what two runs of the real kernel give?

Usage: diffsweep.py --seeds A-B [--profile P] [--six] [--talks N] [--keep DIR] -- COMMAND [ARG...]

For each seed, fuzz.py makes a ruleset and conversations; the frames that arrived are then injected three times: twice
with the ruleset (where the kernel does not agree with itself, then or with the other, the seed is left out), and once with a ruleset of one to
three random edits: a rule edited, moved, deleted, inserted. The frames after which something else left the firewall or was
delivered to it must be those that `COMMAND diff --no-causal` calls parted. Prints a line for each seed that differs or is left out, and last
the figures.
"""
import argparse, json, os, random, shutil, subprocess, sys, tempfile
HERE = os.path.dirname(os.path.abspath(__file__))


def saved(path):
    """The lines of `iptables-save -c` without counters, and those of rules that were hit."""
    lines, hit = [], set()
    for line in open(path).read().splitlines():
        counters, _, rule = line.partition("] ") if line.startswith("[") else ("", "", line)
        lines.append(rule)
        if counters and not counters.startswith("[0:"): hit.add(rule)
    return lines, hit


def edit(lines, hit, rng):
    """One random edit of iptables-save lines, in place, mostly of a rule that is hit; says what it was."""
    rules = [i for i, line in enumerate(lines) if line.startswith("-A ")]
    i = rng.choices(rules, [10 if lines[i] in hit else 1 for i in rules])[0]; kind = rng.choice(["edit", "move", "delete", "insert"]); rule = lines[i]
    table = max(j for j in range(i) if lines[j].startswith("*")); end = lines.index("COMMIT", table)
    same = [j for j in rules if table < j < end and lines[j].split()[1] == rule.split()[1]]
    if kind == "delete": del lines[i]
    elif kind == "move": lines.insert(rng.choice(same), lines.pop(i))
    elif kind == "insert": lines.insert(rng.choice(same), turned(rule, rng))
    else: lines[i] = turned(rule, rng)
    return f"{kind} {rule}"


def turned(rule, rng):
    """The rule with another verdict, or without one of its conditions."""
    for a, b in (("-j ACCEPT", "-j DROP"), ("-j DROP", "-j ACCEPT")):
        if rule.endswith(a): return rule[: -len(a)] + b
    words = rule.split()
    if not {"-j", "-g"} & set(words): return rule + " -j DROP"
    for flag in rng.sample(["-s", "-d", "-i"], 3):
        if flag in words:
            at = words.index(flag); start = at - (words[at - 1] == "!")
            return " ".join(words[:start] + words[at + 2:])
    return rule


def inject(scenario, rules, name, out, inputs):
    """Injects the frames of `inputs` with a ruleset, the file `name`; what came out after each, or iptables' words where it refuses."""
    folder = out + ".scenario"; shutil.rmtree(folder, ignore_errors=True); os.makedirs(folder)
    for f in ("host.json", "ipset.save"):
        if os.path.exists(os.path.join(scenario, f)): shutil.copy(os.path.join(scenario, f), folder)
    open(os.path.join(folder, name), "w").write("\n".join(rules) + "\n")
    for f in os.listdir(inputs):
        if f.startswith("in.") or f == "local.pcap": shutil.copy(os.path.join(inputs, f), folder)
    r = subprocess.run([os.path.join(HERE, "lab.py"), "inject", folder, out], text=True, capture_output=True,
                       env=dict(os.environ, LAB_DELIVERED="1"))
    if r.returncode:
        if "tables-legacy-restore" in r.stderr: return r.stderr.strip().splitlines()[-1]
        raise SystemExit(f"diffsweep: {r.stderr[-800:]}")
    return [without_id(json.loads(line)) for line in open(os.path.join(out, "frames.jsonl"))]


def without_id(row):
    """What came of a frame, without ARP, neighbour discovery and what is chance: the IP id and flow label of packets that the host
    makes, the id of fragments that it makes of IPv6, and checksums over ids."""
    out = []
    for o in row["out"]:
        kind, h = o["hex"][24:28], o["hex"]
        if kind == "0800": out.append((o["iface"], h[:36] + h[40:48] + h[52:]))
        elif kind == "86dd" and not (h[40:42] == "3a" and 133 <= int(h[108:110], 16) <= 137):
            out.append((o["iface"], h[:31] + h[36:116] + h[124:] if h[40:42] == "2c" else h[:31] + h[36:]))
    return row["delivered"], sorted(out)


def parted(x, y):
    """The frames after which two runs differ."""
    return {i for i, (a, b) in enumerate(zip(x, y)) if a != b}


def seed_differs(seed, a, command, base):
    """What to say of a seed (empty: nothing), whether it counts, and how many frames the kernel parted."""
    made, name = os.path.join(base, "made"), "rules.v6" if a.six else "rules.v4"
    r = subprocess.run([os.path.join(HERE, "fuzz.py"), str(seed), made, "--profile", a.profile, "--talks", str(a.talks),
                        *(["--six"] if a.six else [])], text=True, capture_output=True)
    if "tables-legacy-restore" in r.stderr: return f"seed {seed} left out, its ruleset is refused: {r.stderr.strip().splitlines()[-1]}", False, 0
    if r.returncode: raise SystemExit(f"diffsweep: {r.stderr[-800:]}")
    old, hit = saved(os.path.join(made, "kernel", name))
    rng = random.Random(f"edit {seed}"); new = list(old)
    what = "; ".join(edit(new, hit, rng) for _ in range(rng.randint(1, 3)))
    runs = []
    for run, rules in (("old", old), ("twin", old), ("new", new)):
        runs.append(inject(made + "/scenario", rules, name, os.path.join(base, run), made + "/kernel"))
        if isinstance(runs[-1], str): return f"seed {seed} left out after {what}: {runs[-1]}", False, 0
    if runs[0] != runs[1]: return f"seed {seed} left out: the kernel parts from itself at frame {min(parted(*runs[:2]))}", False, 0
    kernel = parted(runs[0], runs[2])
    old_dir = os.path.join(base, "old"); open(os.path.join(old_dir, "sockets.txt"), "w").close()
    ins = [w for f in sorted(os.listdir(old_dir)) if f.startswith("in.") for w in ("--in", f"{f.split('.')[1]}={old_dir}/{f}")]
    for option, f in (("--local", old_dir + "/local.pcap"), ("--ipset", made + "/scenario/ipset.save")):
        if os.path.exists(f): ins += [option, f]
    r = subprocess.run([*command, "diff", f"{base}/old.scenario/{name}", f"{base}/new.scenario/{name}", "--no-causal",
                        "--host", old_dir, *ins, "--json", "-"], text=True, capture_output=True)
    if r.returncode not in (0, 3): raise SystemExit(f"diffsweep: seed {seed}: {r.stdout[-300:]}{r.stderr}")
    found = {f for cause in json.loads(r.stdout)["causes"] for c in cause["connections"] for f in c.get("parted", [])}
    if found == kernel: return "", True, len(kernel)
    again = inject(made + "/scenario", new, name, os.path.join(base, "again"), made + "/kernel")
    if found == parted(runs[0], again): return "", True, len(found)   # the run before was read too late
    if again != runs[2]: return f"seed {seed} left out: the kernel parts from itself at frame {min(parted(again, runs[2]))}, edited", False, 0
    return (f"seed {seed} differs after {what}: only the kernel {sorted(kernel - found)[:9]}, "
            f"only fwreplay {sorted(found - kernel)[:9]}"), True, len(kernel)


def main():
    argv = sys.argv[1:]
    if "--" not in argv: raise SystemExit(__doc__)
    cut = argv.index("--"); command = argv[cut + 1:]
    a = argparse.ArgumentParser(); a.add_argument("--seeds", required=True); a.add_argument("--profile", default="filter")
    a.add_argument("--six", action="store_true"); a.add_argument("--talks", type=int, default=15); a.add_argument("--keep")
    a = a.parse_args(argv[:cut])
    lo, _, hi = a.seeds.partition("-")
    wrong = total = left = frames = 0
    for seed in range(int(lo), int(hi or lo) + 1):
        base = os.path.join(a.keep, str(seed)) if a.keep else tempfile.mkdtemp(prefix="fwreplay-diff-")
        os.makedirs(base, exist_ok=True)
        words, counts, count = seed_differs(seed, a, command, base)
        if words: print(words, flush=True)
        left += not counts; total += counts; wrong += counts and words != ""; frames += count
        if not a.keep: shutil.rmtree(base)
    print(f"{a.profile}{' IPv6' if a.six else ''}: {total - wrong} of {total} edited rulesets equal ({left} left out), {frames} frames parted")
    sys.exit(0 if total and not wrong else 1)


if __name__ == "__main__": main()
