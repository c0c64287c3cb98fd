package org.fwreplay.ipset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How {@code save} and {@code list} print sets; what is expected is what ipset 7.17 printed. */
class SetListingTest {
  private final IpSets sets = new IpSets();
  private final SetCommands commands = new SetCommands(sets);

  private String ipset(String line) throws SetException {
    return commands.run(SetWord.split(line));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hash:ip; 9.9.9.9; 10.0.0.2; 10.0.0.10",
        "hash:net; 9.0.0.0/16; 9.0.0.0/8; 9.9.9.9; 10.0.0.0/24; 10.0.0.0/16; 10.0.0.0/8;"
            + " 11.0.0.0/9; 100.0.0.0/8",
        "hash:net family inet6; 2001:db8::9; 2001:db8::a; 2001:db8::10; 2001:db8::/32;"
            + " 2001:db8::/64",
        "hash:net,iface; 9.0.0.0/16,bb; 9.0.0.0/8,a; 10.0.0.0/16,b;"
            + " 10.0.0.0/9,eth0; 10.0.0.0/8,lo; 10.0.0.0/8,eth0",
        "hash:ip,port; 1.2.3.4,99:0; 1.2.3.4,tcp:1; 1.2.3.4,tcp:9; 1.2.3.4,tcp:80;"
            + " 1.2.3.4,tcp:100; 1.2.3.4,udp:9; 1.2.3.4,icmp:30/0;"
            + " 1.2.3.4,icmp:network-unreachable; 1.2.3.4,sctp:80; 1.2.3.4,udplite:80;"
            + " 9.2.3.4,tcp:80; 11.2.3.4,tcp:8; 11.2.3.4,tcp:80",
        "hash:ip comment; 1.2.3.3 comment \"a b c d e f g\"; 1.2.3.4 comment \"zzz zzz\";"
            + " 1.2.3.44",
      })
  void sortedElementsLieAsIpsetSortsThem(String text) throws SetException {
    List<String> parts = Arrays.asList(text.split("; "));
    ipset("create s " + parts.get(0));
    for (int i = parts.size() - 1; i > 0; i--) {
      ipset("add s " + parts.get(i));
    }
    List<String> elements = parts.subList(1, parts.size());
    List<String> saved = ipset("-s save s").lines().skip(1).toList();
    assertThat(saved).isEqualTo(elements.stream().map(e -> "add s " + e).toList());
    List<String> listed = ipset("list -sorted s").lines().toList();
    assertThat(listed.subList(listed.indexOf("Members:") + 1, listed.size())).isEqualTo(elements);
  }

  @Test
  void listsOfSetsKeepTheirOrder() throws SetException {
    ipset("create z hash:ip");
    ipset("create a hash:ip");
    ipset("create l list:set");
    ipset("add l z");
    ipset("add l a");
    assertThat(ipset("-s save l")).endsWith("add l z\nadd l a\n");
  }

  @Test
  void namesAndHeadersAlone() throws SetException {
    ipset("create p bitmap:port range 1-20");
    ipset("add p 9");
    assertThat(ipset("list -n")).isEqualTo("p\n");
    assertThat(ipset("list p -t"))
        .isEqualTo(
            """
            Name: p
            Type: bitmap:port
            Revision: 3
            Header: range 1-20
            References: 0
            Number of entries: 1
            """);
    assertThat(ipset("-o save list p")).isEqualTo("create p bitmap:port range 1-20\nadd p 9\n");
    assertThat(ipset("save -o plain p")).startsWith("Name: p\n").endsWith("Members:\n9\n");
    assertThatThrownBy(() -> ipset("list -o words"))
        .isInstanceOf(SetException.class)
        .hasMessage("no output mode \"words\"");
  }

  @Test
  void theOrderHoldsForAllElementsOfARandomSet() {
    long seed = 42;
    java.util.Random random = new java.util.Random(seed);
    String[] words = {"tcp:", "udp:", "icmp:", "", "/", ",", "::", ":", "fe", "10", "9", ".", "x "};
    List<String> texts =
        random
            .ints(400, 1, 7)
            .mapToObj(
                n ->
                    random
                        .ints(n, 0, words.length)
                        .mapToObj(i -> words[i])
                        .collect(java.util.stream.Collectors.joining()))
            .toList();
    ElementOrder order = new ElementOrder();
    for (String a : texts) {
      for (String b : texts) {
        assertThat(Integer.signum(order.compare(a, b)))
            .as("%s and %s, seed %d", a, b, seed)
            .isEqualTo(-Integer.signum(order.compare(b, a)));
      }
    }
  }
}
