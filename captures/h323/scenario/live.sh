# At home 192.168.1.10 (calls) and 192.168.1.20 (is called); out there 198.51.100.7 (gatekeeper) and 192.0.2.44 (somebody).
lan() { ip netns exec "$NS_lan" "$@"; }
wan() { ip netns exec "$NS_wan" "$@"; }
peer=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../lab" && pwd)/h323peer.py
export MEDIA=6000
trap 'kill $(jobs -p) 2>/dev/null' EXIT
one() { # WHO ARGUMENTS: a peer with media ports of its own
  local who=$1; shift
  "$who" python3 "$peer" "$@"
}
both() { # WHO ARGUMENTS -- WHO ARGUMENTS: the one that waits, the one that begins
  local first=()
  while [[ $1 != -- ]]; do first+=("$1"); shift; done
  shift
  ((MEDIA += 100)); one "${first[@]}" &
  local waiting=$!
  sleep 0.7
  ((MEDIA += 100)); one "$@"
  wait $waiting
}

echo "== registered with a gatekeeper out there: a call out to where it says, its call in"
((MEDIA += 100)); one wan take 192.0.2.44:2720 & far=$!
both wan gatekeeper 198.51.100.7 1819 far=192.0.2.44:2720 -- lan endpoint 192.168.1.10 198.51.100.7 far
wait $far

echo "== the gatekeeper is at home, and so is whom it lets be called"
((MEDIA += 100)); one lan take 192.168.1.20 & far=$!
both lan gatekeeper 192.168.1.20 1719 far=203.0.113.2 -- wan endpoint 192.0.2.44 203.0.113.2 far
wait $far

echo "== calls out: fast start, H.245 there and back, tunnelled, data"
both wan take 192.0.2.44 -- lan call 192.168.1.10 192.0.2.44 fast
both wan take 192.0.2.44 -- lan call 192.168.1.10 192.0.2.44 slow t120
both wan take 192.0.2.44 -- lan call 192.168.1.10 192.0.2.44 back
both wan take 192.0.2.44 -- lan call 192.168.1.10 192.0.2.44 tunnel

echo "== calls in, the same"
both lan take 192.168.1.20 -- wan call 192.0.2.44 203.0.113.2 fast t120
both lan take 192.168.1.20 -- wan call 192.0.2.44 203.0.113.2 slow
both lan take 192.168.1.20 -- wan call 192.0.2.44 203.0.113.2 back t120
both lan take 192.168.1.20 -- wan call 192.0.2.44 203.0.113.2 tunnel

echo "== forwarded: from home to out there (which is left alone), out there, at home"
((MEDIA += 100)); one wan take 198.51.100.7:5720 & far=$!
both lan take 192.168.1.20 forward=198.51.100.7:5720 -- wan call 192.0.2.44 203.0.113.2
wait $far
((MEDIA += 100)); one wan take 192.0.2.44:3720 & far=$!
both wan take 198.51.100.7 forward=192.0.2.44:3720 -- lan call 192.168.1.10 198.51.100.7
wait $far
((MEDIA += 100)); one lan take 192.168.1.10:4720 & far=$!
both lan take 192.168.1.20 forward=192.168.1.10:4720 -- wan call 192.0.2.44 203.0.113.2
wait $far
