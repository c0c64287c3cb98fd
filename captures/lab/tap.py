"""Frames as they pass an interface: a packet socket with a ring (PACKET_RX_RING).

The kernel copies each frame into the ring as it passes. A packet socket without a ring shares the frame's bytes with the
kernel's further work until they are read: Linux writes the outgoing headers of fragments over the arrived ones in
place, and the recording would show what left where it should show what came."""
import mmap, select, socket, struct

ETH_P_ALL = 0x0003
PACKET_OUTGOING = 4
SO_TIMESTAMPNS = 35
SOL_PACKET, PACKET_RX_RING, PACKET_VERSION, TPACKET_V2 = 263, 5, 10, 1
BLOCK, BLOCKS, FRAME = 1 << 16, 512, 1 << 12                              # 8192 frames of up to about 4000 bytes
TP_STATUS_USER, TP_STATUS_VLAN_VALID, TP_STATUS_VLAN_TPID_VALID = 0x01, 0x10, 0x40
HEADER = struct.Struct("IIIHHIIHH")                                       # struct tpacket2_hdr
LINK_ADDRESS = 32                                                         # then struct sockaddr_ll


class Tap:
    def __init__(self, iface):
        self.iface, self.next = iface, 0
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.socket.setsockopt(SOL_PACKET, PACKET_VERSION, TPACKET_V2)
        self.socket.setsockopt(SOL_PACKET, PACKET_RX_RING, struct.pack("IIII", BLOCK, BLOCKS, FRAME, BLOCK * BLOCKS // FRAME))
        self.ring = mmap.mmap(self.socket.fileno(), BLOCK * BLOCKS)
        self.socket.bind((iface, ETH_P_ALL))

    def fileno(self): return self.socket.fileno()

    def frames(self):
        """Yield ("in" or "out", nanoseconds, frame) of what passed since the last call, VLAN tags where they were."""
        while True:
            at = self.next * FRAME
            status, length, kept, mac, _, s, ns, tci, tpid = HEADER.unpack_from(self.ring, at)
            if not status & TP_STATUS_USER: return
            if kept < length: raise SystemExit(f"lab: {self.iface}: a frame of {length} bytes is too long to be recorded")
            data = self.ring[at + mac:at + mac + kept]
            if status & TP_STATUS_VLAN_VALID:
                data = data[:12] + struct.pack(">HH", tpid if status & TP_STATUS_VLAN_TPID_VALID else 0x8100, tci) + data[12:]
            way = "out" if self.ring[at + LINK_ADDRESS + 10] == PACKET_OUTGOING else "in"
            struct.pack_into("I", self.ring, at, 0)
            self.next = (self.next + 1) % (BLOCK * BLOCKS // FRAME)
            yield way, s * 10**9 + ns, data


def drain(taps, settle):
    """Collect [(interface, "in" or "out", nanoseconds, frame)] until nothing came for `settle` seconds."""
    got = []
    while True:
        ready, _, _ = select.select(taps, [], [], settle)
        if not ready: return got
        for tap in ready: got += [(tap.iface, *frame) for frame in tap.frames()]
