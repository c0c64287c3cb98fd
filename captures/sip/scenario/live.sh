# Telephones at home (192.168.1.10 .11 .12, fd00:1::10) register out there (198.51.100.60), call out (198.51.100.61) and are
# called; somebody (192.0.2.44) calls the exchange at home (192.168.1.20).
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tmp=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$tmp"' EXIT
cd "$tmp"
head -c 1600 /dev/zero | tr '\0' 'v' > voice.ul
export TERM=dumb

sip() { # NAMESPACE SCENARIO ARGUMENTS: one call, or one registration
  local ns=$1 what=$2; shift 2
  ip netns exec "$ns" sipp -sf "$here/$what.xml" -m 1 -nostdin -timeout 12 -timeout_error "$@" < /dev/null > "$what.$BASHPID.log" 2>&1
  local result=$?
  echo "$what $*: $result"
  ((result == 0)) || tail -n 3 "$what.$BASHPID.log"
}
both() { # two sip commands parted by --: the one that waits, the one that begins
  local first=()
  while [[ $1 != -- ]]; do first+=("$1"); shift; done
  shift
  sip "${first[@]}" &
  local waiting=$!
  sleep 0.5
  sip "$@"
  wait $waiting
}

echo "== two telephones register, and are called"
both "$NS_wan" registrar -i 198.51.100.60 -p 5060 -- "$NS_lan" register -i 192.168.1.10 -p 5060 -s ten 198.51.100.60:5060
both "$NS_wan" registrar -i 198.51.100.60 -p 5060 -- "$NS_lan" register -i 192.168.1.11 -p 5062 -s eleven 198.51.100.60:5060
both "$NS_lan" answer -i 192.168.1.10 -p 5060 -mi 192.168.1.10 -rtp_echo -mp 6100 -- "$NS_wan" call -i 198.51.100.60 -p 5070 -mi 198.51.100.60 -s ten 203.0.113.2:5060
both "$NS_lan" answer -i 192.168.1.11 -p 5062 -mi 192.168.1.11 -rtp_echo -mp 6100 -- "$NS_wan" call -i 198.51.100.60 -p 5072 -mi 198.51.100.60 -s eleven 203.0.113.2:5062

echo "== calls out, one after the other and two at once, all with the same media port"
both "$NS_wan" answer -i 198.51.100.61 -p 5060 -mi 198.51.100.61 -rtp_echo -mp 7000 -- "$NS_lan" call -i 192.168.1.10 -p 5064 -mi 192.168.1.10 -s far 198.51.100.61:5060
both "$NS_wan" answer -i 198.51.100.61 -p 5060 -mi 198.51.100.61 -rtp_echo -mp 7000 -- "$NS_lan" call -i 192.168.1.12 -p 5063 -mi 192.168.1.12 -s far 198.51.100.61:5060

sip "$NS_lan" call -i 192.168.1.11 -p 5065 -mi 192.168.1.11 -s far 198.51.100.61:5060 &
second=$!
both "$NS_wan" answer -m 2 -i 198.51.100.61 -p 5060 -mi 198.51.100.61 -rtp_echo -mp 7002 -- "$NS_lan" call -i 192.168.1.10 -p 5066 -mi 192.168.1.10 -s far 198.51.100.61:5060
wait $second

echo "== a call in to the exchange"
both "$NS_lan" answer -i 192.168.1.20 -p 5060 -mi 192.168.1.20 -rtp_echo -mp 7100 -- "$NS_wan" call -i 192.0.2.44 -p 5066 -mi 192.0.2.44 -s exchange 203.0.113.2:5060

echo "== sound, pictures and a fax, with their control streams: out, and in"
streams() { # NAMESPACE FROM TO: RTP and RTCP of all streams, as soon as the call stands
  sleep 1
  for pair in 6200:7500 6201:7501 6202:7502 6203:7503 6204:7504 6206:7506; do
    printf '\200\000media' | ip netns exec "$1" socat -u - "UDP:$3:${pair#*:},bind=$2:${pair%:*}"
  done
}
streams "$NS_lan" 192.168.1.11 198.51.100.61 &
both "$NS_wan" media-answer -i 198.51.100.61 -p 5060 -mi 198.51.100.61 -- "$NS_lan" media -i 192.168.1.11 -p 5067 -mi 192.168.1.11 -s far 198.51.100.61:5060
streams "$NS_wan" 192.0.2.44 203.0.113.2 &
both "$NS_lan" media-answer -i 192.168.1.20 -p 5060 -mi 192.168.1.20 -- "$NS_wan" media -i 192.0.2.44 -p 5067 -mi 192.0.2.44 -s exchange 203.0.113.2:5060

echo "== a telephone that sends from one port and listens at another"
(echo 'OPTIONS sip:198.51.100.61 SIP/2.0'; echo 'Via: SIP/2.0/UDP 192.168.1.12:5061;branch=z9hG4bK1'; echo 'From: <sip:twelve@192.168.1.12:5061>;tag=1'
 echo 'To: <sip:far@198.51.100.61>'; echo 'Call-ID: cisco@192.168.1.12'; echo 'CSeq: 1 OPTIONS'; echo 'Content-Length: 0'; echo) | sed 's/$/\r/' > options
(echo 'SIP/2.0 200 OK'; sed -n '2,$p' options | tr -d '\r') | sed 's/$/\r/; s/192.168.1.12:5061/203.0.113.2:5061/' > answer
ip netns exec "$NS_wan" timeout 4 socat UDP-RECVFROM:5060,bind=198.51.100.61 SYSTEM:"cat > /dev/null & cat $tmp/answer" &
sleep 0.5
ip netns exec "$NS_lan" timeout 3 socat -u UDP-RECV:5061,bind=192.168.1.12 - > got &
ip netns exec "$NS_lan" socat -u -b 2000 FILE:options UDP:198.51.100.61:5060,bind=192.168.1.12:40012
sleep 2
echo "bytes at port 5061: $(wc -c < got)"

echo "== over TCP: out, and in"
both "$NS_wan" answer -t t1 -i 198.51.100.61 -p 5060 -mi 198.51.100.61 -rtp_echo -mp 7200 -- "$NS_lan" call -t t1 -i 192.168.1.10 -p 5068 -mi 192.168.1.10 -s far 198.51.100.61:5060
both "$NS_lan" answer -t t1 -i 192.168.1.20 -p 5060 -mi 192.168.1.20 -rtp_echo -mp 7300 -- "$NS_wan" call -t t1 -i 192.0.2.44 -p 5069 -mi 192.0.2.44 -s exchange 203.0.113.2:5060

echo "== IPv6, not translated"
both "$NS_wan" answer -i '2001:db8:60::60' -p 5060 -mi '2001:db8:60::60' -rtp_echo -mp 7400 -- "$NS_lan" call -i 'fd00:1::10' -p 5064 -mi 'fd00:1::10' -s six '[2001:db8:60::60]:5060'

echo "== the first telephone leaves"
both "$NS_wan" release -i 198.51.100.60 -p 5060 -- "$NS_lan" leave -i 192.168.1.10 -p 5060 -s ten 198.51.100.60:5060
