# amandad at 198.51.100.7, asked from home (192.168.1.10); amandad at home (192.168.1.20), asked from outside (203.0.113.1).
lan() { ip netns exec "$NS_lan" "$@"; }
wan() { ip netns exec "$NS_wan" "$@"; }
tmp=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$tmp"' EXIT
mkdir "$tmp/data"; head -c 30000 /dev/urandom > "$tmp/data/file"; chown -R backup "$tmp"
names() { # NAMESPACE PEER LINES: what is in its /etc/hosts; the peer may ask
  local at=/etc/netns/$1; printf '%s\n' '127.0.0.1 localhost' "${@:3}" > "$at/hosts"
  echo "$2 backup amdump" > "$at/amandahosts"; chown backup "$at/amandahosts"; chmod 600 "$at/amandahosts"
  { grep -v '^amanda\b' /etc/services; echo 'amanda 10080/udp'; } > "$at/services"
}
names "$NS_lan" asker.example.test '198.51.100.7 far.example.test' '203.0.113.1 asker.example.test'
names "$NS_wan" home.example.test '203.0.113.2 home.example.test'
wan python3 amandad.py 198.51.100.7 2> /dev/null &
lan python3 amandad.py 192.168.1.20 2> /dev/null &
sleep 1
as_backup() { setpriv --reuid backup --regid backup --init-groups env HOME=/var/backups "$@"; }
export -f as_backup
echo "<dle><program>GNUTAR</program><disk>$tmp/data</disk><level>0</level><auth>bsd</auth><record>NO</record><index>YES</index><datapath>AMANDA</datapath></dle>" > "$tmp/request"; chmod a+r "$tmp/request"
ask() { # WHO OF: is it there, then a backup's streams
  echo "== $1 asks $2"
  $1 bash -c "as_backup timeout 9 amservice $2 bsd noop < /dev/null"
  $1 bash -c "as_backup timeout 3 amservice -f '$tmp/request' --stream DATA,3,4 --stream MESG,5,6 --stream INDEX,7,8 --stream STATE,9,10 $2 bsd sendbackup \
    < /dev/null 3< <(sleep 2) 4> '$tmp/DATA' 5< <(sleep 2) 6> '$tmp/MESG' 7< <(sleep 2) 8> '$tmp/INDEX' 9< <(sleep 2) 10> '$tmp/STATE'"
  wc -c "$tmp"/[A-Z]* | sed "s#$tmp/##"; cat "$tmp/MESG"
}
ask lan far.example.test
ask wan home.example.test
