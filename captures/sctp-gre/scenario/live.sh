# Signalling and tunnels. Inside are a client (192.168.1.10) and a signalling server (192.168.1.20); outside are a peer of
# each (198.51.100.7 and .8) and a branch office (198.51.100.9).
lan() { ip netns exec "$NS_lan" "$@"; }
wan() { ip netns exec "$NS_wan" "$@"; }
www=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$www"' EXIT
head -c 5000 /dev/zero | tr '\0' 'w' > "$www/index.html"
wan python3 gre.py 198.51.100.8 203.0.113.1 10.9.0.2/30 7 &
lan python3 gre.py 192.168.1.10 198.51.100.8 10.9.0.1/30 7 &
wan python3 gre.py 198.51.100.9 203.0.113.1 10.9.0.6/30 8 &
lan python3 gre.py 192.168.1.20 198.51.100.9 10.9.0.5/30 8 &
sleep 1
wan python3 -m http.server -d "$www" --bind 10.9.0.2 80 &
sleep 0.5

# one SCTP program a side at a time: each answers for its whole host
echo "-- an association out, one to a port that nobody waits on, one that is refused"
wan python3 sctp.py serve 198.51.100.7 3868 1 & server=$!
sleep 0.3
lan timeout 3 python3 sctp.py ask 192.168.1.10 198.51.100.7 3869 "hello"
lan timeout 2 python3 sctp.py ask 192.168.1.10 198.51.100.7 9899 "hello"
lan timeout 3 python3 sctp.py ask 192.168.1.10 198.51.100.7 3868 "capabilities" "watchdog" "disconnect"
wait $server
echo "-- two in, one of them by another port"
lan python3 sctp.py serve 192.168.1.20 2905 2 & server=$!
sleep 0.3
wan timeout 3 python3 sctp.py ask 198.51.100.8 203.0.113.1 2905 "up" "active" "$(head -c 1000 /dev/zero | tr '\0' 'm')" | cut -c1-40
wan timeout 3 python3 sctp.py ask 198.51.100.9 203.0.113.1 12905 "up"
wait $server

echo "-- a tunnel from inside, with a web page in it; a tunnel from outside"
lan ping -q -n -c 3 -i 0.1 10.9.0.2 | grep received
lan curl -s http://10.9.0.2/ | wc -c
wan ping -q -n -c 2 -i 0.1 10.9.0.5 | grep received

echo "-- UDP-Lite (this kernel finds its checksums wrong), ESP, GRE as PPTP uses it (its answers need a helper), OSPF (dropped)"
python3 - <<'PY'
import os, socket, struct, time, ctypes
def inside(ns, make):
    old, new = os.open("/proc/self/ns/net", 0), os.open("/run/netns/" + ns, 0)
    ctypes.CDLL(None).setns(new, 0x40000000)
    try: return make()
    finally: ctypes.CDLL(None).setns(old, 0x40000000)
def pair(proto, kind, there):
    def here(ns, address):
        def make():
            s = socket.socket(socket.AF_INET, kind, proto); s.bind(address); s.settimeout(0.3); return s
        return inside(ns, make)
    return here(os.environ["NS_lan"], ("192.168.1.10", 5004 if kind == socket.SOCK_DGRAM else 0)), here(os.environ["NS_wan"], there)
def talk(name, a, b, to, back, cut=0):
    a.sendto(to, there)
    try: data, who = b.recvfrom(2000); b.sendto(back, who); print(name, a.recv(2000)[cut:])
    except OSError as e: print(name, e)
there = ("198.51.100.7", 5006)
a, b = pair(136, socket.SOCK_DGRAM, there)
talk("udplite", a, b, b"all covered", b"yes")
for s in (a, b): s.setsockopt(136, 10, 20)                 # UDPLITE_SEND_CSCOV: the first 20 bytes are covered
talk("udplite", a, b, b"x" * 100, b"y" * 60)
there = ("198.51.100.7", 0)
a, b = pair(50, socket.SOCK_RAW, there)
for n in range(1, 4): talk("esp", a, b, struct.pack(">II", 0x1001, n) + bytes(40), struct.pack(">II", 0x2002, n) + bytes(24), 20)
a, b = pair(47, socket.SOCK_RAW, there)
for n in range(2):
    ppp = b"\xff\x03\xc0\x21\x09" + bytes([n]) + b"\0\x08\0\0\0\0"
    talk("pptp", a, b, struct.pack(">HHHHI", 0x3001, 0x880b, len(ppp), 77, n) + ppp, struct.pack(">HHHHI", 0x3001, 0x880b, len(ppp), 78, n) + ppp, 20)
a, b = pair(89, socket.SOCK_RAW, there)
talk("ospf", a, b, bytes(24), bytes(24))
PY
