# An evening at home. The PC is 192.168.1.10, the NAS 192.168.1.20; out there are a name server
# (198.51.100.53), a web server (198.51.100.80) and somebody (192.0.2.44).
lan() { ip netns exec "$NS_lan" "$@"; }
wan() { ip netns exec "$NS_wan" "$@"; }
fw()  { ip netns exec "$FW" "$@"; }
www=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$www"' EXIT
head -c 24000 /dev/zero | tr '\0' 'w' > "$www/news.html"
head -c 4000 /dev/zero | tr '\0' 'l' > "$www/letter.txt"
echo "a photo" > "$www/photo.jpg"

wan dnsmasq -k --conf-file=/dev/null --pid-file= --no-resolv --no-hosts --bind-interfaces --except-interface=lo --listen-address=198.51.100.53 --address=/example.test/198.51.100.80 &
fw dnsmasq -k --conf-file=/dev/null --pid-file= --no-resolv --no-hosts --bind-interfaces --listen-address=192.168.1.1 --server=198.51.100.53 &
wan python3 -m http.server -d "$www" --bind 198.51.100.80 80 &
lan python3 -m http.server -d "$www" --bind 192.168.1.20 80 &
fw socat TCP-LISTEN:22,bind=192.168.1.1,reuseaddr,fork SYSTEM:'echo SSH-2.0-router; read l' &
sleep 1

echo "-- names: asked of the router, then of a server that the router answers for, then one that is unknown"
lan dig +tries=1 +short @192.168.1.1 www.example.test
lan dig +tries=1 +short @9.9.9.9 mail.example.test
lan dig +tries=1 @192.168.1.1 nowhere.invalid | grep status
lan dig +tries=1 +short +tcp @192.168.1.1 www.example.test

echo "-- the web"
lan curl -s http://www.example.test/news.html | wc -c
lan curl -s -o /dev/null -w '%{http_code}\n' http://www.example.test/missing
lan curl -s -o /dev/null -w '%{http_code}\n' --data-binary "@$www/letter.txt" http://www.example.test/post
lan curl -s --max-time 2 http://198.51.100.80:8443/ || echo "curl $?: nobody listens there"

echo "-- ping and traceroute"
lan ping -n -c 3 -i 0.2 198.51.100.80 | tail -2
lan ping -n -c 2 -i 0.2 192.168.1.1 | tail -2
lan traceroute -n -q 2 -w 1 198.51.100.80
lan bash -c 'echo hello > /dev/udp/198.51.100.80/7777; sleep 0.1'

echo "-- mail is not allowed out, ssh to the router only from the desk, and the rest is refused"
lan curl -s --max-time 2 smtp://198.51.100.80/ || echo "curl $?: refused"
echo hi | lan socat -T 1 - TCP:192.168.1.1:22,connect-timeout=1
lan curl -s --max-time 2 http://192.168.1.1/ || echo "curl $?: refused"
echo "M-SEARCH * HTTP/1.1" | lan socat -u - UDP-DATAGRAM:239.255.255.250:1900,ip-multicast-if=192.168.1.10
echo "who is there" | lan socat -u - UDP-DATAGRAM:192.168.1.255:137,broadcast,bind=192.168.1.10

echo "-- from outside: the photos, pings, and what nobody asked for"
wan curl -s --interface 192.0.2.44 http://203.0.113.2:8080/photo.jpg
for i in 1 2 3 4 5; do wan ping -q -n -c 1 -W 0.1 -I 192.0.2.44 203.0.113.2 | grep received; done
wan curl -s --interface 192.0.2.44 --max-time 0.5 http://203.0.113.2/ || echo "curl $?: no answer"
wan curl -s --interface 192.0.2.44 --max-time 0.5 telnet://203.0.113.2:113 || echo "curl $?: reset"
nping="nping -q -H -N --source-ip 192.0.2.44 203.0.113.2"
wan $nping -c 3 --delay 50ms --tcp --flags rst -g 443 -p 50000
wan $nping -c 1 --udp -p 500 -g 500
