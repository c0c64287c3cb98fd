# IPv6 at a small site. Inside are a PC (::10), a server (::20) and an old machine (fd12:3456:2::30); outside a name
# server (2001:db8:9::53), a web server (2001:db8:9::80), a partner (2001:db8:aaaa::7) and a stranger (2001:db8:bbbb::7).
lan() { ip netns exec "$NS_lan" "$@"; }
wan() { ip netns exec "$NS_wan" "$@"; }
fw()  { ip netns exec "$FW" "$@"; }
www=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$www"' EXIT
head -c 9000 /dev/zero | tr '\0' 'w' > "$www/big.html"; echo "hello" > "$www/index.html"

wan dnsmasq -k --conf-file=/dev/null --pid-file= --no-resolv --no-hosts --bind-interfaces --except-interface=lo --listen-address=2001:db8:9::53 --address=/example.test/2001:db8:9::80 &
fw dnsmasq -k --conf-file=/dev/null --pid-file= --no-resolv --no-hosts --bind-interfaces --except-interface=lo --interface=lan --server=2001:db8:9::53 &
wan python3 -m http.server -d "$www" --bind 2001:db8:9::80 80 &
lan python3 -m http.server -d "$www" --bind :: 80 &
fw socat TCP6-LISTEN:22,reuseaddr,fork SYSTEM:'echo SSH-2.0-router; read l' &
wan socat -u UDP6-RECV:5060 - &
sleep 1

echo "-- names, by the router whomever one asks"
lan dig +tries=1 +timeout=1 +short -b 2001:db8:1::10 @2001:db8:1::1 AAAA www.example.test
lan dig +tries=1 +timeout=1 +short -b 2001:db8:1::10 @2001:4860:4860::8888 AAAA mail.example.test
echo "-- the web: routed, translated, net for net"
lan curl -s --interface 2001:db8:1::10 'http://[2001:db8:9::80]/big.html' | wc -c
lan curl -s --interface fd12:3456:1::10 'http://[2001:db8:9::80]/'
lan curl -s --interface fd12:3456:2::30 'http://[2001:db8:9::80]/'
lan curl -s --max-time 1 'http://[2001:db8:9::80]:81/' || echo "curl $?: closed out there"
echo "-- calls, from an address that is translated"
echo "INVITE sip:a@example.test" | lan socat -u - 'UDP6:[2001:db8:9::80]:5060,bind=[fd12:3456:1::10]:5062'
echo "INVITE sip:b@example.test" | lan socat -u - 'UDP6:[2001:db8:9::80]:5060,bind=[2001:db8:1::10]:5062'
lan bash -c 'echo x > /dev/udp/2001:db8:9::80/9; sleep 0.1'
echo "-- pings: through, big ones in fragments, to the router, too big"
lan ping -q -n -c 2 -i 0.1 -I 2001:db8:1::10 2001:db8:9::80 | grep received
lan ping -q -n -c 2 -i 0.1 -s 3000 -I 2001:db8:1::10 2001:db8:9::80 | grep received
lan ping -q -n -c 1 -s 2500 -I fd12:3456:1::10 2001:db8:9::80 | grep received
lan ping -q -n -c 1 -s 3000 -I 2001:db8:1::10 2001:db8:1::1 | grep received
lan ping -q -n -c 1 -W 0.2 -s 3200 -I 2001:db8:1::10 2001:db8:9::80 | grep packets
echo "-- traceroute"
lan traceroute -6 -n -q 1 -w 0.5 -s 2001:db8:1::10 2001:db8:9::80
lan traceroute -6 -n -q 1 -w 0.5 -s fd12:3456:1::10 2001:db8:9::80
echo "-- what is refused, each in its own way"
lan curl -s --max-time 1 'http://[2001:db8:9::80]:445/' || echo "curl $?"
lan curl -s --max-time 1 'smtp://[2001:db8:9::80]/' || echo "curl $?"
lan curl -s --max-time 1 'http://[2001:db8:bad::1]/' || echo "curl $?"
lan curl -s --max-time 1 'http://[2001:db8:1::1]/' || echo "curl $?"
echo x | lan socat -u - 'UDP6:[2001:db8:1::1]:9999,bind=[2001:db8:1::10]'
echo bye | lan socat -T 1 - 'TCP6:[2001:db8:1::1]:22,bind=[2001:db8:1::10]'
lan python3 - <<'PY'
import socket
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_DSTOPTS, b"\0\0\1\4\0\0\0\0")
s.sendto(b"with destination options", ("2001:db8:9::80", 5060))
PY
echo "-- from outside: a partner, a stranger, a forwarded port, net for net"
wan curl -s --interface 2001:db8:aaaa::7 'http://[2001:db8:1::20]/'
wan curl -s --interface 2001:db8:bbbb::7 --max-time 1 'http://[2001:db8:1::20]/' || echo "curl $?"
wan curl -s --interface 2001:db8:bbbb::7 'http://[2001:db8:ff::1]:8080/'
wan curl -s --interface 2001:db8:aaaa::7 'http://[2001:db8:2::30]/'
wan ping -q -n -c 6 -i 0.01 -I 2001:db8:bbbb::7 2001:db8:ff::1 | grep received
echo public | wan socat -u - 'UDP6:[2001:db8:ff::1]:161,bind=[2001:db8:bbbb::7]'
PYTHONPATH=../../lab wan python3 - <<'PY'
import socket
from packets import udp, ipv6
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0); s.bind(("eth0", 0))
frame = bytes.fromhex("020000000201" "0200000002fe" "86dd")
s.send(frame + udp("2001:db8:aaaa::7", "2001:db8:2::30", 6000, 6001, b"few hops left", ttl=3))
# a datagram in one fragment (RFC 6946), and one whose last fragment never comes
body = udp("2001:db8:aaaa::7", "2001:db8:2::30", 6002, 6003, b"alone")[40:]
s.send(frame + ipv6("2001:db8:aaaa::7", "2001:db8:2::30", 17, body, ident=7, frag=0))
s.send(frame + ipv6("2001:db8:aaaa::7", "2001:db8:2::30", 17, bytes(64), ident=8, frag=0x2000))
PY
