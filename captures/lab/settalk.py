"""fuzz.py's profile `sets`: random IP sets of every type that the kernel has, and rules that look into them and change them."""

TYPES = ["bitmap:ip", "bitmap:ip,mac", "bitmap:port", "hash:ip", "hash:net", "hash:ip,port", "hash:net,port",
         "hash:ip,port,ip", "hash:ip,port,net", "hash:net,iface"]
MACS = ["02:00:00:00:01:10", "02:00:00:00:03:10", "02:00:00:00:02:fe"]


class Sets:
    def __init__(self, rng, six, addresses, ports):
        self.r, self.six, self.addresses, self.ports, self.types = rng, six, addresses, ports, {}

    def address(self): return self.r.choice(self.addresses)

    def net(self):
        lengths = [128, 128, 124, 64, 48, 16, 1] if self.six else [32, 32, 30, 28, 24, 16, 8, 1]
        return f"{self.address()}/{self.r.choice(lengths)}"

    def port(self):
        r, p = self.r, self.r.choice(self.ports)
        icmp = ["icmpv6:echo-request", "icmpv6:1/4"] if self.six else ["icmp:echo-request", "icmp:3/3", "icmp:echo-reply"]
        return r.choice([f"tcp:{p}", f"tcp:{p}", f"udp:{p}", f"tcp:{p}-{p + r.randint(0, 3)}" if p < 65000 else f"udp:{p}", "gre:0", "sctp:132"] + icmp)

    def element(self, kind):
        r, ip, net, port = self.r, self.address, self.net, self.port
        inside = [a for a in self.addresses if a.startswith("192.168.1.")]
        return {"bitmap:ip": lambda: r.choice(inside), "bitmap:ip,mac": lambda: r.choice(inside) + r.choice(["", "," + r.choice(MACS)]),
                "bitmap:port": lambda: str(r.choice([p for p in self.ports if p <= 1024])), "hash:ip": ip, "hash:net": net,
                "hash:ip,port": lambda: f"{ip()},{port()}", "hash:net,port": lambda: f"{net()},{port()}",
                "hash:ip,port,ip": lambda: f"{ip()},{port()},{ip()}", "hash:ip,port,net": lambda: f"{ip()},{port()},{net()}",
                "hash:net,iface": lambda: f"{net()},{r.choice(['lan', 'wan', 'dmz', 'wan wildcard'])}"}[kind]()

    def create(self, name, kind):
        r, words = self.r, [f"create {name} {kind}"]
        if kind == "bitmap:port": words.append("range 0-1024")
        elif kind.startswith("bitmap"): words.append("range 192.168.0.0/20")
        else:
            words.append(f"family {'inet6' if self.six else 'inet'} hashsize 64 initval 0x{r.randrange(1 << 32):08x} bucketsize {r.choice([2, 4, 12])}")
            if r.random() < 0.3: words.append(f"maxelem {r.choice([50, 60])}")
            if r.random() < 0.3: words.append("forceadd")
            if kind in ("hash:ip", "hash:ip,port") and r.random() < 0.25: words.append(f"netmask {r.choice([64, 120] if self.six else [24, 30])}")
        options = [o for o in ("counters", "comment", "skbinfo") if r.random() < 0.5]
        if r.random() < 0.3: options.append(f"timeout {r.choice([0, 300, 9000])}")
        self.types[name] = (kind, options)
        return " ".join(words + options)

    def add(self, name):
        r, (kind, options) = self.r, self.types[name]
        text = f"-exist add {name} {self.element(kind)}"
        if "net" in kind and r.random() < 0.25: text += " nomatch"
        if "counters" in options and r.random() < 0.5: text += f" packets {r.randint(0, 9)} bytes {r.randint(0, 900)}"
        if "comment" in options and r.random() < 0.5: text += ' comment "a word"'
        if "skbinfo" in options: text += f" skbmark 0x{r.randint(0, 3):x}/0x{r.choice([0xff, 0xffffffff, 1]):x} skbprio 1:{r.randint(0, 9)}"
        return text

    def text(self):
        r, out, kinds = self.r, [], [t for t in TYPES if not (self.six and t in ("bitmap:ip", "bitmap:ip,mac"))]
        for i in range(r.randint(3, 8)):
            name = f"s{i}"; out.append(self.create(name, r.choice(kinds)))
            out += [self.add(name) for _ in range(r.randint(0, 12))]
        for i in range(r.randint(0, 2)):
            name, members = f"l{i}", r.sample(list(self.types), r.randint(1, 3))
            options = [o for o in ("counters", "skbinfo") if r.random() < 0.5]
            out.append(" ".join([f"create {name} list:set", *options])); out += [f"add {name} {m}" for m in members if not m.startswith("l")]
            self.types[name] = ("list:set", options)
        return "\n".join(out) + "\n"

    def reference(self, name):
        kind, r = self.types[name][0], self.r
        size = r.randint(1, 3) if kind == "list:set" else kind.split(":")[1].count(",") + 1
        size += r.random() < 0.1; size -= r.random() < 0.05 and size > 1
        return f"{name} {','.join(r.choice(['src', 'dst']) for _ in range(size))}"

    def match(self):
        r = self.r; name = r.choice(list(self.types))
        text = f"-m set {'! ' if r.random() < 0.2 else ''}--match-set {self.reference(name)}"
        if r.random() < 0.15: text += " --return-nomatch"
        if r.random() < 0.15: text += " ! --update-counters"
        if r.random() < 0.1: text += " ! --update-subcounters"
        if r.random() < 0.15: text += r.choice([" --packets-gt 2", " ! --packets-eq 3", " --packets-lt 5", " --packets-eq 1"])
        if r.random() < 0.1: text += r.choice([" --bytes-gt 200", " --bytes-lt 400"])
        return text

    def change(self, table):
        r, n = self.r, list(self.types); text = "-j SET"
        kind = r.choice(["add", "add", "add", "del"] + (["map"] * 3 if table == "mangle" else []))
        if kind == "add":
            text += f" --add-set {self.reference(r.choice(n))}" + r.choice(["", " --exist"])
            if r.random() < 0.2: text += " --timeout 4000"
            if r.random() < 0.2: text += f" --del-set {self.reference(r.choice(n))}"
        elif kind == "del": text += f" --del-set {self.reference(r.choice(n))}"
        else: text += f" --map-set {self.reference(r.choice(n))} --map-mark"
        return text

    def rules(self, count):
        r, out = self.r, []
        for table, chains in (("mangle", ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"]), ("filter", ["INPUT", "FORWARD", "OUTPUT"])):
            out += [f"*{table}"] + [f":{c} ACCEPT [0:0]" for c in chains]
            for _ in range(count):
                c = r.choice(chains + ["FORWARD"] * 3 + (["PREROUTING"] * 2 if table == "mangle" else []))
                words = [f"-A {c}"]
                if r.random() < 0.7: words.append(self.match())
                if r.random() < 0.15: words.append(self.match())
                if r.random() < 0.15: words.append(f"-m mark --mark 0x{r.randint(0, 3)}")
                if r.random() < 0.45: words.append(self.change(table))
                elif r.random() < 0.12 and len(words) > 1: words.append("-j DROP" if table == "filter" else "-j MARK --set-xmark 0x2/0xff")
                out.append(" ".join(words))
            out.append("COMMIT")
        return "\n".join(out) + "\n"
