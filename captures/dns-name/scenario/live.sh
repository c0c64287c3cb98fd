# Names asked by a PC (192.168.1.10) and by the router itself, of a server out there (198.51.100.53) and of the router.
lan() { ip netns exec "$NS_lan" "$@"; }
wan() { ip netns exec "$NS_wan" "$@"; }
fw()  { ip netns exec "$FW" "$@"; }
trap 'kill $(jobs -p) 2>/dev/null' EXIT
wan dnsmasq -k --conf-file=/dev/null --pid-file= --no-resolv --no-hosts --bind-interfaces --except-interface=lo --listen-address=198.51.100.53 --address=/example.test/198.51.100.80 &
fw dnsmasq -k --conf-file=/dev/null --pid-file= --no-resolv --no-hosts --bind-interfaces --listen-address=192.168.1.1 --server=198.51.100.53 &
sleep 1
ask() { "$1" dig +tries=1 +time=2 +short "@$2" "${@:3}"; }

echo "-- over UDP: other names, the name, in capitals, of another type, without EDNS, below it, above it"
ask lan 198.51.100.53 www.example.test
ask lan 198.51.100.53 ads.example.test
ask lan 198.51.100.53 ADS.Example.TEST
ask lan 198.51.100.53 ads.example.test AAAA
ask lan 198.51.100.53 +noedns ads.example.test
ask lan 198.51.100.53 x.ads.example.test
ask lan 198.51.100.53 example.test

echo "-- over TCP: one, and two on one connection"
ask lan 198.51.100.53 +tcp ads.example.test
lan dig +tries=1 +short +tcp +keepopen @198.51.100.53 www.example.test ads.example.test

echo "-- over TCP in pieces, and two messages in a segment"
lan python3 - <<'P'
import socket, time
def query(name):
    m = b"\x12\x34\x01\0\0\1\0\0\0\0\0\0" + b"".join(bytes([len(l)]) + l.encode() for l in name.split(".")) + b"\0\0\1\0\1"
    return len(m).to_bytes(2, "big") + m
s = socket.create_connection(("198.51.100.53", 53)); s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
q = query("ads.example.test")
for piece in (q[:1], q[1:20], q[20:]): s.sendall(piece); time.sleep(0.05)
print(len(s.recv(1000)))
s.sendall(query("www.example.test") + query("ads.example.test")); time.sleep(0.1); print(len(s.recv(1000)))
P

echo "-- not DNS, to the same port; a message of DNS that is no request"
printf 'ads.example.test, please' | lan socat - UDP:198.51.100.53:53,bind=192.168.1.10:4001
printf '\x12\x34\x85\x80\0\1\0\0\0\0\0\0\3ads\7example\4test\0\0\1\0\1' | lan socat - UDP:198.51.100.53:53,bind=192.168.1.10:4002

echo "-- the router asks for itself, and is asked"
ask fw 198.51.100.53 ads.example.test
ask fw 198.51.100.53 www.example.test
ask lan 192.168.1.1 ads.example.test
ask lan 192.168.1.1 mail.example.test MX
