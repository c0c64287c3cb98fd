# At home 192.168.1.10 (clients) and 192.168.1.20 (servers); out there 198.51.100.7 (servers) and 192.0.2.44 (somebody).
lan() { ip netns exec "$NS_lan" "$@"; }
wan() { ip netns exec "$NS_wan" "$@"; }
fw()  { ip netns exec "$FW" "$@"; }
t() { echo python3 "$PWD/talk.py"; }
tmp=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$tmp"' EXIT
fw ip addr del 192.168.1.1/24 dev lan; fw ip addr add 192.168.1.1/24 brd + dev lan
mkdir "$tmp/tftp"; head -c 3000 /dev/zero | tr '\0' 't' > "$tmp/tftp/boot.img"; : > "$tmp/tftp/up"; chmod -R a+rwX "$tmp"
for at in wan:198.51.100.7 lan:192.168.1.20; do
  ${at%%:*} in.tftpd -L -c -u root -a ${at#*:}:69 -s "$tmp/tftp" &
  printf '%s\n' '[Global]' 'Name = irc.example.test' 'Info = test' "Listen = ${at#*:}" 'ServerUID = root' 'ServerGID = root' '[Limits]' 'MaxNickLength = 15' '[Options]' 'PAM = no' 'Ident = no' 'DNS = no' > "$tmp/irc.${at%%:*}"
  ${at%%:*} ngircd -n -f "$tmp/irc.${at%%:*}" > /dev/null 2>&1 &
  printf '%s\n' "#!/bin/sh" "exec python3 '$PWD/talk.py' ppp 6" > "$tmp/ppp"; chmod +x "$tmp/ppp"
  printf '%s\n' "ppp $tmp/ppp" "option $tmp/none" "listen ${at#*:}" 'localip 10.0.0.1' 'remoteip 10.0.0.2-9' "pidfile $tmp/pid.${at%%:*}" > "$tmp/pptpd.${at%%:*}"; : > "$tmp/none"
  ${at%%:*} pptpd -f -c "$tmp/pptpd.${at%%:*}" > /dev/null 2>&1 &
done
sleep 1

echo "== TFTP: down and up, from home and from outside"
lan curl -s --max-time 5 tftp://198.51.100.7/boot.img | wc -c
lan curl -s --max-time 5 -T "$tmp/tftp/boot.img" tftp://198.51.100.7/up; echo "upload: $?"
wan curl -s --max-time 5 --interface 192.0.2.44 tftp://203.0.113.2/boot.img | wc -c
lan curl -s --max-time 5 tftp://198.51.100.7/missing || echo "curl $?: not found"

echo "== PPTP: pptp and pptpd with a stand-in for pppd"
lan $(t) ppp 8 2>/dev/null | lan timeout 4 pptp 198.51.100.7 --nolaunchpppd --loglevel 0 > /dev/null 2>&1; echo "hung up"
wan $(t) ppp 8 2>/dev/null | wan timeout 4 pptp 203.0.113.2 --nolaunchpppd --loglevel 0 > /dev/null 2>&1; echo "hung up"

echo "== SANE (without NAT of its own: from outside the port is not forwarded), Amanda"
wan $(t) sane_server 198.51.100.7 & sleep 0.3; lan $(t) sane_client 198.51.100.7; wait $!
lan $(t) sane_server 192.168.1.20 & sleep 0.3; wan timeout 3 $(t) sane_client 203.0.113.2 2> /dev/null || echo "sane: not from outside"
wan $(t) amanda_server 198.51.100.7 & sleep 0.3; lan $(t) amanda_client 198.51.100.7; wait $!
lan $(t) amanda_server 192.168.1.20 & sleep 0.3; wan $(t) amanda_client 203.0.113.2; wait $!

echo "== DCC: a file and a chat offered from home, a file from outside over a server at home"
wan $(t) dcc_take 198.51.100.7 wanda & lan $(t) dcc_offer 198.51.100.7 larry wanda 192.168.1.10 40400 SEND; wait $!
wan $(t) dcc_take 198.51.100.7 wilma & lan $(t) dcc_offer 198.51.100.7 lenny wilma 192.168.1.10 40401 CHAT; wait $!
lan $(t) dcc_take 192.168.1.20 lotte & wan $(t) dcc_offer 203.0.113.2 walter lotte 203.0.113.1 40402 SEND; wait $!

echo "== NetBIOS names: the router asks all, two answer, one of them from the wrong port"
lan $(t) netbios_answer 192.168.1.10 137 & a=$!; lan $(t) netbios_answer 192.168.1.20 1137 & sleep 0.3; fw $(t) netbios 192.168.1.1 192.168.1.255; wait $a
