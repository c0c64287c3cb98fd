# Programs of root, of users 1000 (also in group 27) and 1001 talk to a web server and a name server, both of which take
# their time, so that ss sees each socket while it is there.
net() { ip netns exec "$NS_eth0" "$@"; }
fw()  { ip netns exec "$FW" "$@"; }
as()  { user=$1 groups=$2; shift 2; fw setpriv --reuid "$user" --regid "$user" --groups "$groups" -- "$@"; }
trap 'kill $(jobs -p) 2>/dev/null' EXIT
net python3 - <<'PY' &
import socket, threading, time
def web(c): c.recv(999); time.sleep(0.3); c.sendall(b"HTTP/1.0 200 OK\r\n\r\nhello\n"); c.close()                # no length: it is the server that closes
def names():
    u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(("198.51.100.53", 53))
    while True: q, a = u.recvfrom(999); time.sleep(0.3); u.sendto(q[:2] + b"\x81\x83" + q[4:6] + bytes(6) + q[12:-11], a)
threading.Thread(target=names, daemon=True).start()
s = socket.socket(); s.bind(("198.51.100.7", 80)); s.listen()
while True: threading.Thread(target=web, args=s.accept()[:1]).start()
PY
fw python3 -c 'import socket; s = socket.socket(); s.bind(("", 22)); s.listen(); c, _ = s.accept(); c.sendall(b"SSH\r\n"); c.recv(9)' &
(while sleep 0.05; do fw ss -tunapeH 2> /dev/null; done) > "$OUT/ss.all" &
sleep 0.5

echo "-- root, from an ephemeral port: logged; from a port of its own: not; a name that is not there"
fw curl -s --max-time 2 http://198.51.100.7/
fw curl -s --max-time 2 --local-port 700 http://198.51.100.7/
fw dig +tries=1 +timeout=1 @198.51.100.53 root.example.test | grep -o 'status: [A-Z]*'
echo "-- user 1000, also in group 27"
as 1000 27,100 curl -s --max-time 2 http://198.51.100.7/
as 1000 27,100 dig +tries=1 +timeout=1 @198.51.100.53 user.example.test | grep -o 'status: [A-Z]*'
echo "-- user 1001: refused"
as 1001 1001 curl -s --max-time 2 --local-port 50001 http://198.51.100.7/ || echo "curl $?: refused"
as 1001 1001 python3 - <<'PY'
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.connect(("198.51.100.53", 5353)); time.sleep(0.3)
try: s.send(b"x")
except OSError as e: print(e.strerror)
PY
echo "-- from outside: a server of root's; a closed port, one that is refused, TCP and UDP"
net socat -T 1 - TCP:203.0.113.10:22 < /dev/null
net socat -T 1 - TCP:203.0.113.10:23,connect-timeout=1 2>&1 < /dev/null | sed 's/.*: //'
net socat -T 1 - TCP:203.0.113.10:113,connect-timeout=1 2>&1 < /dev/null | sed 's/.*: //'
echo x | net socat -u - UDP:203.0.113.10:9999
echo x | net socat -u - UDP:203.0.113.10:514
sleep 0.2

# What ss saw, and the same with groups, which ss does not tell; and the socket of user 1001 that was refused at once.
awk '!seen[$1, $5, $6]++' "$OUT/ss.all" > "$OUT/ss.txt"; rm "$OUT/ss.all"
python3 - "$OUT" <<'PY'
import re, sys
rows = ["protocol,local_address,local_port,remote_address,remote_port,uid,gid,groups"]
for line in open(sys.argv[1] + "/ss.txt"):
    protocol, _, _, _, local, remote, rest = line.split(None, 6)
    ends = [x for end in (local, remote) for x in end.replace("0.0.0.0", "*").rsplit(":", 1)]
    user = (re.search(r"uid:(\d+)", rest) or [0, "0"])[1]
    rows.append(",".join([protocol, *ends, user, user, {"1000": "27 100"}.get(user, user)]))
rows.append("tcp,*,50001,*,*,1001,1001,1001")
open(sys.argv[1] + "/socket-owners.txt", "w").write("\n".join(rows) + "\n")
PY
