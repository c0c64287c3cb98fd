package org.fwreplay.ipset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fwreplay.ipset.SetTexts.complaints;
import static org.fwreplay.ipset.SetTexts.elements;
import static org.fwreplay.ipset.SetTexts.read;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the text of sets is read, checked and written back, as ipset 7.17 and Linux 6.18 do it. */
class SetReaderTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create s bitmap:ip range 192.0.2.0-192.0.2.255",
        "create s bitmap:ip range 10.0.0.0-10.0.255.255 netmask 24 timeout 60 counters",
        "create s bitmap:ip,mac range 192.0.2.0-192.0.2.255 comment skbinfo",
        "create s bitmap:port range 0-1024 timeout 0",
        "create s hash:ip family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x0000002a",
        "create s hash:ip family inet6 hashsize 64 maxelem 10 netmask 64 timeout 5 counters comment"
            + " forceadd skbinfo bucketsize 2 initval 0x0000002a",
        "create s hash:ip family inet hashsize 64 maxelem 10 bitmask 255.0.255.0 bucketsize 12"
            + " initval 0xffffffff",
        "create s hash:ip,port family inet hashsize 64 maxelem 10 bucketsize 12 initval 0x00000001"
            + " netmask 24",
        "create s hash:ip,mark family inet markmask 0x000000ff hashsize 64 maxelem 10"
            + " bucketsize 12 initval 0x00000001",
        "create s hash:mac hashsize 1024 maxelem 65536 bucketsize 12 initval 0x00000001",
        "create s list:set size 8 timeout 30 counters comment skbinfo",
      })
  void headersAreSavedAsTheyWereRead(String header) {
    assertThat(read(header).save()).isEqualTo(header + "\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bitmap:ip range 10.0.0.0/24       | 10.0.0.9
          bitmap:ip,mac range 10.0.0.0/24   | 10.0.0.9,00:1B:21:0A:0B:0C
          bitmap:port range 20-30           | 22
          hash:ip                           | 198.51.100.7
          hash:ip family inet6              | 2001:db8::7
          hash:mac                          | 00:1B:21:0A:0B:0C
          hash:ip,mac                       | 198.51.100.7,00:1B:21:0A:0B:0C
          hash:net                          | 198.51.100.0/24
          hash:net                          | 198.51.100.0/24 nomatch
          hash:net family inet6             | 2001:db8::/33
          hash:net,net                      | 10.0.0.0/8,198.51.100.1
          hash:net,net family inet6         | 2001:db8::/32,fe80::/10 nomatch
          hash:ip,port                      | 198.51.100.7,udp:53
          hash:ip,port                      | 198.51.100.7,icmp:echo-request
          hash:ip,port                      | 198.51.100.7,icmp:99/3
          hash:ip,port                      | 198.51.100.7,gre:0
          hash:ip,port family inet6         | fe80::1,ipv6-icmp:packet-too-big
          hash:net,port                     | 198.51.100.0/24,sctp:132
          hash:ip,port,ip                   | 198.51.100.7,tcp:80,192.0.2.1
          hash:ip,port,ip family inet6      | fe80::1,tcp:80,fe80::2
          hash:ip,port,net                  | 198.51.100.7,tcp:80,192.0.2.0/25 nomatch
          hash:net,port,net                 | 0.0.0.0/0,tcp:80,192.0.2.0/25
          hash:net,port,net family inet6    | ::/0,udp:1,2001:db8::/64 nomatch
          hash:ip,mark                      | 198.51.100.7,0x0000002a
          hash:net,iface                    | 10.0.0.0/8,physdev:eth0
          hash:net,iface                    | 0.0.0.0/0,ppp nomatch wildcard
          hash:ip counters                  | 10.0.0.1 packets 7 bytes 18446744073709551614
          hash:ip comment                   | 10.0.0.1 comment "the boss's"
          hash:ip skbinfo                   | 10.0.0.1 skbmark 0x1/0xff skbprio 1:a0 skbqueue 3
          hash:ip timeout 100               | 10.0.0.1 timeout 42
          """)
  void elementsAreSavedAsTheyWereRead(String header, String element) {
    assertThat(elements("create s " + header, "add s " + element)).containsExactly(element);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          hash:ip                  | 10.0.0.4/30         | 10.0.0.4 10.0.0.5 10.0.0.6 10.0.0.7
          hash:ip netmask 24       | 10.0.0.9-10.0.1.1   | 10.0.0.0 10.0.1.0
          hash:ip,port             | 10.0.0.1,21-23      | 10.0.0.1,tcp:21 10.0.0.1,tcp:22 10.0.0.1,tcp:23
          hash:ip,port             | 10.0.0.1,http       | 10.0.0.1,tcp:80
          hash:ip,port             | 10.0.0.1,UDP:domain | 10.0.0.1,udp:53
          hash:ip,port             | 10.0.0.1,47:0       | 10.0.0.1,gre:0
          hash:net                 | 10.9.8.7/8          | 10.0.0.0/8
          hash:net                 | 10.0.0.1-10.0.0.6   | 10.0.0.1 10.0.0.2/31 10.0.0.4/31 10.0.0.6
          hash:ip,port,net         | 10.0.0.1,5,1.0.0.0-1.0.0.2 | 10.0.0.1,tcp:5,1.0.0.0/31 10.0.0.1,tcp:5,1.0.0.2
          bitmap:port range 0-9    | 3-1                 | 1 2 3
          bitmap:ip range 10.0.0.0/16 netmask 24 | 10.0.7.7 | 10.0.7.0
          bitmap:ip comment range 10.0.0.1-10.0.1.0 netmask 30 comment | 10.0.1.3 | 10.0.1.0
          hash:mac                 | 0:1:2:a:b:c         | 00:01:02:0A:0B:0C
          """)
  void rangesAreSpreadAsTheKernelSpreadsThem(String header, String element, String saved) {
    assertThat(elements("create s " + header, "add s " + element))
        .containsExactly(saved.split(" "));
  }

  @Test
  void oldNamesAndOptionsAreUnderstood() {
    assertThat(read("-N s iphash --hashsize 100 --probes 4 --resize 50", "-A s 10.0.0.1").save())
        .startsWith("create s hash:ip family inet hashsize 128 ")
        .endsWith("add s 10.0.0.1\n");
    assertThat(read("-N s portmap --from 1 --to 20").save())
        .isEqualTo("create s bitmap:port range 1-20\n");
  }

  @Test
  void commandsFollowOneAnother() {
    SetFile sets =
        read(
            "# a comment",
            "create a hash:ip",
            "create b hash:ip",
            "add a 10.0.0.1",
            "add -exist a 10.0.0.1",
            "swap a b",
            "rename b c",
            "del c 10.0.0.1",
            "-! del c 10.0.0.1",
            "create l list:set",
            "add l a",
            "add l c before a",
            "flush a",
            "create gone hash:net",
            "destroy gone",
            "COMMIT");

    assertThat(sets.names()).containsExactly("a", "c", "l");
    assertThat(sets.save()).endsWith("add l c\nadd l a\n");
  }

  @Test
  void allErrorsAreToldAtOnceEachWithItsPlace() {
    assertThat(
            complaints(
                "create s hash:ipp",
                "create t hash:ip maxelem many",
                "create u hash:ip",
                "add u 10.0.0.256",
                "add u 10.0.0.1 timeout 5",
                "add v 10.0.0.1",
                "add t 10.0.0.1",
                "frobnicate u",
                "add u"))
        .hasSize(7)
        .satisfies(
            all -> {
              assertThat(all.get(0))
                  .startsWith("sets:1:10: error: no type \"hash:ipp\"; did you mean hash:ip?");
              assertThat(all.get(1))
                  .startsWith("sets:2:26: error: maxelem \"many\" is not a number");
              assertThat(all.get(2)).contains("sets:4:7:", "is not an IPv4 address");
              assertThat(all.get(3)).contains("sets:5:24:", "was made without timeout");
              assertThat(all.get(4)).contains("sets:6:5:", "no set v");
              assertThat(all.get(5)).contains("sets:8:1:", "no command \"frobnicate\"");
              assertThat(all.get(6)).contains("sets:9:5:", "add needs an element");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          create s hash:ip netmask 33                | out of range
          create s hash:ip netmask 24 bitmask 1.0.0.0 | exclude each other
          create s hash:net netmask 24               | takes no "netmask"
          create s bitmap:ip                         | needs a range
          create s bitmap:ip range 10.0.0.0/8        | at most 65536
          create s bitmap:ip range 10.0.0.0          | is not a range
          create s hash:ip timeout 5 timeout 6       | stands there twice
          create s hash:net,iface probes 5           | takes no "probes"
          create s hash:net gc 5                     | takes no "gc"
          create s bitmap:ip range 10.0.0.128-10.0.1.127 netmask 30 | is no network
          create s hash:ip timeout 2147484           | out of range
          create abcdefghijklmnopqrstuvwxyzabcdef hash:ip | cannot be a set's name
          """)
  void wrongHeadersAreRefused(String line, String message) {
    assertThat(complaints(line)).singleElement().asString().contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          hash:ip                     | 0.0.0.0                  | null element
          hash:ip                     | 10.0.0.0/0               | prefix length 0
          hash:ip                     | 10.0.0.1,tcp:1           | is not an element of hash:ip
          hash:ip family inet6        | 10.0.0.1                 | is not an IPv6 address
          hash:ip,port                | 10.0.0.1                 | looks like IP,PROTOCOL:PORT
          hash:ip,port                | 10.0.0.1,esp:5           | has no ports
          hash:ip,port                | 10.0.0.1,icmpv6:ping     | not for this set's family
          hash:ip,port                | 10.0.0.1,icmp:pingg      | did you mean ping?
          hash:ip,port                | 10.0.0.1,tcp:70000       | out of range
          hash:net                    | 0.0.0.0/0                | prefix length 0
          hash:mac                    | 00:11:22:33:44           | is not a MAC address
          hash:net,iface              | 10.0.0.0/8,              | is not an element
          bitmap:port range 1-9       | 10                       | out of the range of set s; 1-9
          hash:ip                     | 10.0.0.1 nomatch         | is not taken here
          hash:ip skbinfo             | 10.0.0.1 skbmark 5       | is no skbmark
          hash:ip comment             | 10.0.0.1 comment         | needs a value
          """)
  void wrongElementsAreRefused(String header, String element, String message) {
    assertThat(complaints("create s " + header, "add s " + element))
        .singleElement()
        .asString()
        .startsWith("sets:2:")
        .contains(message);
  }

  @Test
  void aFullSetTakesNoMore() {
    assertThat(complaints("create s hash:ip maxelem 2", "add s 10.0.0.1-10.0.0.3"))
        .singleElement()
        .asString()
        .contains("set s is full; maxelem is 2");
  }

  @Test
  void setsInListsStay() {
    String[] lines = {"create a hash:ip", "create l list:set", "add l a", "destroy a"};
    assertThat(complaints(lines)).singleElement().asString().contains("is a member of a list");
    lines[3] = "rename a b";
    assertThat(complaints(lines)).singleElement().asString().contains("is a member of a list");
    lines[3] = "add l l";
    assertThat(complaints(lines)).singleElement().asString().contains("cannot be a member");
  }
}
