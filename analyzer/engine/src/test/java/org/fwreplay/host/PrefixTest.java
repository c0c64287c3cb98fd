package org.fwreplay.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1/32",
    "192.0.2.129/25, 192.0.2.128/25",
    "0.0.0.0/0, 0.0.0.0/0",
    "::, ::/128",
    "::1, ::1/128",
    "2001:DB8::/32, 2001:db8::/32",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1/128",
    "1:0:2:3:4:5:6:7, 1:0:2:3:4:5:6:7/128",
    "::ffff:192.0.2.1, ::ffff:c000:201/128",
    "fe80::1:2/64, fe80::/64",
    "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0/128",
  })
  void isReadAndWritten(String text, String canonical) {
    assertThat(Prefix.parse(text)).hasToString(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.2.3",
        "1.2.3.256",
        "1.2.3.4.5",
        "1.2.3.-4",
        "1.2.3.4/33",
        "1.2.3.4/x",
        "1::2::3",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "12345::",
        "g::",
        "::1/129",
        "1:2:3:4:5:6:7:1.2.3.4"
      })
  void nonsenseIsRefused(String text) {
    assertThatThrownBy(() -> Prefix.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void containsItsAddressesOnly() {
    Prefix four = Prefix.parse("10.1.0.0/16");
    assertThat(four.contains(0, 0x0a01ffffL)).isTrue();
    assertThat(four.contains(0, 0x0a020000L)).isFalse();
    Prefix six = Prefix.parse("2001:db8::/65");
    assertThat(six.contains(0x20010db8L << 32, Long.MAX_VALUE)).isTrue();
    assertThat(six.contains(0x20010db8L << 32, -1)).isFalse();
  }
}
