# A sender in the network of if1 (10.9.0.7) and a program on the host that listens at port 10000.
net() { ip netns exec "$NS_if1" "$@"; }
fw()  { ip netns exec "$FW" "$@"; }
trap 'kill $(jobs -p) 2>/dev/null' EXIT
fw socat -u UDP-RECV:10000 /dev/null & sleep 0.5
send() { net socat -u - "UDP-DATAGRAM:$1,bind=10.9.0.7:4000,ip-multicast-ttl=4${2:+,$2}"; }

echo "-- multicast to the port, to two groups; to another port; unicast; to all"
printf 'one' | send 239.1.2.3:10000
printf 'two, longer' | send 224.1.1.1:10000
printf 'three' | send 239.1.2.3:10001
printf 'four' | send 10.9.0.1:10000
printf 'five' | send 10.9.0.255:10000,broadcast
echo "-- with an IP option; too long for a frame; many"
printf 'six' | send 239.1.2.3:10000 ipoptions=x94040000
head -c 4000 /dev/zero | send 239.1.2.3:10000
for n in 1 2 3 4 5; do printf "tick $n" | send 239.1.2.3:10000; done
sleep 0.3
