# Visitors from many addresses: welcome, left out, banned on the way, banned before.
dmz() { ip netns exec "$NS_dmz" "$@"; }
wan() { ip netns exec "$NS_wan" "$@"; }
fw()  { ip netns exec "$FW" "$@"; }
www=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$www"' EXIT
echo "hello" > "$www/index.html"
fw python3 -m http.server -d "$www" --bind 203.0.113.1 80 2> /dev/null &
dmz python3 -m http.server -d "$www" --bind 172.16.5.10 80 2> /dev/null &
sleep 1
get()  { wan curl -s -m 1 --interface "$1" "http://$2/" || echo "-- $1 gets nothing from $2"; }
knock() { wan curl -s -m 1 --interface "$1" "http://203.0.113.1:$2/" || echo "-- $1 knocks at $2"; }
ping1() { wan ping -q -n -c "$3" -i 0.2 -W 1 -I "$1" "$2" | grep packets; }

for who in 198.51.100.7 198.51.100.8 198.51.100.20 198.51.100.66 192.0.2.1; do get $who 203.0.113.1; done
for who in 198.51.100.7 198.51.100.8 198.51.100.66 192.0.2.66; do ping1 $who 203.0.113.1 2; done
for who in 192.0.2.1 192.0.2.2 198.51.100.20 192.0.2.66; do knock $who 2323; done
get 192.0.2.1 203.0.113.1
for who in 192.0.2.3 192.0.2.4 192.0.2.5 192.0.2.1; do knock $who 7000; done
for who in 192.0.2.4 192.0.2.5; do knock $who 8080; done
for who in 198.51.100.7 198.51.100.8 198.51.100.20; do get $who 172.16.5.10; done
ping1 198.51.100.8 172.16.5.10 2
ping1 198.51.100.8 172.16.5.11 1
ping1 198.51.100.20 172.16.9.9 1
ping1 192.0.2.5 172.16.9.9 1
for who in 172.16.5.10 172.16.5.11; do dmz ping -q -n -c 2 -i 0.2 -W 1 -I $who 198.51.100.7 | grep packets; done
dmz nping -q -c 2 --udp -p 53 203.0.113.1 | grep Raw
