#!/usr/bin/env python3
"""Kernel lab: what does a real Linux netfilter do with these frames?

A scenario is a folder:
  host.json        the firewall host and, for mode live, what stands around it (see below)
  rules.v4         iptables-restore input, optional (loaded with iptables-legacy)
  rules.v6         ip6tables-restore input, optional
  rules.nft        `nft -f` input, optional
  ipset.save       `ipset restore` input, optional (loaded before the rules)
  in.IFACE.pcap    frames that arrive at the firewall's interface IFACE (mode inject)
  local.pcap       raw-IP packets that the firewall host itself sends (mode inject, link type 101)
  live.sh          or: a script that makes real traffic (mode live); see README.md

host.json:
  {"interfaces": {"lan": {"mac": "02:00:00:00:01:01", "peer_mac": "02:00:00:00:01:10", "mtu": 1500,
                          "addresses": ["192.168.1.1/24"]},
                  "wan": {"mac": "02:00:00:00:02:01", "addresses": ["203.0.113.1/24"]}},
   "routes":     ["default via 203.0.113.254 dev wan"],
   "rules":      ["fwmark 2 table 200"],
   "neighbours": {"lan": {"192.168.1.10": "02:00:00:00:01:10"}},
   "sysctl":     {"net.ipv4.ip_forward": "1"},
   "peers":      {"wan": {"addresses": ["203.0.113.254/24", "198.51.100.7/32 dev lo"],
                          "routes": ["default via 203.0.113.1"], "nameserver": "198.51.100.53",
                          "neighbours": {"203.0.113.1": "02:00:00:00:02:01"}, "sysctl": {}}}}
Behind every interface of the firewall is one namespace, whose only interface is eth0; "peers" sets it up.

Usage: lab.py inject SCENARIO OUT     (needs root, iproute2, iptables, conntrack, ethtool, nftables)
       lab.py live   SCENARIO OUT

OUT then holds what the kernel did:
  frames.jsonl     mode inject: one line an input frame: index, iface, and the frames that came out
                   because of it: [{"iface": ..., "hex": ...}, ...] (empty: nothing came out)
  local.pcap       the raw-IP packets that the host itself sent (mode live: see localtap.py)
  in.IFACE.pcap    every frame that entered the firewall at IFACE, as the firewall saw it
  out.IFACE.pcap   every frame that left the firewall at IFACE
  ipset.save       ipset save afterwards, where the scenario has sets
  rules.v4/.v6     iptables-save -c afterwards (ruleset.nft.json: nft -j list ruleset)
  conntrack.txt    conntrack -L -o id,extended afterwards; events.txt: conntrack -E; expect.txt, expect6.txt
  addr.json route.json rule.json neigh.json link.json  `ip -j ...` of the firewall host
  sysctl.txt       every setting that decides a packet's fate
  sockets.txt      mode live: the sockets of the host that listened (ss -tulnpH)
  log.txt          what LOG and TRACE wrote, in the kernel's words (where the ruleset logs)
Every pcap is in the order of time; the time is the kernel's, taken as the frame came in or went out.
"""
import ctypes, json, os, shutil, signal, socket, struct, subprocess, sys, threading, time
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import localtap, logtap, tap

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000
SETTLE = float(os.environ.get("LAB_SETTLE", "0.004"))   # seconds without output that end one frame's turn
SYSCTLS = "|".join((
    r"^net\.netfilter\.nf_(conntrack|flowtable)", "ip_forward$", "rp_filter$", "accept_local$",
    r"^net\.ipv[46]\.conf\..*\.(forwarding|send_redirects|accept_redirects|accept_source_route|log_martians"
    r"|route_localnet|hop_limit|mtu|disable_ipv6|drop_unicast_in_l2_multicast)$",
    r"^net\.ipv4\.(icmp_|ipfrag_|ip_default_ttl|ip_no_pmtu_disc|ip_forward_|min_pmtu|fwmark_reflect|tcp_fwmark_accept"
    r"|fib_multipath|ip_early_demux|ip_nonlocal_bind|igmp_link_local)", r"^net\.ipv4\.route\.min_pmtu$",
    r"^net\.ipv6\.(icmp\.|ip6frag_|fwmark_reflect|bindv6only|flowlabel|auto_flowlabels|route\.mtu_expires)"))


def sh(*cmd, check=True, ns=None, **kw):
    """The standard output of a command, run in the namespace `ns`; where it fails, the lab ends with its words."""
    if ns:
        cmd = ("ip", "netns", "exec", ns) + cmd
    r = subprocess.run(cmd, text=True, capture_output=True, **kw)
    if check and r.returncode:
        raise SystemExit(f"lab: {' '.join(cmd)}: {r.stderr.strip() or r.stdout.strip()}")
    return r.stdout


class InNamespace:
    """Enter a named network namespace with the calling thread; sockets opened inside stay there."""
    def __init__(self, ns): self.ns = ns
    def __enter__(self):
        self.old = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        new = os.open(f"/run/netns/{self.ns}", os.O_RDONLY)
        if LIBC.setns(new, CLONE_NEWNET): raise OSError(ctypes.get_errno(), "setns")
        os.close(new)
    def __exit__(self, *a):
        LIBC.setns(self.old, CLONE_NEWNET); os.close(self.old)


def read_pcap(path):
    """Yield (seconds, linktype, bytes) from a classic pcap file, any byte order, us or ns."""
    with open(path, "rb") as f:
        head = f.read(24)
        magic = head[:4]
        order, frac = {b"\xd4\xc3\xb2\xa1": ("<", 1e6), b"\xa1\xb2\xc3\xd4": (">", 1e6),
                       b"\x4d\x3c\xb2\xa1": ("<", 1e9), b"\xa1\xb2\x3c\x4d": (">", 1e9)}[magic]
        link = struct.unpack(order + "I", head[20:24])[0] & 0xffff
        while True:
            h = f.read(16)
            if len(h) < 16: return
            s, u, n, _ = struct.unpack(order + "IIII", h)
            yield s + u / frac, link, f.read(n)


class PcapWriter:
    """A nanosecond pcap; its records are kept until close() and written in the order of time."""
    def __init__(self, path, link=1):
        self.path, self.link, self.records = path, link, []
    def write(self, ns, data): self.records.append((ns, data))
    def close(self):
        self.records.sort(key=lambda r: r[0])
        with open(self.path, "wb") as f:
            f.write(struct.pack("<IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, 262144, self.link))
            for ns, data in self.records:
                f.write(struct.pack("<IIII", ns // 10**9, ns % 10**9, len(data), len(data)) + data)


class Lab:
    def __init__(self, scenario, out):
        self.dir, self.out = scenario, out
        self.host = json.load(open(os.path.join(scenario, "host.json")))
        self.tag = f"l{os.getpid()}"
        self.fw = f"{self.tag}-fw"
        self.peers = {i: f"{self.tag}-{i}" for i in self.host["interfaces"]}
        self.stop = threading.Event()

    def path(self, name): return os.path.join(self.dir, name)
    def has(self, name): return os.path.exists(self.path(name))

    # -- the network --------------------------------------------------------------------------------
    def build(self):
        self.namespace(self.fw)
        for key in ("all", "default"):
            sh("sysctl", "-qw", f"net.ipv4.conf.{key}.rp_filter=0", ns=self.fw)
            sh("sysctl", "-qw", f"net.ipv4.conf.{key}.accept_local=1", ns=self.fw)
            sh("sysctl", "-qw", f"net.ipv4.conf.{key}.send_redirects=0", ns=self.fw)
            sh("sysctl", "-qw", f"net.ipv6.conf.{key}.accept_dad=0", f"net.ipv6.conf.{key}.accept_ra=0",
               f"net.ipv6.conf.{key}.router_solicitations=0", ns=self.fw)
        # acct: connbytes and byte counters; checksum verification stays at the kernel's default
        sh("sysctl", "-qw", "net.netfilter.nf_conntrack_acct=1", ns=self.fw)
        for n, (iface, spec) in enumerate(self.host["interfaces"].items()): self.interface(n, iface, spec)
        for r in self.host.get("routes", []): sh("ip", *(["-6"] if ":" in r else []), "route", "add", *r.split(), ns=self.fw)
        for r in self.host.get("rules", []): sh("ip", *(["-6"] if ":" in r else []), "rule", "add", *r.split(), ns=self.fw)
        for dev, table in self.host.get("neighbours", {}).items(): self.neighbours(self.fw, dev, table)
        for k, v in self.host.get("sysctl", {}).items(): sh("sysctl", "-qw", f"{k}={v}", ns=self.fw)
        for iface, spec in self.host.get("peers", {}).items(): self.peer(self.peers[iface], spec)
        self.load()

    def interface(self, n, iface, spec):
        """One interface of the firewall, and the namespace at its other end."""
        peer = self.peers[iface]
        self.namespace(peer)
        sh("ip", "link", "add", iface, "netns", self.fw, "type", "veth", "peer", "name", "eth0", "netns", peer)
        if "mac" in spec: sh("ip", "link", "set", iface, "address", spec["mac"], ns=self.fw)
        sh("ip", "link", "set", "eth0", "address", spec.get("peer_mac", f"02:00:00:00:ee:{n + 1:02x}"), ns=peer)
        if "mtu" in spec:
            sh("ip", "link", "set", iface, "mtu", str(spec["mtu"]), ns=self.fw)
        # what the host's own TCP hands to OUTPUT is what goes on the wire: one segment
        sh("ip", "link", "set", iface, "gso_max_segs", "1", ns=self.fw)
        for ns, dev in ((self.fw, iface), (peer, "eth0")):
            sh("sysctl", "-qw", f"net.ipv6.conf.{dev}.addr_gen_mode=1", ns=ns)
            sh("ethtool", "-K", dev, "rx", "off", "tx", "off", "gso", "off", "gro", "off", "tso", "off",
               check=False, ns=ns)
            sh("ip", "link", "set", dev, "up", ns=ns)
        for a in spec.get("addresses", []):
            sh("ip", "addr", "add", a, "dev", iface, *(["nodad"] if ":" in a else []), ns=self.fw)

    def namespace(self, ns):
        """A network namespace whose programs do not see this machine's name servers."""
        sh("ip", "netns", "add", ns)
        # where the scenario does not speak IPv6, nobody shall send multicast reports
        six = self.has("rules.v6") or any(":" in a for i in self.host["interfaces"].values() for a in i.get("addresses", []))
        if not six: sh("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1", ns=ns)
        sh("ip", "link", "set", "lo", "up", ns=ns)
        self.resolver(ns, None)

    def resolver(self, ns, address):
        """What `ip netns exec` shows in /etc there: one name server, or no look-ups at all."""
        os.makedirs(f"/etc/netns/{ns}", exist_ok=True)
        open(f"/etc/netns/{ns}/nsswitch.conf", "w").write(f"hosts: files{' dns' if address else ''}\n")
        if address: open(f"/etc/netns/{ns}/resolv.conf", "w").write(f"nameserver {address}\n")

    def peer(self, ns, spec):
        for k, v in spec.get("sysctl", {}).items(): sh("sysctl", "-qw", f"{k}={v}", ns=ns)
        for a in spec.get("addresses", []):
            sh("ip", "addr", "add", *a.split(), *([] if " dev " in a else ["dev", "eth0"]), *(["nodad"] if ":" in a else []), ns=ns)
        for r in spec.get("routes", []): sh("ip", *(["-6"] if ":" in r else []), "route", "add", *r.split(), ns=ns)
        self.neighbours(ns, "eth0", spec.get("neighbours", {}))
        if "nameserver" in spec: self.resolver(ns, spec["nameserver"])

    def neighbours(self, ns, dev, table):
        for ip, mac in table.items(): sh("ip", "neigh", "replace", ip, "lladdr", mac, "dev", dev, "nud", "permanent", ns=ns)

    def load(self):
        if self.has("ipset.save"):
            sh("ipset", "restore", input=open(self.path("ipset.save")).read(), ns=self.fw)
        if self.has("rules.v6"): time.sleep(2.5)                          # the host's own MLD reports, before rules count them
        for name, tool in (("rules.v4", "iptables-legacy-restore"), ("rules.v6", "ip6tables-legacy-restore")):
            if self.has(name): sh(tool, input=open(self.path(name)).read(), ns=self.fw)
        if self.has("rules.nft"): sh("nft", "-f", self.path("rules.nft"), ns=self.fw)
        # connection tracking is only hooked up once something asks for it: make the tables exist
        if self.has("rules.v4") or self.has("rules.v6"):
            sh("iptables-legacy", "-w", "-L", "-n", ns=self.fw)

    def destroy(self):
        for ns in [self.fw, *self.peers.values()]:
            for pid in sh("ip", "netns", "pids", ns, check=False).split():    # what live.sh started and left running
                try: os.kill(int(pid), signal.SIGKILL)
                except ProcessLookupError: pass
            sh("ip", "netns", "del", ns, check=False)
            shutil.rmtree(f"/etc/netns/{ns}", ignore_errors=True)

    # -- capturing at the firewall's own interfaces -------------------------------------------------
    def tap(self):
        """Watch every interface of the firewall: frames in and out with their direction."""
        with InNamespace(self.fw): self.taps = [tap.Tap(iface) for iface in self.host["interfaces"]]
        self.writers = {(d, t.iface): PcapWriter(os.path.join(self.out, f"{d}.{t.iface}.pcap")) for t in self.taps for d in ("in", "out")}

    def drain(self, settle):
        """Collect [(iface, 'in'|'out', ns, frame)] until nothing came for `settle` seconds."""
        got = tap.drain(self.taps, settle)
        for iface, direction, ns, data in got: self.writers[direction, iface].write(ns, data)
        return got

    # -- mode inject --------------------------------------------------------------------------------
    def open_senders(self):
        """One raw sender for the far end of each interface, and two (keys 4 and 6) for the firewall host itself."""
        self.senders, self.rows, self.deliveries, self.told = {}, 0, None, 0
        for iface, peer in self.peers.items():
            with InNamespace(peer):
                self.senders[iface] = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
                self.senders[iface].bind(("eth0", 0))
        with InNamespace(self.fw):
            self.senders[4] = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
            self.senders[6] = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)
        self.log = open(os.path.join(self.out, "frames.jsonl"), "w")
        self.local = PcapWriter(os.path.join(self.out, "local.pcap"), link=101)
        self.drain(0.05)

    def send(self, iface, data):
        """Let one frame arrive at `iface` (None: the host itself sends this IP packet).

        Returns what left the firewall because of it: [(iface, frame), ...]."""
        error = None
        try:
            if iface is not None: self.senders[iface].send(data)
            else:
                self.local.write(time.time_ns(), data)
                if data[0] >> 4 == 4: self.senders[4].sendto(data, (socket.inet_ntoa(data[16:20]), 0))
                else: self.senders[6].sendto(data, (socket.inet_ntop(socket.AF_INET6, data[24:40]), 0))
        except OSError as e:
            error = e.strerror
        if self.deliveries: self.arrived()
        outs = [(i, d) for i, direction, _, d in self.drain(SETTLE) if direction == "out"]
        row = {"index": self.rows, "iface": iface or "local", "out": [{"iface": i, "hex": d.hex()} for i, d in outs]}
        if error: row["error"] = error
        if self.deliveries: row["delivered"] = self.delivered()
        self.log.write(json.dumps(row) + "\n")
        self.rows += 1
        return outs

    def inject(self):
        timeline = []
        for iface in self.host["interfaces"]:
            if self.has(f"in.{iface}.pcap"):
                timeline += [(t, iface, data) for t, _, data in read_pcap(self.path(f"in.{iface}.pcap"))]
        if self.has("local.pcap"):
            timeline += [(t, None, data) for t, _, data in read_pcap(self.path("local.pcap"))]
        timeline.sort(key=lambda x: x[0])
        self.open_senders()
        if os.environ.get("LAB_DELIVERED") == "1":                        # say of each frame how many packets passed INPUT
            with InNamespace(self.fw): self.deliveries = localtap.LocalTap()
        words = logtap.LogTap(open(self.path(n)).read() for n in ("rules.v4", "rules.v6") if self.has(n))
        pace = os.environ.get("LAB_PACE") == "1"                          # keep the capture's own gaps
        start, first = time.time(), timeline[0][0] if timeline else 0
        for t, iface, data in timeline:
            if pace: time.sleep(max(0, start + (t - first) - time.time()))
            self.send(iface, data)
        words.close(os.path.join(self.out, "log.txt"))
        if self.deliveries: self.deliveries.close()
        self.log.close(); self.local.close()

    def arrived(self):
        """Waits until the frame at hand has come to the hooks, at most as long as one takes that never comes there."""
        end = time.time() + 0.06
        while time.time() < end and all(e.hook == localtap.NF_INET_LOCAL_IN for e in self.deliveries.events[self.told:]): time.sleep(0.001)

    def delivered(self):
        """How many packets passed INPUT since this was asked last; the log is read beside, so until nothing more comes."""
        seen = -1
        while seen != len(self.deliveries.events): seen = len(self.deliveries.events); time.sleep(0.004)
        events, self.told = self.deliveries.events[self.told:], len(self.deliveries.events)
        return sum(e.hook == localtap.NF_INET_LOCAL_IN for e in events)

    # -- mode live ----------------------------------------------------------------------------------
    def live(self):
        """Run live.sh with the namespaces' names in its environment, capturing until it ends.

        It and all it starts stay on one processor, so that packets are worked on strictly one after the
        other and the order of the recording is the order in which the rules saw them."""
        with InNamespace(self.fw): host = localtap.LocalTap()
        words = logtap.LogTap(open(self.path(n)).read() for n in ("rules.v4", "rules.v6") if self.has(n))
        sockets = {}
        def pump():
            while not self.stop.is_set(): self.drain(0.05)
        def watch():
            while not self.stop.wait(0.1):
                for line in sh("ss", "-tulnpH", ns=self.fw, check=False).splitlines():
                    netid, _, _, _, local, *_ = line.split()
                    sockets.setdefault((netid, local), line.rstrip())
        threads = [threading.Thread(target=t, daemon=True) for t in (pump, watch)]
        for t in threads: t.start()
        env = dict(os.environ, FW=self.fw, OUT=os.path.abspath(self.out),
                   **{f"NS_{i}".replace("-", "_"): p for i, p in self.peers.items()})
        one = max(os.sched_getaffinity(0))
        try:
            with open(os.path.join(self.out, "live.log"), "w") as log:
                r = subprocess.run(["bash", "live.sh"], cwd=self.dir, env=env, stdout=log, stderr=log, timeout=300,
                                   preexec_fn=lambda: os.sched_setaffinity(0, {one}))
                log.write(f"exit {r.returncode}\n")
            time.sleep(0.2)
            last = max(ns for w in self.writers.values() for ns, _ in w.records)
            time.sleep(max(0, last / 1e9 + 0.52 - time.time()))
            self.dump_lists()
        finally: words.close(os.path.join(self.out, "log.txt"))
        self.stop.set()
        for t in threads: t.join()
        self.drain(0.1)
        local = PcapWriter(os.path.join(self.out, "local.pcap"), link=101)
        host.close()
        records = lambda way: [(ns, i, data) for (d, i), w in self.writers.items() if d == way for ns, data in w.records]
        for ns, data in host.packets(records("in"), records("out")): local.write(ns, data)
        local.close()
        open(os.path.join(self.out, "sockets.txt"), "w").write("".join(line + "\n" for line in sorted(sockets.values())))
        if r.returncode: print(f"lab: live.sh exited {r.returncode}; see live.log", file=sys.stderr)

    # -- afterwards ---------------------------------------------------------------------------------
    def put(self, name, text): open(os.path.join(self.out, name), "w").write(text)

    def dump_lists(self):
        """Connections and expectations; what they have left is counted half a second behind the last frame."""
        self.put("expect.txt", sh("conntrack", "-L", "expect", ns=self.fw, check=False))          # IPv4
        self.put("expect6.txt", sh("conntrack", "-L", "expect", "-f", "ipv6", ns=self.fw, check=False))
        self.put("conntrack.txt", sh("conntrack", "-L", "-f", "ipv4", "-o", "extended,id", ns=self.fw, check=False)
            + sh("conntrack", "-L", "-f", "ipv6", "-o", "extended,id", ns=self.fw, check=False))

    def dump(self):
        put = self.put
        for what in ("addr", "route", "rule", "neigh", "link"):
            put(f"{what}.json", sh("ip", "-j", *(["-d"] if what == "link" else []), what, "show",
                                   *(["table", "all"] if what == "route" else []), ns=self.fw))
        put("route6.json", sh("ip", "-6", "-j", "route", "show", ns=self.fw))
        put("rule6.json", sh("ip", "-6", "-j", "rule", "show", ns=self.fw))
        if self.has("rules.v4"): put("rules.v4", sh("iptables-legacy-save", "-c", ns=self.fw))
        if self.has("rules.v6"): put("rules.v6", sh("ip6tables-legacy-save", "-c", ns=self.fw))
        if self.has("ipset.save"): put("ipset.save", sh("ipset", "save", ns=self.fw))
        if self.has("rules.nft"): put("ruleset.nft.json", sh("nft", "-j", "list", "ruleset", ns=self.fw))
        put("sysctl.txt", sh("sysctl", "-a", "--pattern", SYSCTLS, ns=self.fw))

    def run(self, mode):
        shutil.rmtree(self.out, ignore_errors=True); os.makedirs(self.out)
        try:
            self.build()
            self.tap()
            events = subprocess.Popen(["ip", "netns", "exec", self.fw, "conntrack", "-E", "-o", "timestamp,extended,id"],
                                      stdout=open(os.path.join(self.out, "events.txt"), "w"), stderr=subprocess.DEVNULL)
            xevents = subprocess.Popen(["ip", "netns", "exec", self.fw, "conntrack", "-E", "expect", "-o", "timestamp"],
                                       stdout=open(os.path.join(self.out, "expect-events.txt"), "w"), stderr=subprocess.DEVNULL)
            time.sleep(0.1)
            getattr(self, mode)()
            if mode != "live": self.dump_lists()
            self.dump()
            for p in (events, xevents): p.terminate(); p.wait()
            for w in self.writers.values(): w.close()
        finally:
            self.stop.set()
            self.destroy()


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in ("inject", "live"):
        raise SystemExit(__doc__)
    if os.geteuid(): raise SystemExit("lab: needs root (network namespaces)")
    Lab(sys.argv[2], sys.argv[3]).run(sys.argv[1])
