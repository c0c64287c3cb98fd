# At home 192.168.1.10 and .20; out there a tracker (198.51.100.7, port 6969, HTTP and UDP) and a peer (192.0.2.44).
lan() { ip netns exec "$NS_lan" "$@"; }
wan() { ip netns exec "$NS_wan" "$@"; }
tmp=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$tmp"' EXIT
mkdir "$tmp/a" "$tmp/b" "$tmp/c"; head -c 40000 /dev/zero | tr '\0' 'f' > "$tmp/a/film"; cp "$tmp/a/film" "$tmp/c/film"
python3 tracker.py torrent "$tmp/a/film" http://198.51.100.7:6969/announce > "$tmp/http.torrent"
python3 tracker.py torrent "$tmp/c/film" udp://198.51.100.7:6969/announce > "$tmp/udp.torrent"
peer() { # NAMESPACE ADDRESS PORT DIR TORRENT OPTIONS
  "$1" env HOME="$tmp" aria2c -q --no-conf --interface="$2" --listen-port="$3" --dir="$4" --check-integrity --file-allocation=none \
    --enable-dht6=false --bt-enable-lpd=true --enable-peer-exchange=false --bt-tracker-connect-timeout=5 --bt-tracker-timeout=5 --bt-stop-timeout=20 "${@:6}" "$5"
}
wan python3 tracker.py 198.51.100.7 6969 &
sleep 1

echo "-- one at home has a film, and says so to the tracker by HTTP; one out there gets it"
peer lan 192.168.1.10 6881 "$tmp/a" "$tmp/http.torrent" --enable-dht=false --seed-ratio=0 & a=$!
sleep 2
peer wan 192.0.2.44 51413 "$tmp/b" "$tmp/http.torrent" --enable-dht=false --seed-time=0; wc -c < "$tmp/b/film"
echo "-- it stops; nobody may come in any more"
kill -INT $(ip netns pids "$NS_lan"); wait $a
wan timeout 2 socat -u /dev/null TCP:203.0.113.2:6881,bind=192.0.2.44 || echo "closed"

echo "-- another at home, with a tracker by UDP"
rm -f "$tmp"/b/film*
peer lan 192.168.1.20 6885 "$tmp/c" "$tmp/udp.torrent" --enable-dht=true --dht-listen-port=6886 --dht-file-path="$tmp/dht" --seed-ratio=0 & c=$!
sleep 2
peer wan 192.0.2.44 51413 "$tmp/b" "$tmp/udp.torrent" --enable-dht=true --dht-listen-port=51414 --dht-file-path="$tmp/dht2" --seed-time=0; wc -c < "$tmp/b/film"
kill -INT $(ip netns pids "$NS_lan"); wait $c
wan timeout 2 socat -u /dev/null TCP:203.0.113.2:6885,bind=192.0.2.44 || echo "closed"
