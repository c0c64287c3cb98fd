"""The packets that the firewall host itself sends, as they enter OUTPUT before any rule.

nftables logs them to a netlink group from an output chain of priority -500 (before defragmentation, raw and
conntrack), and beside them every packet that enters PREROUTING and every one that has passed INPUT: one queue, whose
order says what a packet follows. The log statement changes nothing and asks for no connection tracking.

Left out is what the kernel makes in answer to a packet, because whoever replays the arrivals makes it again:
  - ICMP and ICMPv6 errors (REJECT's and the kernel's own);
  - TCP resets of REJECT, and those for a segment for which there is no connection (a closed port, a stray ACK).
A reset that belongs to a program's connection stays: the message names the owner of the socket that sent it, or the
host has sent something else on that connection before and the segment that came last from there had passed INPUT
(REJECT answers while its packet is still in INPUT or FORWARD).
Everything else stays: what sockets send (also SYN,ACK, retransmissions, the last ACKs of a connection whose program is
gone), echo replies, neighbour discovery, multicast reports.

A transport checksum that the kernel leaves for the device to finish is finished here.
"""
import collections, socket, struct, subprocess, threading, time

GROUP = 65000
TABLE = f"""table inet lab {{
  chain arrive {{ type filter hook prerouting priority -500; log group {GROUP} snaplen 128; }}
  chain deliver {{ type filter hook input priority 1000; log group {GROUP} snaplen 128; }}
  chain send {{ type filter hook output priority -500; log group {GROUP}; }}
}}"""
NETLINK_NETFILTER, SOL_NETLINK, NETLINK_NO_ENOBUFS, SO_RCVBUFFORCE = 12, 270, 5, 33
NFNL_SUBSYS_ULOG, NFULNL_MSG_PACKET, NFULNL_MSG_CONFIG = 4, 0, 1
NFULA_CFG_CMD, NFULA_CFG_MODE, NFULA_CFG_QTHRESH = 1, 2, 5
NFULNL_CFG_CMD_BIND, NFULNL_COPY_PACKET = 1, 2
NFULA_PACKET_HDR, NFULA_IFINDEX_INDEV, NFULA_PAYLOAD, NFULA_UID = 1, 4, 9, 11
NF_INET_PRE_ROUTING, NF_INET_LOCAL_IN, NF_INET_LOCAL_OUT = 0, 1, 3
ICMP, TCP, UDP, ICMPV6 = 1, 6, 17, 58
ICMP_ERRORS = bytes((3, 4, 5, 11, 12))     # unreachable, quench, redirect, time exceeded, parameter problem
RST = 4
LATE = 1_000_000_000             # ns between a packet in OUTPUT and its reading here, at most

Event = collections.namedtuple("Event", "ns hook indev packet owned")


class LocalTap:
    """Records from its creation (in the firewall's namespace) until close()."""
    def __init__(self):
        self.events, self.names = [], {i: n for i, n in socket.if_nameindex()}
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
        self.sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
        self.sock.setsockopt(SOL_NETLINK, NETLINK_NO_ENOBUFS, 1)
        self.sock.settimeout(0.2)
        self.configure((NFULA_CFG_CMD, struct.pack("B", NFULNL_CFG_CMD_BIND)))
        self.configure((NFULA_CFG_MODE, struct.pack(">IBB", 0xffff, NFULNL_COPY_PACKET, 0)), (NFULA_CFG_QTHRESH, struct.pack(">I", 1)))
        subprocess.run(["nft", "-f", "-"], input=TABLE, text=True, check=True)
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.listen, daemon=True); self.thread.start()

    def configure(self, *attributes):
        body = struct.pack(">BBH", socket.AF_UNSPEC, 0, GROUP) + b"".join(
            struct.pack("HH", 4 + len(v), t) + v + bytes(-len(v) % 4) for t, v in attributes)
        self.sock.send(struct.pack("IHHII", 16 + len(body), NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_CONFIG, 1, 0, 0) + body)

    def listen(self):
        while not self.stop.is_set():
            try: data = self.sock.recv(1 << 18)
            except TimeoutError: continue
            now = time.time_ns()
            while len(data) >= 16:
                n, kind = struct.unpack("IH", data[:6])
                if kind == NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_PACKET: self.events.append(self.event(now, data[20:n]))
                data = data[n + -n % 4:]

    @staticmethod
    def event(now, body):
        a = {}
        while len(body) >= 4:
            n, kind = struct.unpack("HH", body[:4])
            a[kind & 0x3fff] = body[4:n]
            body = body[n + -n % 4:]
        indev = struct.unpack(">I", a[NFULA_IFINDEX_INDEV])[0] if NFULA_IFINDEX_INDEV in a else 0
        return Event(now, a[NFULA_PACKET_HDR][2], indev, a.get(NFULA_PAYLOAD, b""), NFULA_UID in a)

    def close(self):
        self.stop.set(); self.thread.join(); self.sock.close()

    def packets(self, arrivals, departures):
        """[(ns, packet)] of what the host sent.

        `arrivals` and `departures` are [(ns, interface, Ethernet frame)] of the interfaces. The netlink queue has
        no kernel time for OUTPUT: a packet's time is that of the frame it left in, else that of its reading,
        but never before the arrival ahead of it in the queue nor after the next one."""
        came = collections.defaultdict(collections.deque)
        for ns, iface, frame in sorted(arrivals): came[iface, frame[14:][:total_length(frame[14:])][:96]].append(ns)
        left = collections.defaultdict(collections.deque)
        for ns, _, frame in sorted(departures): left[mark(frame[14:])].append(ns)
        times = []
        for e in self.events:
            if e.hook == NF_INET_LOCAL_OUT:
                frames = left[mark(e.packet)]
                while frames and frames[0] < e.ns - LATE: frames.popleft()
                times.append(frames.popleft() - 1 if frames and frames[0] < e.ns + LATE // 50 else e.ns)
            elif e.hook == NF_INET_PRE_ROUTING:
                queue = came[self.names.get(e.indev), e.packet[:96]]
                times.append(queue.popleft() if queue else None)
            else: times.append(None)
        return self.sent(between(times, [e.hook == NF_INET_LOCAL_OUT for e in self.events]))

    def sent(self, times):
        spoken, last, out = set(), {}, []                    # connections; the hook that the last segment of a remote end reached
        for ns, e in zip(times, self.events):
            proto, at = transport(e.packet)
            if e.hook != NF_INET_LOCAL_OUT:
                if proto == TCP: last[source(e.packet), e.packet[at:at + 2]] = e.hook
                continue
            if proto == ICMP and e.packet[at:at + 1] in ICMP_ERRORS or proto == ICMPV6 and e.packet[at:at + 1] < b"\x80": continue
            if proto == TCP and len(e.packet) > at + 13:
                connection = addresses(e.packet) + e.packet[at:at + 4]
                if not e.packet[at + 13] & RST: spoken.add(connection)
                elif not e.owned and (connection not in spoken
                                      or last.get((destination(e.packet), e.packet[at + 2:at + 4])) != NF_INET_LOCAL_IN): continue
            out.append((ns, finished(e.packet)))
        return out


def between(times, mine):
    """The times with those that are `mine` moved between their neighbours in the queue that are not."""
    times, limit = list(times), None
    for i in reversed(range(len(times))):
        if mine[i]:
            if limit is not None and times[i] >= limit: times[i] = limit - 1
            limit = times[i]
        elif times[i] is not None: limit = times[i]
    floor = 0
    for i, ns in enumerate(times):
        if ns is None: continue
        if mine[i]: times[i] = floor = max(ns, floor + 1)
        else: floor = max(floor, ns)
    return times


# ---- packets -------------------------------------------------------------------------------------
def total_length(ip):
    if len(ip) < 20: return len(ip)
    return int.from_bytes(ip[2:4], "big") if ip[0] >> 4 == 4 else 40 + int.from_bytes(ip[4:6], "big")


def addresses(ip): return ip[12:20] if ip[0] >> 4 == 4 else ip[8:40]


def source(ip): return ip[12:16] if ip[0] >> 4 == 4 else ip[8:24]


def destination(ip): return ip[16:20] if ip[0] >> 4 == 4 else ip[24:40]


def transport(ip):
    """(protocol, offset of its header); what is behind IPv6 extension headers is not looked for."""
    return (ip[9], (ip[0] & 15) * 4) if ip[0] >> 4 == 4 else (ip[6], 40)


def mark(ip):
    """What a packet keeps on its way from OUTPUT to the wire, whatever the rules change: TCP's numbers and flags, else the data."""
    if len(ip) < 20 or ip[0] >> 4 != 4 and len(ip) < 40: return None
    proto, at = transport(ip)
    return ip[0] >> 4, proto, total_length(ip), ip[at + 4:at + 14] if proto == TCP else ip[at + 8:at + 108]


def finished(ip):
    """The packet with its transport checksum complete, if all that stands there is the pseudo header's sum."""
    proto, at = transport(ip)
    where = {TCP: 16, UDP: 6}.get(proto)
    if where is None or len(ip) < at + where + 2: return ip
    pseudo = addresses(ip) + struct.pack(">II", len(ip) - at, proto)
    if ip[at + where:at + where + 2] != struct.pack(">H", folded(pseudo)): return ip
    zeroed = ip[at:at + where] + b"\0\0" + ip[at + where + 2:]
    value = ~folded(pseudo + zeroed) & 0xffff
    return ip[:at + where] + struct.pack(">H", value or (0xffff if proto == UDP else 0)) + ip[at + where + 2:]


def folded(data):
    s = sum(struct.unpack(f">{len(data) // 2}H", data[:len(data) & ~1])) + (data[-1] << 8 if len(data) % 2 else 0)
    while s >> 16: s = (s >> 16) + (s & 0xffff)
    return s
