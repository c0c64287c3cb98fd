# Telephones at home (192.168.1.10 .11 .12, fd00:1::10 .11) and an exchange (.20, fd00:1::20); registrar and others out there.
lan() { timeout -k 1 20 ip netns exec "$NS_lan" "$@"; }
wan() { timeout -k 1 20 ip netns exec "$NS_wan" "$@"; }
tmp=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$tmp"' EXIT
lanbg() { ip netns exec "$NS_lan" "$@" & }
wanbg() { ip netns exec "$NS_wan" "$@" & }
here=$PWD
cd "$tmp"
head -c 1600 /dev/zero | tr '\0' 'v' > voice.ul
export TERM=dumb
sip() { local ns=$1 what=$2; shift 2
  local sf=(-sf "$here/$what.xml"); [[ -e ${sf[1]} ]] || sf[1]=$here/../../sip/scenario/$what.xml; [[ $what == sn:* ]] && sf=(-sn "${what#sn:}")
  timeout -k 1 16 ip netns exec "$ns" sipp "${sf[@]}" -m 1 -nostdin -timeout ${limit:-8} -timeout_error "$@" < /dev/null > "log.$ns.$what" 2>&1
  local result=$?; echo "$what $*: $result"; ((result == 0)) || tail -n 1 "log.$ns.$what"; }
both() { local first=(); while [[ $1 != -- ]]; do first+=("$1"); shift; done; shift
  sip "${first[@]}" & local waiting=$!; sleep 0.5; sip "$@"; wait $waiting; }
echo "== sipp's own scenarios, out and in, UDP and TCP"
both "$NS_wan" sn:uas -i 198.51.100.61 -p 5060 -mi 198.51.100.61 -- "$NS_lan" sn:uac -i 192.168.1.10 -p 5060 -mi 192.168.1.10 198.51.100.61:5060
both "$NS_lan" sn:uas -i 192.168.1.20 -p 5060 -mi 192.168.1.20 -- "$NS_wan" sn:uac -i 192.0.2.44 -p 5061 -mi 192.0.2.44 203.0.113.2:5060
both "$NS_wan" sn:uas -t t1 -i 198.51.100.61 -p 5060 -mi 198.51.100.61 -- "$NS_lan" sn:uac -t t1 -i 192.168.1.11 -p 5060 -mi 192.168.1.11 198.51.100.61:5060
both "$NS_lan" sn:uas -t t1 -i 192.168.1.20 -p 5060 -mi 192.168.1.20 -- "$NS_wan" sn:uac -t t1 -i 192.0.2.45 -p 5061 -mi 192.0.2.45 203.0.113.2:5060
echo "== six calls over one signalling connection"
both "$NS_wan" sn:uas -m 6 -i 198.51.100.60 -p 5060 -mi 198.51.100.60 -- "$NS_lan" sn:uac -m 6 -r 20 -d 300 -i 192.168.1.12 -p 5070 -mi 192.168.1.12 198.51.100.60:5060
both "$NS_wan" sn:uas -t t1 -m 4 -i 198.51.100.60 -p 5060 -mi 198.51.100.60 -- "$NS_lan" sn:uac -t t1 -m 4 -r 50 -d 300 -i 192.168.1.12 -p 5071 -mi 192.168.1.12 198.51.100.60:5060
echo "== to an exchange at another port"
both "$NS_lan" answer -i 192.168.1.20 -p 5062 -mi 192.168.1.20 -rtp_echo -mp 6500 -- "$NS_wan" call -i 192.0.2.44 -p 5063 -mi 192.0.2.44 -s exchange 203.0.113.2:5080
both "$NS_wan" answer -i 198.51.100.61 -p 5080 -mi 198.51.100.61 -rtp_echo -mp 6700 -- "$NS_lan" call -i 192.168.1.11 -p 5064 -mi 192.168.1.11 -s far 198.51.100.61:5080
echo "== a call that is called off, and one that is refused"
both "$NS_wan" ring -i 198.51.100.61 -p 5060 -mi 198.51.100.61 -- "$NS_lan" cancel -i 192.168.1.10 -p 5090 -mi 192.168.1.10 -s far 198.51.100.61:5060
both "$NS_wan" busy -i 198.51.100.61 -p 5060 -mi 198.51.100.61 -- "$NS_lan" toobusy -i 192.168.1.10 -p 5092 -mi 192.168.1.10 -s far 198.51.100.61:5060
echo "== two telephones with one media port, at once; hold in the old way, media elsewhere"
sip "$NS_lan" hold -i 192.168.1.12 -p 5093 -mi 192.168.1.12 -s far 198.51.100.60:5060 & s=$!
sip "$NS_wan" holds -i 198.51.100.60 -p 5060 -mi 198.51.100.60 -rtp_echo -mp 6800 & u=$!
both "$NS_wan" holds -i 198.51.100.61 -p 5060 -mi 198.51.100.61 -rtp_echo -mp 6900 -- "$NS_lan" hold -i 192.168.1.11 -p 5093 -mi 192.168.1.11 -s far 198.51.100.61:5060
wait $s $u
echo "== registrations: two addresses, over TCP, taken back with a star"
both "$NS_wan" registrar -i 198.51.100.60 -p 5060 -- "$NS_lan" register -i 192.168.1.10 -p 5060 -s ten 198.51.100.60:5060
both "$NS_wan" registrar -i 198.51.100.60 -p 5060 -- "$NS_lan" register2 -i 192.168.1.11 -p 5062 -s eleven 198.51.100.60:5060
both "$NS_wan" registrar -t t1 -i 198.51.100.60 -p 5060 -- "$NS_lan" register -t t1 -i 192.168.1.12 -p 5060 -s twelve 198.51.100.60:5060
both "$NS_lan" answer -i 192.168.1.10 -p 5060 -mi 192.168.1.10 -rtp_echo -mp 6100 -- "$NS_wan" call -i 198.51.100.60 -p 5070 -mi 198.51.100.60 -s ten 203.0.113.2:5060
both "$NS_wan" release -i 198.51.100.60 -p 5060 -- "$NS_lan" star -i 192.168.1.10 -p 5060 -s ten 198.51.100.60:5060
both "$NS_lan" registrar -i 192.168.1.20 -p 5060 -- "$NS_wan" register -i 192.0.2.44 -p 5060 -s out 203.0.113.2:5060
limit=2
echo "== IPv6, translated (Linux drops what has a session description): out, in"
both "$NS_wan" answer -i 2001:db8:60::60 -p 5060 -mi 2001:db8:60::60 -rtp_echo -mp 7400 -- "$NS_lan" call -i fd00:1::10 -p 5064 -mi fd00:1::10 -s six '[2001:db8:60::60]:5060'
both "$NS_lan" answer -i fd00:1::20 -p 5060 -mi fd00:1::20 -rtp_echo -mp 7600 -- "$NS_wan" call -i 2001:db8:44::44 -p 5064 -mi 2001:db8:44::44 -s six '[2001:db8:ff::2]:5060'
both "$NS_wan" registrar -i 2001:db8:60::60 -p 5060 -- "$NS_lan" register -i fd00:1::11 -p 5060 -s eleven '[2001:db8:60::60]:5060'
