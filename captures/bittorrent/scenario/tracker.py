"""A tracker by HTTP (BEP 3, 23) and UDP (BEP 15) at one port: tracker.py ADDRESS PORT; and tracker.py torrent FILE URL makes a torrent."""
import hashlib, os, socket, struct, sys, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote_to_bytes

def bencode(v):
    if isinstance(v, int): return b"i%de" % v
    if isinstance(v, bytes): return b"%d:" % len(v) + v
    if isinstance(v, list): return b"l" + b"".join(map(bencode, v)) + b"e"
    return b"d" + b"".join(bencode(k) + bencode(v[k]) for k in sorted(v)) + b"e"

peers = {}
def announced(info_hash, peer_id, address, port, event):
    swarm = peers.setdefault(info_hash, {})
    others = b"".join(socket.inet_aton(a) + struct.pack(">H", p) for i, (a, p) in swarm.items() if i != peer_id)
    if event == "stopped": swarm.pop(peer_id, None)
    else: swarm[peer_id] = (address, port)
    return others

class Http(BaseHTTPRequestHandler):
    def do_GET(self):
        query = dict(part.partition("=")[::2] for part in self.path.partition("?")[2].split("&"))
        found = announced(unquote_to_bytes(query["info_hash"]), unquote_to_bytes(query["peer_id"]), self.client_address[0], int(query["port"]), query.get("event"))
        body = bencode({b"interval": 1800, b"peers": found})
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
    def log_message(self, *a): pass

def udp(address, port):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind((address, port))
    while True:
        m, peer = s.recvfrom(2000); action, transaction = struct.unpack(">II", m[8:16])
        if action == 0: s.sendto(struct.pack(">IIQ", 0, transaction, 0x1122334455667788), peer)
        elif action == 1:
            event = ["", "completed", "started", "stopped"][struct.unpack(">I", m[80:84])[0]]
            found = announced(m[16:36], m[36:56], peer[0], struct.unpack(">H", m[96:98])[0], event)
            s.sendto(struct.pack(">IIIII", 1, transaction, 1800, 0, 1) + found, peer)

def torrent(path, url):
    data = open(path, "rb").read(); size = 16384
    pieces = b"".join(hashlib.sha1(data[i:i + size]).digest() for i in range(0, len(data), size))
    info = {b"name": os.path.basename(path).encode(), b"length": len(data), b"piece length": size, b"pieces": pieces}
    sys.stdout.buffer.write(bencode({b"announce": url.encode(), b"info": info}))

if sys.argv[1] == "torrent": torrent(*sys.argv[2:])
else:
    threading.Thread(target=udp, args=(sys.argv[1], int(sys.argv[2])), daemon=True).start()
    ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Http).serve_forever()
