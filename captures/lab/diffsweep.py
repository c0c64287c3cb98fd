#!/usr/bin/env python3
"""Random edits of random rulesets: is what `fwreplay diff` finds what two runs of the real kernel give?

Usage: diffsweep.py --seeds A-B [--profile P] [--talks N] [--keep DIR] -- COMMAND [ARG...]

For each seed, fuzz.py makes a ruleset and conversations; the frames that arrived are then injected three times: twice
with the ruleset (where the kernel does not agree with itself, then or with the other, the seed is left out), and once with a ruleset of one to
three random edits: a rule edited, moved, deleted, inserted. The frames after which something else left the firewall or was
delivered to it must be those that `COMMAND diff --no-causal` calls parted. Prints a line for each seed that differs, and last the figures.
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
    """The rule with another verdict, or without its first condition."""
    for a, b in (("-j ACCEPT", "-j DROP"), ("-j DROP", "-j ACCEPT")):
        if rule.endswith(a): return rule[: -len(a)] + b
    words = rule.split()
    for flag in rng.sample(["-s", "-d", "-i"], 3):
        if flag in words:
            at = words.index(flag); start = at - (words[at - 1] == "!")
            return " ".join(words[:start] + words[at + 2:])
    return rule


def inject(scenario, rules, out, inputs):
    """Injects the frames of `inputs` with a ruleset; what came out after each, or None where it was refused."""
    folder = out + ".scenario"; shutil.rmtree(folder, ignore_errors=True); os.makedirs(folder)
    shutil.copy(os.path.join(scenario, "host.json"), folder)
    open(os.path.join(folder, "rules.v4"), "w").write("\n".join(rules) + "\n")
    for f in os.listdir(inputs):
        if f.startswith("in.") or f == "local.pcap": shutil.copy(os.path.join(inputs, f), folder)
    r = subprocess.run([os.path.join(HERE, "lab.py"), "inject", folder, out], text=True, capture_output=True,
                       env=dict(os.environ, LAB_DELIVERED="1"))
    if r.returncode:
        if "restore" in r.stderr: return None
        raise SystemExit(f"diffsweep: {r.stderr[-800:]}")
    return [without_id(json.loads(line)) for line in open(os.path.join(out, "frames.jsonl"))]


def without_id(row):
    """What came of a frame, without ARP and what is chance: the IP id of packets that the host makes, and checksums over it."""
    ip = [o for o in row["out"] if o["hex"][24:28] != "0806"]
    return row["delivered"], sorted((o["iface"], o["hex"][:36] + o["hex"][40:48] + o["hex"][52:]) for o in ip)


def seed_differs(seed, a, command, base):
    """None where the seed is left out, else what differs (empty: nothing), with how many frames the kernel parted."""
    made = os.path.join(base, "made")
    subprocess.run([os.path.join(HERE, "fuzz.py"), str(seed), made, "--profile", a.profile, "--talks", str(a.talks)],
                   check=True, capture_output=True)
    old, hit = saved(os.path.join(made, "kernel/rules.v4"))
    rng = random.Random(f"edit {seed}"); new = list(old)
    what = [edit(new, hit, rng) for _ in range(rng.randint(1, 3))]
    runs = [inject(made + "/scenario", rules, os.path.join(base, name), made + "/kernel")
            for name, rules in (("old", old), ("twin", old), ("new", new))]
    if None in runs or runs[0] != runs[1]: return None, 0
    kernel = {i for i, (x, y) in enumerate(zip(runs[0], runs[2])) if x != y}
    old_dir = os.path.join(base, "old"); open(os.path.join(old_dir, "sockets.txt"), "w").close()
    ins = [w for f in sorted(os.listdir(old_dir)) if f.startswith("in.") for w in ("--in", f"{f.split('.')[1]}={old_dir}/{f}")]
    if os.path.exists(old_dir + "/local.pcap"): ins += ["--local", old_dir + "/local.pcap"]
    r = subprocess.run([*command, "diff", base + "/old.scenario/rules.v4", base + "/new.scenario/rules.v4", "--no-causal",
                        "--host", old_dir, *ins, "--json", "-"], text=True, capture_output=True)
    if r.returncode not in (0, 3): raise SystemExit(f"diffsweep: seed {seed}: {r.stdout[-300:]}{r.stderr}")
    found = {f for cause in json.loads(r.stdout)["causes"] for c in cause["connections"] for f in c.get("parted", [])}
    if found == kernel: return "", len(kernel)
    if inject(made + "/scenario", new, os.path.join(base, "again"), made + "/kernel") != runs[2]: return None, 0
    return (f"seed {seed} differs after {'; '.join(what)}: only the kernel {sorted(kernel - found)[:9]}, "
            f"only fwreplay {sorted(found - kernel)[:9]}"), len(kernel)


def main():
    argv = sys.argv[1:]
    if "--" not in argv: raise SystemExit(__doc__)
    cut = argv.index("--"); command = argv[cut + 1:]
    a = argparse.ArgumentParser(); a.add_argument("--seeds", required=True); a.add_argument("--profile", default="filter")
    a.add_argument("--talks", type=int, default=15); a.add_argument("--keep")
    a = a.parse_args(argv[:cut])
    lo, _, hi = a.seeds.partition("-")
    equal = total = left = frames = 0
    for seed in range(int(lo), int(hi or lo) + 1):
        base = os.path.join(a.keep, str(seed)) if a.keep else tempfile.mkdtemp(prefix="fwreplay-diff-")
        os.makedirs(base, exist_ok=True)
        words, parted = seed_differs(seed, a, command, base)
        if words is None: left += 1
        else:
            total += 1; equal += words == ""; frames += parted
            if words: print(words)
        if not a.keep: shutil.rmtree(base)
    print(f"{a.profile}: {equal} of {total} edited rulesets equal ({left} left out), {frames} frames parted")
    sys.exit(0 if equal == total and total else 1)


if __name__ == "__main__": main()
