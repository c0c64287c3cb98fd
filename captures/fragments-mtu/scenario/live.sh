# Long packets over a short line. Inside are a PC (192.168.1.10) and a server (.20) with 1500 bytes; the line has 1400.
lan() { ip netns exec "$NS_lan" "$@"; }
wan() { ip netns exec "$NS_wan" "$@"; }
fw()  { ip netns exec "$FW" "$@"; }
www=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$www"' EXIT
head -c 3500 /dev/zero | tr '\0' 'u' > "$www/upload"; head -c 3000 /dev/zero | tr '\0' 'w' > "$www/page"
wan ip link set eth0 mtu 1400
wan ip route change 203.0.113.0/24 dev eth0 advmss 1460             # the far end does not know how short its line is
wan ip -6 route change 2001:db8:1::/64 via 2001:db8:ff::1 dev eth0 advmss 1440
for port in 80 8080; do wan python3 -m http.server -d "$www" --bind 198.51.100.80 $port 2> /dev/null & done
wan python3 -m http.server -d "$www" --bind 2001:db8:9::80 8080 2> /dev/null &
wan socat -u UDP-RECV:7000 - | wc -c &
wan socat -u UDP6-RECV:6000 - | wc -c &
lan socat -u UDP-RECV:6000,bind=192.168.1.20 - | wc -c &
sleep 1

echo "-- pings: too long and not to be cut, cut by the router, cut by the sender, to the router"
lan ping -q -n -c 2 -i 0.1 -W 0.3 -M do -s 1400 198.51.100.80 | grep packets
lan ping -q -n -c 1 -M dont -s 1400 198.51.100.80 | grep received
lan ping -q -n -c 1 -M dont -s 3000 198.51.100.80 | grep received
lan ping -q -n -c 1 -M dont -s 3000 192.168.1.1 | grep received
lan ip route flush cache
echo "-- the way and its width; the router hides from the second"
lan tracepath -n -m 4 198.51.100.80
lan traceroute -n -q 1 -w 0.5 198.51.100.81
lan ip route flush cache
echo "-- TCP: told in time, found out"
lan curl -s -o /dev/null -w '%{http_code}\n' --data-binary "@$www/upload" http://198.51.100.80/
lan curl -s http://198.51.100.80/page | wc -c
lan curl -s -o /dev/null -w '%{http_code}\n' --data-binary "@$www/upload" http://198.51.100.80:8080/
echo "-- UDP: out without conntrack, in through DNAT, refused for its length, from the router itself"
lan bash -c "head -c 4000 /dev/zero | socat -u -b 4000 - UDP:198.51.100.80:7000"
wan bash -c "head -c 3500 /dev/zero | socat -u -b 3500 - UDP:203.0.113.1:6000"
lan bash -c "head -c 5500 /dev/zero | socat -u -b 5500 - UDP:198.51.100.80:7001"
fw bash -c "head -c 2900 /dev/zero | socat -u -b 2900 - UDP:198.51.100.80:7000"
echo "-- fragments out of order, one that overlaps, one that never comes; hops that run out in the middle"
PYTHONPATH=../../lab lan python3 - <<'PY'
import socket
from packets import ipv4, udp
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0); s.bind(("eth0", 0))
frame = bytes.fromhex("020000000101" "020000000110" "0800")
body = udp("192.168.1.10", "198.51.100.80", 6001, 7000, bytes(range(256)) * 6)[20:]
def send(ident, start, end, ttl=64):
    more = 0x2000 if end < len(body) else 0
    s.send(frame + ipv4("192.168.1.10", "198.51.100.80", 17, body[start:end], ident=ident, frag=more | start // 8, ttl=ttl))
for a, b in ((1400, len(body)), (0, 480), (480, 1400)): send(1, a, b)
for a, b in ((0, 480), (400, 1400), (1400, len(body))): send(2, a, b)
for a, b in ((0, 480), (1400, len(body))): send(3, a, b)
for a, b in ((0, 480), (480, 1400), (1400, len(body))): send(4, a, b, ttl=1)
PY
echo "-- IPv6: too big, cut by the sender, found out"
lan ping -q -n -c 2 -i 0.1 -W 0.3 -M do -s 1400 2001:db8:9::80 | grep packets
lan ip -6 route flush cache
lan ping -q -n -c 3 -i 0.1 -W 0.3 -s 3000 2001:db8:9::80 | grep packets
lan ping -q -n -c 1 -s 3000 2001:db8:1::1 | grep received
lan bash -c "head -c 2600 /dev/zero | socat -u -b 2600 - 'UDP6:[2001:db8:9::80]:6000'"
wan bash -c "head -c 2600 /dev/zero | socat -u -b 2600 - 'UDP6:[2001:db8:1::20]:6000'"
lan ip -6 route flush cache
lan curl -s -o /dev/null -w '%{http_code}\n' --data-binary "@$www/upload" 'http://[2001:db8:9::80]:8080/'
lan tracepath -6 -n -m 4 2001:db8:9::80
