# The evening of home-router, recorded by tcpdump on the router: at all interfaces, and at each of the two.
for point in any lan wan; do
  ip netns exec "$FW" tcpdump -n -U -i "$point" -w "$OUT/$point.pcap" &
done
sleep 1
. ../../home-router/scenario/live.sh
sleep 0.5
