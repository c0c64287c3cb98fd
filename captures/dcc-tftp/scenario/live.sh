# At home 192.168.1.10 (clients) and .20 (servers); out there 198.51.100.7 (servers), all of them at their usual ports.
lan() { timeout -k 1 20 ip netns exec "$NS_lan" "$@"; }
wan() { timeout -k 1 20 ip netns exec "$NS_wan" "$@"; }
tmp=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$tmp"' EXIT
lanbg() { ip netns exec "$NS_lan" "$@" & }
wanbg() { ip netns exec "$NS_wan" "$@" & }
here=$PWD
t() { echo python3 "$here/../../helpers/scenario/talk.py"; }
mkdir "$tmp/tftp"; head -c 9000 /dev/zero | tr '\0' 't' > "$tmp/tftp/boot.img"; echo x > "$tmp/letter.txt"; head -c 3000 /dev/zero | tr '\0' 'l' > "$tmp/letter.txt"; chmod -R a+rwX "$tmp"
: > "$tmp/none"; printf '%s\n' "#!/bin/sh" "exec python3 '$here/../../helpers/scenario/talk.py' ppp 5" > "$tmp/ppp"; chmod +x "$tmp/ppp"
for at in wan:198.51.100.7 lan:192.168.1.20; do n=${at%%:*}; a=${at#*:}
  ${n}bg in.tftpd -L -c -u root -a $a:69 -s "$tmp/tftp"
  printf '%s\n' '[Global]' 'Name = irc.example.test' 'Info = test' "Listen = $a" 'Ports = 6667' 'ServerUID = root' 'ServerGID = root' '[Limits]' 'MaxNickLength = 15' '[Options]' 'PAM = no' 'Ident = no' 'DNS = no' > "$tmp/irc.$n"
  ${n}bg ngircd -n -f "$tmp/irc.$n" > /dev/null
  printf '%s\n' "ppp $tmp/ppp" "option $tmp/none" "listen $a" 'localip 10.0.0.1' 'remoteip 10.0.0.2-9' "pidfile $tmp/pid.$n" > "$tmp/pptpd.$n"
  ${n}bg pptpd -f -c "$tmp/pptpd.$n" > /dev/null
done
wanbg in.tftpd -L -c -u root -a '[2001:db8:21::21]:69' -s "$tmp/tftp"
lanbg in.tftpd -L -c -u root -a '[fd00:1::20]:69' -s "$tmp/tftp"
sleep 1
echo "== tftp-hpa and atftp: read, write, blocks of another size, another port, IPv6"
cd "$tmp"
lan tftp -m binary 198.51.100.7 69 -c get boot.img got1; wc -c < got1
lan tftp -m binary 198.51.100.7 69 -c put letter.txt up1; wc -c < tftp/up1
lan atftp --option "blksize 1024" -g -r boot.img -l got2 198.51.100.7 69; wc -c < got2
wan tftp -m binary 203.0.113.2 6969 -c get boot.img got3; wc -c < got3
wan tftp -m ascii 203.0.113.2 6969 -c put letter.txt up3; wc -c < tftp/up3
lan tftp -6 -m binary 2001:db8:21::21 69 -c get boot.img got4; wc -c < got4
wan tftp -6 -m binary 2001:db8:ff::2 69 -c get boot.img got5; wc -c < got5
lan tftp -m binary 198.51.100.7 69 -c get missing got6
echo "== two PPTP calls to one server"
(lan $(t) ppp 5 2>/dev/null | lan timeout 4 pptp 198.51.100.7 --nolaunchpppd --loglevel 0 > /dev/null 2>&1) &
a=$!; sleep 0.3
lan $(t) ppp 5 2>/dev/null | lan timeout 4 pptp 198.51.100.7 --nolaunchpppd --loglevel 0 > /dev/null 2>&1
wait $a
echo "== ircII: a file and a chat by DCC, from home, and from outside over another port"
irc() { # NAMESPACE SERVER PORT NICK: ircII reads its commands
  local ns=$1; shift; HOME=$tmp IRC_SERVERS_FILE=/dev/null timeout -k 1 14 ip netns exec "$ns" ircII -d -q -p "$2" "$3" "$1" 2>&1 | tail -n 4; }
dcc() { # OFFERING-NS OFFERING-SERVER PORT TAKING-NS TAKING-SERVER PORT NAMES
  (sleep 4; echo "/dcc get $7"; sleep 1; echo "/dcc chat $7"; sleep 1; echo "/msg =$7 good"; sleep 1; echo "/quit") | irc "$4" "$5" "$6" "$8" & local w=$!
  (sleep 3; echo "/dcc send $8 $tmp/letter.txt"; sleep 1.5; echo "/dcc chat $8"; sleep 1.5; echo "/msg =$8 hi"; sleep 1.5; echo "/quit") | irc "$1" "$2" "$3" "$7"; wait $w; }
dcc "$NS_lan" 198.51.100.7 6667 "$NS_wan" 198.51.100.7 6667 larry wanda
dcc "$NS_wan" 203.0.113.2 6697 "$NS_lan" 192.168.1.20 6667 walter lotte
