# Clients at home (192.168.1.10 .11 .12) and servers out there, which listen at 21 and 2100; a server at home that listens at 2100.
lan() { timeout -k 1 20 ip netns exec "$NS_lan" "$@"; }
wan() { timeout -k 1 20 ip netns exec "$NS_wan" "$@"; }
tmp=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$tmp"' EXIT
lanbg() { ip netns exec "$NS_lan" "$@" & }
wanbg() { ip netns exec "$NS_wan" "$@" & }
here=$PWD
mkdir -p "$tmp/files/in" /var/run/vsftpd/empty
head -c 40000 /dev/zero | tr '\0' 'f' > "$tmp/files/big.txt"; echo "a small file" > "$tmp/files/small.txt"
chmod -R a+rX "$tmp"; chmod a+w "$tmp/files/in"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=x -keyout "$tmp/k.pem" -out "$tmp/c.pem" 2>/dev/null; cat "$tmp/k.pem" "$tmp/c.pem" > "$tmp/both.pem"
server() { local n=$1; shift
  printf '%s\n' background=NO anonymous_enable=YES anon_root="$tmp/files" no_anon_password=YES write_enable=YES anon_upload_enable=YES anon_mkdir_write_enable=YES seccomp_sandbox=NO isolate=NO isolate_network=NO \
    port_promiscuous=YES xferlog_enable=NO listen=NO listen_ipv6=NO "$@" > "$tmp/$n.conf"; }
server out listen=YES listen_address=198.51.100.21 connect_from_port_20=NO
server outalt listen=YES listen_address=198.51.100.21 listen_port=2100 connect_from_port_20=NO
server foreign listen=YES listen_address=198.51.100.7 pasv_address=198.51.100.61 connect_from_port_20=NO
server out6 listen_ipv6=YES listen_address6=2001:db8:21::21 connect_from_port_20=NO
server home listen=YES listen_address=192.168.1.20 listen_port=2100 connect_from_port_20=NO ssl_enable=YES allow_anon_ssl=YES rsa_cert_file="$tmp/both.pem" require_ssl_reuse=NO
server home6 listen_ipv6=YES listen_address6=fd00:1::20 connect_from_port_20=NO
for s in out outalt foreign out6; do wanbg vsftpd "$tmp/$s.conf"; done
for s in home home6; do lanbg vsftpd "$tmp/$s.conf"; done
sleep 1
c() { local ns=$1 o=$(mktemp -p "$tmp"); shift; echo "-- $*"; $ns curl -s --max-time 4 "$@" -o "$o"; echo "curl $?: $(wc -c < "$o")"; }
echo "== two clients at once"
c lan --interface 192.168.1.10 ftp://198.51.100.21/big.txt & a=$!
lan curl -s --max-time 4 --interface 192.168.1.11 --ftp-port 192.168.1.11 --disable-eprt ftp://198.51.100.21/small.txt | wc -c
wait $a
c lan --interface 192.168.1.11 --ftp-port 192.168.1.11 --limit-rate 200k ftp://198.51.100.21/big.txt & a=$!
lan curl -s --max-time 4 --interface 192.168.1.12 --disable-epsv ftp://198.51.100.21:2100/small.txt | wc -c
wait $a
echo "== a port of its own for the server; several at once"
lan lftp -c "set net:timeout 5; set ftp:passive-mode no; open 198.51.100.21:2100; cls; get small.txt -o $tmp/s1; mkdir in/d; put $tmp/files/small.txt -o in/d/x; rm in/d/x; bye"
lan lftp -c "set net:timeout 5; open 198.51.100.21; pget -n 3 big.txt -o $tmp/p1; mirror -P 2 / $tmp/mirror"
echo "== the server announces somebody else's address"
c lan --disable-epsv --no-ftp-skip-pasv-ip ftp://198.51.100.7/small.txt
c lan --disable-epsv --ftp-skip-pasv-ip ftp://198.51.100.7/small.txt
c lan ftp://198.51.100.7/small.txt
echo "== from outside to port 21, where the server listens at another"
c wan --interface 192.0.2.44 --disable-epsv --no-ftp-skip-pasv-ip ftp://203.0.113.2/big.txt
c wan --interface 192.0.2.45 --ftp-port 192.0.2.45 ftp://203.0.113.2/small.txt
c wan --interface 192.0.2.45 --ftp-port 192.0.2.45 --disable-eprt -T "$tmp/files/big.txt" ftp://203.0.113.2/in/up1
c wan --interface 192.0.2.44 --disable-epsv --ssl-reqd -k ftp://203.0.113.2/small.txt
c wan --interface 192.0.2.44 -a -T "$tmp/files/small.txt" ftp://203.0.113.2/in/up1
echo "== server to server"
lan lftp -c "set net:timeout 4; set net:max-retries 1; set ftp:use-fxp yes; set ftp:fxp-force yes; set cmd:fail-exit no; get ftp://198.51.100.21/small.txt -o ftp://198.51.100.21:2100/in/fxp; bye"
echo "== IPv6, translated"
c lan ftp://[2001:db8:21::21]/big.txt
c lan --interface fd00:1::11 --ftp-port fd00:1::11 ftp://[2001:db8:21::21]/big.txt
lan lftp -c "set net:timeout 5; set ftp:passive-mode no; open -p 21 2001:db8:21::21; cls; get small.txt -o $tmp/s6"
c wan --interface 2001:db8:44::44 ftp://[2001:db8:ff::2]/big.txt
c wan --interface 2001:db8:44::44 --ftp-port 2001:db8:44::44 ftp://[2001:db8:ff::2]/small.txt
echo "== packets get lost behind the router"
wan iptables -A INPUT -p tcp -m statistic --mode nth --every 6 --packet 3 -j DROP
lan iptables -A INPUT -p tcp -m statistic --mode nth --every 7 --packet 2 -j DROP
lan lftp -c "set net:timeout 6; set ftp:passive-mode no; set ftp:use-feat no; open 198.51.100.21; cls; get small.txt -o $tmp/l1; get small.txt -o $tmp/l2; put $tmp/files/small.txt -o in/l3; cls"
c wan --interface 192.0.2.44 --disable-epsv ftp://203.0.113.2/small.txt
