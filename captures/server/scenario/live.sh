# A server's ordinary minute. Outside are visitors (198.51.100.7, .8) and somebody with bad intentions (198.51.100.66);
# behind it are the database (10.0.0.20) and the log collector (198.51.100.200, through 10.0.0.1).
net() { ip netns exec "$NS_eth0" "$@"; }
back() { ip netns exec "$NS_eth1" "$@"; }
fw()  { ip netns exec "$FW" "$@"; }
www=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$www"' EXIT
head -c 30000 /dev/zero | tr '\0' 'w' > "$www/big.html"
echo "hello" > "$www/index.html"

fw python3 -m http.server -d "$www" --bind 0.0.0.0 8080 &
fw dnsmasq -k --conf-file=/dev/null --pid-file= --no-resolv --no-hosts --bind-interfaces --except-interface=lo --listen-address=203.0.113.10 --address=/example.test/203.0.113.10 --txt-record=example.test,hello &
fw socat TCP-LISTEN:22,reuseaddr,fork SYSTEM:'echo SSH-2.0-server; read l' &
back socat TCP-LISTEN:5432,reuseaddr,fork SYSTEM:'read q; echo "1 row"' &
back socat -u UDP-RECV:514 - &
sleep 1

echo "-- the web: port 80, its inner port, the port that nobody listens on"
net curl -s --interface 198.51.100.7 http://203.0.113.10/
net curl -s --interface 198.51.100.7 http://203.0.113.10/big.html | wc -c
net curl -s --interface 198.51.100.7 --max-time 0.5 http://203.0.113.10:8080/ || echo "curl $?: no answer"
net curl -s --interface 198.51.100.7 --max-time 1 https://203.0.113.10/ || echo "curl $?: closed"
net curl -s --interface 198.51.100.66 --max-time 1 'http://203.0.113.10/?f=/etc/passwd' || echo "curl $?: reset"

echo "-- six visitors of one network at once, of which four may"
net python3 - <<'PY'
import socket, time
opened = []
for n in range(6):
    s = socket.socket(); s.bind(("198.51.100.8", 41000 + n))
    try: s.connect(("203.0.113.10", 80)); opened.append(s)
    except OSError as e: print("visitor", n, e.strerror)
    time.sleep(0.02)
for s in opened: s.sendall(b"GET / HTTP/1.0\r\n\r\n"); print(len(s.recv(1000)) > 0); time.sleep(0.02)
for s in opened: s.close()
PY

echo "-- names: a question, one of type ANY, an answer that nobody asked for, a long one"
net dig +tries=1 +timeout=1 +short -b 198.51.100.7 @203.0.113.10 www.example.test
net dig +tries=1 +timeout=1 +short -b 198.51.100.7 @203.0.113.10 example.test TXT
net dig +tries=1 +timeout=1 +notcp +short -b 198.51.100.66 @203.0.113.10 example.test ANY | tail -1
net python3 - <<'PY'
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("198.51.100.66", 53))
s.sendto(b"\x12\x34\x81\x80\0\1\0\0\0\0\0\0" + b"\7example\4test\0\0\1\0\1", ("203.0.113.10", 53))
s.sendto(b"\x12\x34\x01\x00\0\1\0\0\0\0\0\0" + b"\7example\4test\0\0\1\0\1" + bytes(600), ("203.0.113.10", 53))
PY

echo "-- ssh, five times"
for i in 1 2 3 4 5; do echo bye | net socat -T 1 - TCP:203.0.113.10:22,bind=198.51.100.66,connect-timeout=1 2>&1 | sed 's/.*: //'; done

echo "-- pings, a big one; time; what is closed"
net ping -q -n -c 3 -i 0.1 -I 198.51.100.7 203.0.113.10 | grep received
net ping -q -n -c 1 -W 0.2 -s 400 -I 198.51.100.7 203.0.113.10 | grep received
for i in 1 2 3 4 5; do echo "what time is it, please? ........................" | net socat -u - UDP:203.0.113.10:123,bind=198.51.100.7:123; sleep 0.02; done
net curl -s --interface 198.51.100.66 --max-time 1 telnet://203.0.113.10:23 || echo "curl $?: refused"
echo x | net socat -u - UDP:203.0.113.10:9999,bind=198.51.100.66
nping="nping -q -H -N --source-ip 198.51.100.66 203.0.113.10"
net $nping -c 1 --tcp --flags none -g 1111 -p 80 | grep Raw
net $nping -c 1 --tcp --flags syn,fin -g 1112 -p 80 | grep Raw
net $nping -c 1 --tcp --flags ack -g 1113 -p 22 | grep Raw
net $nping -c 1 --tcp --flags rst -g 1114 -p 22 | grep Raw
net nping -q -H -N -c 1 --source-ip 10.0.0.20 --udp -g 5000 -p 53 203.0.113.10 | grep Raw
net nping -q -H -N -c 1 --source-ip 203.0.113.10 --tcp -g 5000 -p 80 203.0.113.10 | grep Raw

echo "-- the server itself asks: its database, its log collector, a web page outside"
echo "select 1;" | fw socat -T 1 - TCP:192.0.2.100:5432
for i in 1 2 3; do fw bash -c 'echo "<13>app: record" > /dev/udp/198.51.100.200/514'; done
fw curl -s --max-time 1 http://198.51.100.7/ || echo "curl $?: nobody there"
fw ping -q -n -c 2 -i 0.1 198.51.100.8 | grep received
