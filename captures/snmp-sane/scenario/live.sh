# At home 192.168.1.10 (asks, sends traps, scans) and 192.168.1.20 (agent, takes traps, has a scanner); out there 198.51.100.7
# (the same) and 192.0.2.44 (asks, sends traps, scans).
lan() { ip netns exec "$NS_lan" "$@"; }
wan() { ip netns exec "$NS_wan" "$@"; }
tmp=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$tmp" 2>/dev/null' EXIT
export MIBS= SNMP_PERSISTENT_DIR=$tmp SNMPCONFPATH=$tmp
echo 'rocommunity public' > "$tmp/agent.conf"
echo 'disableAuthorization yes' > "$tmp/traps.conf"
mkdir "$tmp/server" "$tmp/client"
echo test > "$tmp/server/dll.conf"; : > "$tmp/server/test.conf"; echo + > "$tmp/server/saned.conf"
echo net > "$tmp/client/dll.conf"; echo 'connect_timeout = 3' > "$tmp/client/net.conf"
for at in wan:198.51.100.7 lan:192.168.1.20; do
  ${at%%:*} snmpd -f -Ln -C -c "$tmp/agent.conf" -I '-smux' "udp:${at#*:}:161" > /dev/null 2>&1 &
  ${at%%:*} snmptrapd -f -n -Lo -C -c "$tmp/traps.conf" -F "traps at ${at#*:}: agent %a, %v\n" "udp:${at#*:}:162" > "$tmp/traps.${at%%:*}" 2>/dev/null &
  SANE_CONFIG_DIR=$tmp/server ${at%%:*} saned -l -b "${at#*:}" > /dev/null 2>&1 &
done
sleep 1.5

echo "== an agent is asked: from home, from outside"
lan snmpwalk -v1 -c public -On 198.51.100.7 .1.3.6.1.2.1.4.20.1.1
lan snmpget -v2c -c public -On 198.51.100.7 .1.3.6.1.2.1.1.7.0 .1.3.6.1.2.1.4.20.1.1.198.51.100.7
wan snmpwalk -v2c -c public -On --clientaddr=192.0.2.44 203.0.113.2 .1.3.6.1.2.1.4.20.1.1
wan snmpget -v1 -c public -On --clientaddr=192.0.2.44 203.0.113.2 .1.3.6.1.2.1.4.20.1.2.192.168.1.20

echo "== traps and an inform: from home, whose address in them is translated, and from outside"
address=.1.3.6.1.2.1.4.20.1.1
lan snmptrap -v1 -c public --clientaddr=192.168.1.10 198.51.100.7 .1.3.6.1.4.1.8072 192.168.1.10 6 1 100 $address.1 a 192.168.1.10 $address.2 a 192.168.1.20
lan snmptrap -v2c -c public --clientaddr=192.168.1.10 198.51.100.7 100 .1.3.6.1.6.3.1.1.5.3 $address.1 a 192.168.1.10 $address.2 s odd $address.3 a 192.168.1.10
lan snmpinform -v2c -c public --clientaddr=192.168.1.10 198.51.100.7 100 .1.3.6.1.6.3.1.1.5.4 $address.1 a 192.168.1.10
wan snmptrap -v1 -c public --clientaddr=192.0.2.44 203.0.113.2 .1.3.6.1.4.1.8072 192.0.2.44 6 2 100 $address.1 a 192.0.2.44
wan snmptrap -v2c -c public --clientaddr=192.0.2.44 203.0.113.2 100 .1.3.6.1.6.3.1.1.5.3 $address.1 a 203.0.113.2
sleep 0.5; cat "$tmp/traps.wan" "$tmp/traps.lan"

echo "== a scanner out there; one at home, whose port for the picture is not forwarded"
export SANE_CONFIG_DIR=$tmp/client
lan scanimage -d net:198.51.100.7:test:0 --mode Gray --resolution 100 -x 60 -y 60 | wc -c
lan scanimage -d net:198.51.100.7:test:1 --mode Color --resolution 75 -x 40 -y 40 | wc -c
wan timeout -s KILL 4 scanimage -d net:203.0.113.2:test:0 -x 10 -y 10 2>/dev/null | wc -c
