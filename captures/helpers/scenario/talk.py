"""The ends of the conversations for which no ready program is at hand: talk.py WHAT ARGUMENTS."""
import os, socket, struct, sys, threading, time

def tcp_listen(address, port):
    s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind((address, port)); s.listen(); s.settimeout(10); return s

def irc(server, nick):
    s = socket.create_connection((server, 6667), 10); f = s.makefile("rb")
    s.sendall(f"NICK {nick}\r\n".encode()); time.sleep(0.05); s.sendall(f"USER {nick} 0 * :{nick}\r\n".encode())
    for line in f:
        if line.startswith(b"PING"): s.sendall(line.replace(b"PING", b"PONG"))
        if b" 001 " in line: return s, f

def dcc_offer(server, nick, peer, address, port, kind):
    """Offers a file or a chat to a peer, by DCC, and sends when the peer comes."""
    listening = tcp_listen(address, int(port)); s, f = irc(server, nick)
    number = int.from_bytes(socket.inet_aton(address), "big"); time.sleep(1)
    s.sendall(f"PRIVMSG {peer} :\1DCC {kind} letter.txt {number} {port} 1300\1\r\n".encode())
    c, who = listening.accept(); c.sendall(b"dear friend, " * 100); c.close()
    print(nick, "was asked by", who[0]); s.sendall(b"QUIT\r\n"); time.sleep(0.2)

def dcc_take(server, nick):
    s, f = irc(server, nick)
    for line in f:
        if b"\1DCC " in line:
            words = line.split(b"\1")[1].split(); address = socket.inet_ntoa(int(words[3]).to_bytes(4, "big"))
            c = socket.create_connection((address, int(words[4])), 5); n = 0
            while data := c.recv(4096): n += len(data)
            print(nick, "got", n, "bytes from", address); s.sendall(b"QUIT\r\n"); time.sleep(0.2); return

def sane_server(address):
    listening = tcp_listen(address, 6566); c, _ = listening.accept(); data = tcp_listen(address, 0); port = data.getsockname()[1]
    c.recv(100); c.sendall(struct.pack(">IHHI", 0, 0, port, 0x1234)); d, _ = data.accept(); d.sendall(b"image" * 400); d.close(); time.sleep(0.2)

def sane_client(server):
    s = socket.create_connection((server, 6566), 5); s.sendall(struct.pack(">II", 7, 1)); port = struct.unpack(">IHHI", s.recv(100))[2]
    d = socket.create_connection((server, port), 5); n = 0
    while data := d.recv(4096): n += len(data)
    print("sane: image of", n, "bytes")

def amanda_server(address):
    u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind((address, 10080)); u.settimeout(10); _, peer = u.recvfrom(2000)
    ends = [tcp_listen(address, 0) for _ in range(3)]; ports = [e.getsockname()[1] for e in ends]
    u.sendto(b"Amanda 2.6 REP HANDLE 000-01 SEQ 1\nCONNECT DATA %d MESG %d INDEX %d\nOPTIONS features=1;\n" % tuple(ports), peer)
    for e in ends: c, _ = e.accept(); c.sendall(b"backup" * 200); c.close()

def amanda_client(server):
    u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.settimeout(5)
    u.sendto(b"Amanda 2.6 REQ HANDLE 000-01 SEQ 1\nSERVICE sendbackup\nGNUTAR / 0\n", (server, 10080))
    words = u.recv(2000).split(); n = 0
    for name in (b"DATA", b"MESG", b"INDEX"):
        s = socket.create_connection((server, int(words[words.index(name) + 1])), 5)
        while data := s.recv(4096): n += len(data)
    print("amanda:", n, "bytes")

def netbios(own, broadcast):
    u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1); u.bind((own, 40137)); u.settimeout(0.1)
    u.sendto(struct.pack(">6H", 7, 0x0110, 1, 0, 0, 0) + b" " + b"CK" + b"CA" * 15 + b"\0" + struct.pack(">HH", 0x20, 1), (broadcast, 137))
    try:
        while True: print("netbios: answer from", u.recvfrom(1000)[1])
    except TimeoutError: pass

def netbios_answer(own, port):
    u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); u.bind(("", 137)); u.settimeout(10)
    data, peer = u.recvfrom(1000); a = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    if port == "137": a.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    a.bind((own, int(port))); a.sendto(data[:2] + b"\x84\0" + data[4:], peer)

def frame(payload):
    """A PPP frame as asynchronous HDLC (RFC 1662), which pptp takes on its standard input."""
    fcs = 0xffff
    for b in payload:
        fcs ^= b
        for _ in range(8): fcs = fcs >> 1 ^ (0x8408 if fcs & 1 else 0)
    body = payload + struct.pack("<H", fcs ^ 0xffff)
    return b"\x7e" + b"".join(bytes([0x7d, b ^ 0x20]) if b < 0x20 or b in (0x7d, 0x7e) else bytes([b]) for b in body) + b"\x7e"

def read_on():
    try:
        while sys.stdin.buffer.read(1): pass
    except OSError: pass                                                     # the call was ended

def ppp(count):
    """Stands in for pppd: some frames, and what comes is read, until the call is ended."""
    threading.Thread(target=read_on, daemon=True).start()
    try:
        for n in range(int(count)):
            sys.stdout.buffer.write(frame(b"\xff\x03\xc0\x21" + struct.pack(">BBH", 9, n, 8) + b"ping")); sys.stdout.buffer.flush(); time.sleep(0.2)
        time.sleep(1)
    except OSError: os._exit(0)                                              # nothing is left to flush to

globals()[sys.argv[1]](*sys.argv[2:])
