package org.fwreplay.report.export;

import static org.assertj.core.api.Assertions.assertThat;

import org.fwreplay.conntrack.Connection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConntrackTextTest {
  @ParameterizedTest
  @CsvSource({"17,udp", "136,udplite", "33,dccp", "2,unknown", "50,unknown"})
  void onlyProtocolsThatTheToolKnowsHaveTheirNames(int protocol, String name) {
    Connection ct = new Connection();
    ct.original.protocol = protocol;
    ct.reply.protocol = protocol;
    StringBuilder line = new StringBuilder();

    ConntrackText.line(line, ct, 0, false);

    assertThat(line.toString().split(" +")).startsWith("ipv4", "2", name, "" + protocol);
  }
}
