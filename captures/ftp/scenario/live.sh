# Clients at home (192.168.1.10, fd00:1::10) fetch from a server out there (198.51.100.21, 2001:db8:21::21);
# somebody out there (192.0.2.44, 2001:db8:44::44) from the server at home.
lan() { ip netns exec "$NS_lan" "$@"; }
wan() { ip netns exec "$NS_wan" "$@"; }
tmp=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$tmp"' EXIT
mkdir -p "$tmp/files/in" "$tmp/empty" /var/run/vsftpd/empty
head -c 40000 /dev/zero | tr '\0' 'f' > "$tmp/files/big.txt"
echo "a small file" > "$tmp/files/small.txt"
chmod -R a+rX "$tmp"; chmod a+w "$tmp/files/in"

server() { # NAME listen lines
  local conf=$tmp/$1.conf; shift
  printf '%s\n' background=NO anonymous_enable=YES anon_root="$tmp/files" no_anon_password=YES \
    write_enable=YES anon_upload_enable=YES seccomp_sandbox=NO isolate=NO isolate_network=NO \
    connect_from_port_20=NO port_promiscuous=YES xferlog_enable=NO "$@" > "$conf"
}
server out listen=YES listen_address=198.51.100.21
server out6 listen=NO listen_ipv6=YES listen_address6=2001:db8:21::21
server home listen=YES listen_address=192.168.1.20
server home6 listen=NO listen_ipv6=YES listen_address6=fd00:1::20
wan vsftpd "$tmp/out.conf" &
wan vsftpd "$tmp/out6.conf" &
lan vsftpd "$tmp/home.conf" &
lan vsftpd "$tmp/home6.conf" &
sleep 1

get() { echo "-- $*"; curl -s --max-time 5 "$@" | wc -c; }
in_lan() { lan bash -c "$(declare -f get); get $*"; }
in_wan() { wan bash -c "$(declare -f get); get $*"; }

echo "== from home, behind MASQUERADE"
in_lan --disable-epsv ftp://198.51.100.21/big.txt
in_lan ftp://198.51.100.21/big.txt
in_lan --disable-eprt --ftp-port 192.168.1.10 ftp://198.51.100.21/big.txt
in_lan --ftp-port 192.168.1.10 ftp://198.51.100.21/small.txt
in_lan --ftp-port 192.168.1.10 ftp://198.51.100.21/
lan curl -s --max-time 5 -T "$tmp/files/big.txt" --disable-epsv ftp://198.51.100.21/in/up.txt; echo "upload: $?"
lan lftp -c "set ftp:passive-mode no; set net:timeout 5; open 198.51.100.21; ls; get big.txt -o $tmp/b1; get small.txt -o $tmp/b2; nlist"
lan lftp -c "set ftp:passive-mode yes; set net:timeout 5; open 198.51.100.21; mget -O $tmp *.txt; cls -l"

echo "== from outside, to the server at home"
in_wan --interface 192.0.2.44 --disable-epsv ftp://203.0.113.2/big.txt
in_wan --interface 192.0.2.44 ftp://203.0.113.2/big.txt
in_wan --interface 192.0.2.44 --disable-epsv ftp://203.0.113.2:2121/small.txt
in_wan --interface 192.0.2.44 --disable-eprt --ftp-port 192.0.2.44 ftp://203.0.113.2/big.txt
in_wan --interface 192.0.2.44 --ftp-port 192.0.2.44 ftp://203.0.113.2:2121/small.txt

echo "== IPv6"
in_lan ftp://[2001:db8:21::21]/big.txt
in_lan --ftp-port fd00:1::10 ftp://[2001:db8:21::21]/big.txt
in_wan --interface 2001:db8:44::44 ftp://[2001:db8:ff::2]/big.txt
in_wan --interface 2001:db8:44::44 --ftp-port 2001:db8:44::44 ftp://[2001:db8:ff::2]/small.txt

echo "== asked for, but nobody comes: refused to a third party; a transfer without its command"
{ echo "USER ftp"; sleep .2; echo "PASS x"; sleep .2; echo "PORT 192,168,1,99,4,1"; sleep .2; echo "PASV"; sleep .4; } |
  sed -u 's/$/\r/' | lan socat -T 1 - TCP:198.51.100.21:21
