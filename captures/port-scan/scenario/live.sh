# nmap comes by, in six ways from six addresses; in between somebody reads a page.
dmz() { ip netns exec "$NS_dmz" "$@"; }
wan() { ip netns exec "$NS_wan" "$@"; }
fw()  { ip netns exec "$FW" "$@"; }
scan() { echo "-- nmap $*"; wan nmap -n -Pn -e eth0 --max-retries 0 --initial-rtt-timeout 60ms --max-rtt-timeout 80ms --max-scan-delay 0 "$@" 2>&1 | grep -E '^[0-9]+/|^PORT|shown'; }
www=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$www"' EXIT
echo "hello" > "$www/index.html"
fw python3 -m http.server -d "$www" --bind 203.0.113.1 80 2> /dev/null &
fw socat TCP-LISTEN:22,bind=203.0.113.1,reuseaddr,fork SYSTEM:'echo SSH-2.0-host; read l' 2> /dev/null &
dmz python3 -m http.server -d "$www" --bind 172.16.5.10 80 2> /dev/null &
dmz socat TCP-LISTEN:25,reuseaddr,fork SYSTEM:'echo 220 mail; read l' 2> /dev/null &
sleep 1

many=20-25,53,79,80,88,110,111,113,135,139,143,389,443,445,587,993,1433,3306,3389,5432,5900,8080,8443,9200,27017
scan -S 198.51.100.61 -sS -p $many 203.0.113.1
scan -S 198.51.100.61 -sS -p $many 203.0.113.2
wan curl -s --interface 198.51.100.7 http://203.0.113.1/
wan curl -s --interface 198.51.100.7 http://203.0.113.2/
scan -S 198.51.100.62 -sN -p 22,25,80,443 203.0.113.1 203.0.113.2
scan -S 198.51.100.63 -sX -p 22,25,80,443 203.0.113.1 203.0.113.2
scan -S 198.51.100.63 -sF -p 25 203.0.113.2
scan -S 198.51.100.62 -sS -p 22,80 203.0.113.1
scan -S 198.51.100.64 -sU -p 53,67,69,111,123,137,161,500,514,1900,4500,5353 203.0.113.1
scan -S 198.51.100.64 -sU -p 53,123,4444,33434 203.0.113.2
scan -S 198.51.100.65 -sA -p 22,80,443,8080 203.0.113.1
scan -S 198.51.100.65 -sA -p 22,80,443,8080 203.0.113.2
scan -S 198.51.100.66 -sS -f -p 22,80,8080 203.0.113.1
scan -S 198.51.100.66 -sO -p 1,2,4,47,50,132 203.0.113.1
wan nping -q -H -N -c 1 --icmp --icmp-type timestamp --source-ip 198.51.100.66 203.0.113.1 | grep Raw
scan -S 198.51.100.66 -sT -p 22,80,25 203.0.113.1 203.0.113.2
wan curl -s --interface 198.51.100.7 http://203.0.113.2/
