# Servers in a DMZ. Outside: visitors (198.51.100.7), mail (198.51.100.25), names (198.51.100.53), a stranger (198.51.100.99),
# the backup service (198.51.100.87, by the second line).
lan()  { ip netns exec "$NS_lan" "$@"; }
dmz()  { ip netns exec "$NS_dmz" "$@"; }
wan()  { ip netns exec "$NS_wan" "$@"; }
wan2() { ip netns exec "$NS_wan2" "$@"; }
one=$(mktemp -d); two=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$one" "$two"' EXIT
echo "the first server" > "$one/index.html"; echo "the second server" > "$two/index.html"
head -c 9000 /dev/zero | tr '\0' 'w' | tee "$one/big.html" > "$two/big.html"

dmz python3 -m http.server -d "$one" --bind 172.16.5.10 80 &
dmz python3 -m http.server -d "$two" --bind 172.16.5.11 80 &
dmz socat TCP-LISTEN:25,bind=172.16.5.12,reuseaddr,fork SYSTEM:'echo 220 mail ready; read l; echo 221 bye' &
lan socat TCP-LISTEN:22,bind=192.168.1.20,reuseaddr,fork SYSTEM:'echo SSH-2.0-build; read l' &
wan dnsmasq -k --conf-file=/dev/null --pid-file= --no-resolv --no-hosts --bind-interfaces --except-interface=lo --listen-address=198.51.100.53 --address=/example.test/198.51.100.7 &
wan python3 -m http.server -d "$two" --bind 198.51.100.7 80 &
wan socat TCP-LISTEN:25,bind=198.51.100.25,reuseaddr,fork SYSTEM:'echo 220 elsewhere; read l' &
wan socat -u UDP-RECV:5004 - > /dev/null &
wan2 socat -u TCP-LISTEN:873,reuseaddr,fork - > /dev/null &
sleep 1

echo "-- visitors, by both lines; two of the lan by the public address"
for i in 1 2 3; do wan curl -s --interface 198.51.100.7 http://203.0.113.2/; done
wan curl -s --interface 198.51.100.7 http://203.0.113.2/big.html | wc -c
wan2 curl -s --interface 198.51.100.87 http://192.0.2.1/
wan2 curl -s --interface 198.51.100.87 http://192.0.2.1/big.html | wc -c
lan curl -s --interface 192.168.1.10 http://203.0.113.2/
lan curl -s --interface 192.168.1.11 http://203.0.113.2/
lan curl -s --max-time 1 https://203.0.113.2/ || echo "curl $?: closed on the server"

echo "-- the build host from outside and, by the same address, from beside it"
echo bye | wan socat -T 1 - TCP:203.0.113.2:8022,bind=198.51.100.7
echo bye | lan socat -T 1 - TCP:203.0.113.2:8022,bind=192.168.1.10
echo bye | wan socat -T 1 - TCP:203.0.113.2:8022,bind=198.51.100.99,connect-timeout=1 2>&1 | sed 's/.*: //'

echo "-- the mail server: address for address, in and out; the others not"
echo quit | wan socat -T 1 - TCP:203.0.113.68:25,bind=198.51.100.25
echo quit | dmz socat -T 1 - TCP:198.51.100.25:25,bind=172.16.5.12
echo quit | dmz socat -T 1 - TCP:198.51.100.25:25,bind=172.16.5.11 2>&1 | sed 's/.*: //'
dmz dig +tries=1 +timeout=1 +short -b 172.16.5.12 @198.51.100.53 www.example.test
dmz dig +tries=1 +timeout=1 +short -b 172.16.5.10 @198.51.100.53 mail.example.test
wan ping -q -n -c 2 -i 0.1 -I 198.51.100.7 203.0.113.68 | grep received
wan ping -q -n -c 1 -W 0.2 -I 198.51.100.7 203.0.113.67 | grep received
dmz curl -s --interface 172.16.5.10 --max-time 1 http://192.168.1.10/ || echo "curl $?: a server has no business there"
dmz ping -q -n -c 1 -W 0.2 192.168.1.10 | grep packets

echo "-- desks: the web, a big page, mail, voice, a backup by the second line"
lan curl -s --interface 192.168.1.10 http://198.51.100.7/
lan curl -s --interface 192.168.1.11 http://198.51.100.7/big.html | wc -c
head -c 21500 /dev/zero | lan curl -s -o /dev/null -w '%{http_code}\n' --data-binary @- http://198.51.100.7/
echo quit | lan socat -T 1 - TCP:198.51.100.25:25
for n in 1 2 3; do head -c 172 /dev/zero; sleep 0.02; done | lan socat -u -b 172 - UDP:198.51.100.7:5004,tos=184
head -c 172 /dev/zero | lan socat -u - UDP:198.51.100.7:5004
head -c 5000 /dev/zero | lan socat -u - TCP:198.51.100.87:873
lan ping -q -n -c 2 -i 0.1 198.51.100.7 | grep received
lan ping -q -n -c 1 -I 192.168.1.11 172.16.5.11 | grep received
lan ping -q -n -c 1 192.168.1.1 | grep received
lan traceroute -n -q 1 -w 0.3 -m 2 172.16.5.12
lan traceroute -n -q 1 -w 0.3 -m 2 198.51.100.7
lan curl -s --max-time 1 http://172.16.5.1/ || echo "curl $?: refused"
