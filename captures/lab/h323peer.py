#!/usr/bin/env python3
"""A small peer of H.323: gatekeeper, caller and called, with media.

Usage: h323peer.py gatekeeper ADDRESS RASPORT NAME=ADDRESS:PORT...   registers one endpoint at that port, admits its call, calls
                                                             it, lets it go
       h323peer.py endpoint ADDRESS GATEKEEPER NAME          registers, calls NAME, takes a call, unregisters
       h323peer.py call ADDRESS TO[:PORT] [HOW...]           one call; HOW: fast, slow (H.245 where the called says), back (H.245
                                                             where the caller says), tunnel, t120
       h323peer.py take ADDRESS[:PORT] [forward=ADDRESS:PORT]   takes one call, or forwards it
The environment's MEDIA is the first of a hundred ports for media: where two calls have the same the helper drops one.
"""
import os, socket, struct, sys, threading, time
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import h323

T = h323.TYPES
ALIAS = lambda name: [("h323-ID", name)]
ID = {"endpointIdentifier": "1", "gatekeeperIdentifier": "gk"}


def place(text, port=1720):
    host, _, p = text.partition(":")
    return host, int(p or port)


def say(*words): print(*words, flush=True)


def listen(address, port=0):
    s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind((address, port)); s.listen(); s.settimeout(8)
    return s


class Stream:
    """Messages in TPKTs on a TCP connection."""
    def __init__(self, sock): self.s, self.rest = sock, b""; sock.settimeout(8)

    def send(self, *messages): self.s.sendall(b"".join(h323.tpkt(m) for m in messages))

    def receive(self):
        while len(self.rest) < 4 or len(self.rest) < int.from_bytes(self.rest[2:4], "big"):
            data = self.s.recv(4096)
            if not data: return None
            self.rest += data
        n = int.from_bytes(self.rest[2:4], "big"); m, self.rest = self.rest[4:n], self.rest[n:]
        return m


class Media:
    """A pair of UDP ports, RTP and RTCP, that answer once what comes."""
    next = int(os.environ.get("MEDIA", "6000"))

    def __init__(self, address):
        self.address, self.port, self.heard, self.pair = address, Media.next, [0, 0], []
        Media.next += 10
        for i in (0, 1):
            u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind((address, self.port + i)); self.pair.append(u)
            threading.Thread(target=self.hear, args=(i,), daemon=True).start()

    def hear(self, i):
        while True:
            data, peer = self.pair[i].recvfrom(2000); self.heard[i] += 1
            if data.startswith(b"\x80\0"): self.pair[i].sendto(b"\x80\1" + data[2:], peer)

    def addresses(self): return (self.address, self.port), (self.address, self.port + 1)

    def speak(self, rtp, rtcp):
        for i, to in ((0, rtp), (1, rtcp)):
            if to: self.pair[i].sendto(b"\x80\0" + b"voice" * 8, to); time.sleep(0.05)


def offered(channel, side="forward"):
    """Where a channel's media go: (RTP, RTCP)."""
    p = channel.get(side + "LogicalChannelParameters", {}).get("multiplexParameters")
    if not p or p[0] != "h2250LogicalChannelParameters": return None, None
    return tuple(h323.address_of(p[1][n]) if n in p[1] else None for n in ("mediaChannel", "mediaControlChannel"))


def fast(media, number=1):
    """The caller's offers: what it sends (control address only) and what it hears."""
    rtp, rtcp = media.addresses()
    return [h323.channel(number, (None, rtcp)), h323.channel(number + 1, None, (rtp, rtcp), "none")]


class Control:
    """One end of H.245: opens a channel, agrees to the other's, opens a data connection if it is to."""
    def __init__(self, stream, media, data=False):
        self.stream, self.media, self.data = stream, media, data
        if data: self.t120 = listen(media.address, Media.next + 50); threading.Thread(target=self.conference, daemon=True).start()

    def conference(self):
        while True:
            s, _ = self.t120.accept()
            while s.recv(100): pass
            s.close()

    def message(self, *m): return h323.encode(T["MultimediaSystemControlMessage"], m)

    def open(self):
        rtp, rtcp = self.media.addresses()
        first = self.message("request", ("masterSlaveDetermination", b"\x32\x80\x01\x02\x03"))
        messages = [self.message("request", ("openLogicalChannel", h323.channel(11, (None, rtcp))))]
        if self.data: messages.append(self.message("request", ("openLogicalChannel", h323.channel(12, (None, None), None, "t120", self.t120.getsockname()))))
        self.stream.send(first); self.stream.send(*messages)

    def serve(self, acks):
        """Answers until as many agreements have come as channels were opened."""
        asked = False
        while acks or not asked:
            m = self.stream.receive()
            if m is None: return
            side, (kind, value) = h323.decode(T["MultimediaSystemControlMessage"], m)
            if kind == "openLogicalChannel":
                asked = True; number = value["forwardLogicalChannelNumber"]
                if "separateStack" in value:
                    to = h323.address_of(value["separateStack"]["networkAddress"][1])
                    for _ in range(2): s = socket.create_connection(to, 5, (self.media.address, 0)); s.sendall(b"T.120"); s.shutdown(socket.SHUT_WR); s.recv(1); s.close()
                    say("data connections to", *to); self.stream.send(self.message("response", ("openLogicalChannelAck", h323.channel_ack(number))))
                else: self.stream.send(self.message("response", ("openLogicalChannelAck", h323.channel_ack(number, *self.media.addresses()))))
            elif kind == "openLogicalChannelAck":
                acks -= 1
                if "forwardMultiplexAckParameters" in value:
                    p = value["forwardMultiplexAckParameters"][1]
                    self.media.speak(*(h323.address_of(p[n]) for n in ("mediaChannel", "mediaControlChannel")))


def call(address, to, how, port=0):
    """Calls; returns where it is forwarded to, if it is."""
    media, media2 = Media(address), Media(address)
    s = socket.create_connection(to, 8, (address, port)); q = Stream(s)
    setup = {"sourceAddress": ALIAS("caller"), "destinationAddress": ALIAS("called"), "sourceInfo": {"terminal": {}, "vendor": {}},
             "destCallSignalAddress": h323.ip_port(*to), "sourceCallSignalAddress": h323.ip_port(*s.getsockname()),
             "conferenceID": b"conference-no-01", "conferenceGoal": ("create", None), "callIdentifier": b"\0conference-no-01", "mediaWaitForConnect": b"\0"}
    if "fast" in how: setup["fastStart"] = fast(media)
    back = listen(address, 0) if "back" in how else None
    if back: setup["h245Address"] = h323.ip_port(*back.getsockname())
    tunnel = [("request", ("openLogicalChannel", h323.channel(21, (None, media2.addresses()[1]))))] if "tunnel" in how else None
    q.send(h323.q931("setup", setup, tunnel=tunnel))
    forwarded = None
    while True:
        m = q.receive()
        if m is None: break
        name, value, tunnelled = h323.read_q931(m)
        say("call from", address, "to", *to, ":", name)
        for c in value.get("fastStart", []): media.speak(*(offered(c) if offered(c)[0] else offered(c, "reverse")))
        for side, (kind, v) in tunnelled:
            if kind == "openLogicalChannelAck": media2.speak(*(h323.address_of(v["forwardMultiplexAckParameters"][1][n]) for n in ("mediaChannel", "mediaControlChannel")))
        if name == "facility": forwarded = h323.address_of(value["alternativeAddress"]); break
        if name == "connect":
            control = None
            if back: control = Stream(back.accept()[0])
            elif "h245Address" in value: control = Stream(socket.create_connection(h323.address_of(value["h245Address"]), 8, (address, 0)))
            if control:
                c = Control(control, media2, "t120" in how); c.open(); c.serve(2 if "t120" in how else 1); time.sleep(0.3); control.s.close()
            break
    time.sleep(0.3)
    q.send(h323.q931("releaseComplete", {"callIdentifier": b"\0conference-no-01"})); s.close()
    say("call from", address, "to", *to, ": media heard", media.heard, media2.heard)
    return forwarded


def answer(listening, forward=None):
    s, peer = listening.accept(); address = s.getsockname()[0]; q = Stream(s)
    media, media2 = Media(address), Media(address)
    name, setup, tunnelled = h323.read_q931(q.receive())
    say("call to", address, "from", *peer, ": its source", *h323.address_of(setup["sourceCallSignalAddress"]), "its destination", *h323.address_of(setup["destCallSignalAddress"]))
    common = {"destinationInfo": {"terminal": {}}}
    if forward:
        q.send(h323.q931("facility", {"reason": ("callForwarded", None), "alternativeAddress": h323.ip_port(*forward)})); q.receive(); s.close(); return
    q.send(h323.q931("callProceeding", common))
    rtp, rtcp = media.addresses(); accepted = {}
    if "fastStart" in setup:
        accepted = {"fastStart": [h323.channel(1, (rtp, rtcp)), h323.channel(2, (None, rtcp), (None, None), "audio")]}
        media.speak(*offered(setup["fastStart"][1], "reverse"))
    control = listen(address, 0) if "fastStart" in setup or "h245Address" not in setup else None
    tunnel = [("response", ("openLogicalChannelAck", h323.channel_ack(21, *media2.addresses())))] if tunnelled else None
    q.send(h323.q931("alerting", common | accepted), h323.q931("connect", common | {"conferenceID": b"conference-no-01"} | ({"h245Address": h323.ip_port(*control.getsockname())} if control and not tunnel else {}), tunnel=tunnel))
    if not tunnel:
        c = Stream(control.accept()[0] if control else socket.create_connection(h323.address_of(setup["h245Address"]), 8, (address, 0)))
        c = Control(c, media2); c.open(); c.serve(1)
        for m in iter(c.stream.receive, None):
            side, (kind, value) = h323.decode(T["MultimediaSystemControlMessage"], m)
            if kind == "openLogicalChannel": c.stream.rest = h323.tpkt(m) + c.stream.rest; c.serve(0)
    while (m := q.receive()) and h323.read_q931(m)[0] != "releaseComplete": pass
    s.close(); say("call to", address, ": media heard", media.heard, media2.heard)


def udp(address, port):
    u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind((address, port)); u.settimeout(8)
    return u


def gatekeeper(address, port, *names):
    port, names = int(port), dict(n.split("=") for n in names)
    main = other = udp(address, 1719)
    if port != 1719: other = udp(address, port)
    u, n = main, 0
    while True:
        data, peer = u.recvfrom(2000); kind, v = h323.decode(T["RasMessage"], data); n = {"requestSeqNum": v.get("requestSeqNum", 1)}
        say("gatekeeper", address, "from", *peer, ":", kind)
        reply = lambda k, x: u.sendto(h323.ras(k, n | x), peer)
        if kind == "gatekeeperRequest": reply("gatekeeperConfirm", {"gatekeeperIdentifier": "gk", "rasAddress": h323.ip_port(address, port)}); u = other
        elif kind == "registrationRequest":
            signal = h323.address_of(v["callSignalAddress"][0]); say("  calls to", *signal, "RAS to", *h323.address_of(v["rasAddress"][0]))
            reply("registrationConfirm", ID | {"callSignalAddress": [h323.ip_port(*signal), h323.ip_port(address, 1720)], "timeToLive": 600, "willRespondToIRR": False, "maintainConnection": False})
        elif kind == "admissionRequest" and "srcCallSignalAddress" in v:
            say("  from", *h323.address_of(v["srcCallSignalAddress"]))
            reply("admissionConfirm", {"bandWidth": 1280, "callModel": ("direct", None), "destCallSignalAddress": h323.ip_port(*place(names[v["destinationInfo"][0][1]]))})
        elif kind == "admissionRequest":
            say("  to", *h323.address_of(v["destCallSignalAddress"]))
            reply("admissionConfirm", {"bandWidth": 1280, "callModel": ("gatekeeperRouted", None), "destCallSignalAddress": h323.ip_port(*signal)})
        elif kind == "locationRequest":
            reply("locationConfirm", {"callSignalAddress": h323.ip_port(*place(names["far"])), "rasAddress": h323.ip_port(address, 1719)})
        elif kind == "infoRequestResponse":
            say("  calls to", *h323.address_of(v["callSignalAddress"][0])); threading.Thread(target=call, args=(address, signal, ["fast"])).start()
        elif kind == "unregistrationRequest": u.sendto(unregistered(n), peer); return


def unregistered(n):
    """An unregistrationConfirm (the seventh alternative): its number only."""
    return bytes([7 << 2, 0]) + struct.pack(">H", n["requestSeqNum"] - 1)


def endpoint(address, gk, name):
    u, calls, to, number = udp(address, 1719), listen(address, 1730), (gk, 1719), 0
    own = h323.ip_port(address, 1719); signal = h323.ip_port(address, 1730); kind_of = {"terminal": {}, "vendor": {}}

    def ask(kind, **value):
        nonlocal number; number += 1
        u.sendto(h323.ras(kind, {"requestSeqNum": number} | value), to)
        if kind == "infoRequestResponse": return None
        data = u.recv(2000)
        return h323.decode(T["RasMessage"], data) if kind != "unregistrationRequest" else (data, {})

    _, gcf = ask("gatekeeperRequest", rasAddress=own, endpointType=kind_of)
    there = h323.address_of(gcf["rasAddress"]); say("endpoint", address, ": gatekeeper at", *there)
    if there[1] != 1719: to = there                      # else it is where it was found, whatever it believes
    kind, rcf = ask("registrationRequest", discoveryComplete=True, callSignalAddress=[signal], rasAddress=[own], terminalType=kind_of, endpointVendor={},
                    terminalAlias=ALIAS("us"), gatekeeperIdentifier="gk", timeToLive=600, keepAlive=False, willSupplyUUIEs=False, maintainConnection=False)
    say("endpoint", address, ":", kind, "calls to", [h323.address_of(a) for a in rcf["callSignalAddress"]])
    _, lcf = ask("locationRequest", destinationInfo=ALIAS("far"), replyAddress=own)
    say("endpoint", address, ": far is at", *h323.address_of(lcf["callSignalAddress"]))
    admission = dict(endpointIdentifier="1", callType=("pointToPoint", None), srcInfo=ALIAS("us"), bandWidth=1280, conferenceID=b"conference-no-01")
    _, acf = ask("admissionRequest", destinationInfo=ALIAS(name), srcCallSignalAddress=signal, **admission)
    call(address, h323.address_of(acf["destCallSignalAddress"]), ["fast"])
    taken = threading.Thread(target=answer, args=(calls,)); taken.start()
    ask("infoRequestResponse", endpointType=kind_of, endpointIdentifier="1", rasAddress=own, callSignalAddress=[signal])
    time.sleep(0.3); ask("admissionRequest", destCallSignalAddress=signal, answerCall=True, **admission)
    taken.join()
    ask("unregistrationRequest", callSignalAddress=[signal]); say("endpoint", address, ": unregistered")


def main():
    what, address, *more = sys.argv[1:]
    if what == "gatekeeper": gatekeeper(address, *more)
    elif what == "endpoint": endpoint(address, *more)
    elif what == "take": answer(listen(*place(address)), place(more[0][8:]) if more else None)
    else:
        to = call(address, place(more[0]), more[1:])
        if to: say("forwarded to", *to); call(address, to, ["fast"])


if __name__ == "__main__": main()
