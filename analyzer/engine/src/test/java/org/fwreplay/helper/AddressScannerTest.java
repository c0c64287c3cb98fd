package org.fwreplay.helper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.fwreplay.packet.AddressText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressScannerTest {
  private final AddressScanner scanner = new AddressScanner();

  private String scan(String text, boolean ipv6, int delimiter) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    if (!scanner.scan(bytes, 0, bytes.length, ipv6, delimiter)) {
      return null;
    }
    return AddressText.of(ipv6, scanner.hi, scanner.lo) + " to " + scanner.end;
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1 to 9",
    "192.0.2.1:5060, 192.0.2.1 to 9",
    "010.0.0.255 x, 10.0.0.255 to 11",
  })
  void dottedQuads(String text, String expected) {
    assertThat(scan(text, false, AddressScanner.ANY)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2", "192.0.2.256", "192..2.1", "192.0.2.1.", "192.0.2.1a", ""})
  void noDottedQuads(String text) {
    assertThat(scan(text, false, AddressScanner.ANY)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "2001:db8::1|, 2001:db8::1 to 11",
    "::|, :: to 2",
    "1::|, 1:: to 3",
    "1:2:3:4:5:6:7:8|, 1:2:3:4:5:6:7:8 to 15",
    "1:2:3:4:5:6:7::|, 1:2:3:4:5:6:7:0 to 15",
    "2001:DB8::1.2.3.4|, 2001:db8::102:304 to 17",
    "1:2:3:4:5:6:1.2.3.4|, 1:2:3:4:5:6:102:304 to 19",
  })
  void ipv6UpToADelimiter(String text, String expected) {
    assertThat(scan(text, true, '|')).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ":1|",
        "1:|",
        "1:2:3|",
        "1::2::3|",
        "12345::|",
        "1:2:3:4:5:6:7:8:9|",
        "1::2:3:4:5:6:7:8|",
        "1:2:3:4:5:6:7:1.2.3.4|",
        "::1 |",
        "::g|"
      })
  void noIpv6(String text) {
    assertThat(scan(text, true, '|')).isNull();
  }

  @Test
  void theEndOfTheTextEndsAnAddress() {
    assertThat(scan("2001:db8::1", true, '|')).isEqualTo("2001:db8::1 to 11");
  }
}
