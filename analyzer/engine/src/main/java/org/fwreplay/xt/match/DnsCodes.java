package org.fwreplay.xt.match;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.fwreplay.xt.Argument;

/** Numbers in DNS messages with the names that libxt_dns knows them by (IANA, DNS parameters). */
final class DnsCodes {
  static final DnsCodes OPCODES = new DnsCodes("0 QUERY 1 IQUERY 2 STATUS 4 NOTIFY 5 UPDATE");

  static final DnsCodes RCODES =
      new DnsCodes(
          "0 NOERROR 1 FORMERR 2 SERVFAIL 3 NXDOMAIN 4 NOTIMP 5 REFUSED 6 YXDOMAIN 7 YXRRSET"
              + " 8 NXRRSET 9 NOTAUTH 10 NOTZONE");

  static final DnsCodes TYPES =
      new DnsCodes(
          "1 A 2 NS 3 MD 4 MF 5 CNAME 6 SOA 7 MB 8 MG 9 MR 10 NULL 11 WKS 12 PTR 13 HINFO"
              + " 14 MINFO 15 MX 16 TXT 17 RP 18 AFSDB 19 X25 20 ISDN 21 RT 22 NSAP 23 NSAP_PTR"
              + " 24 SIG 25 KEY 26 PX 27 GPOS 28 AAAA 29 LOC 30 NXT 31 EID 32 NIMLOC 33 SRV"
              + " 34 ATMA 35 NAPTR 36 KX 37 CERT 38 A6 39 DNAME 40 SINK 41 OPT 42 APL 43 DS"
              + " 44 SSHFP 45 IPSECKEY 46 RRSIG 47 NSEC 48 DNSKEY 49 DHCID 50 NSEC3"
              + " 51 NSEC3PARAM 52 TLSA 55 HIP 56 NINFO 57 RKEY 58 TALINK 59 CDS 60 CDNSKEY"
              + " 61 OPENPGPKEY 62 CSYNC 99 SPF 100 UINFO 101 UID 102 GID 103 UNSPEC 104 NID"
              + " 105 L32 106 L64 107 LP 108 EUI48 109 EUI64 249 TKEY 250 TSIG 251 IXFR 252 AXFR"
              + " 253 MAILB 254 MAILA 255 ANY 256 URI 257 CAA 32768 TA 32769 DLV");

  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<Integer, String> names = new HashMap<>();

  private DnsCodes(String text) {
    String[] words = text.split(" ");
    for (int i = 0; i < words.length; i += 2) {
      numbers.put(words[i + 1], Integer.valueOf(words[i]));
      names.put(Integer.valueOf(words[i]), words[i + 1]);
    }
  }

  /** The number that an option's value names, in whichever case. */
  int parse(Argument argument) {
    Integer number = numbers.get(argument.text().toUpperCase(Locale.ROOT));
    if (number == null) {
      throw argument.fail("--" + argument.option() + ": unknown name \"" + argument.text() + "\"");
    }
    return number;
  }

  String name(int number) {
    return names.get(number);
  }
}
