# A PC at home (192.168.1.10) behind masquerading; out there a name server and a web server; somebody knocks from outside.
lan() { ip netns exec "$NS_lan" "$@"; }
wan() { ip netns exec "$NS_wan" "$@"; }
www=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$www"' EXIT
head -c 4000 /dev/zero | tr '\0' 'w' > "$www/news.html"
wan dnsmasq -k --conf-file=/dev/null --pid-file= --no-resolv --no-hosts --bind-interfaces --except-interface=lo --listen-address=198.51.100.53 --address=/example.test/198.51.100.80 &
wan python3 -m http.server -d "$www" --bind 198.51.100.80 80 &
sleep 1
lan dig +tries=1 +short -b 192.168.1.10#4000 @198.51.100.53 www.example.test
lan curl -s --local-port 4001 http://198.51.100.80/news.html | wc -c
lan curl -s --max-time 2 --local-port 4002 http://198.51.100.80:8443/ || echo "curl $?: nobody listens there"
printf x | lan socat - UDP:198.51.100.80:7,bind=192.168.1.10:4003
lan ping -c 2 -i 0.2 -W 1 192.168.1.1 | tail -2
wan timeout 1 socat -u /dev/null TCP:203.0.113.2:22,bind=192.0.2.44 || echo "closed"
wan timeout 1 socat -u /dev/null TCP:203.0.113.2:113,bind=192.0.2.44 || echo "closed"
