package org.fwreplay.xt.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.fwreplay.packet.Family;
import org.fwreplay.xt.OptionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code -j SET} accepts and how it is saved; what it does to sets, recordings show. */
class SetTargetTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --add-set seen src                           | --add-set seen src
          --timeout 5 --exist --add-set seen src,dst   | --add-set seen src,dst --exist --timeout 5
          --del-set b dst --add-set a src              | --add-set a src --del-set b dst
          ! --del-set b dst                            | --del-set b dst
          """)
  void optionsAreSaved(String options, String saved) {
    for (Family family : Family.values()) {
      assertThat(TargetOptions.saved(family, "-j SET " + options)).isEqualTo(saved);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --exist                              | needs --add-set, --del-set or --map-set
          --del-set b dst --exist              | go with --add-set only
          --del-set b dst --timeout 5          | go with --add-set only
          --add-set b dst --map-mark           | go with --map-set only
          --map-set b dst                      | needs --map-mark
          --map-set b dst --map-mark           | in table mangle only
          --add-set b dst --timeout 4294967295 | not between 0 and
          --add-set b both                     | is neither src nor dst
          """)
  void wrongOptionsAreRefused(String options, String message) {
    assertThatExceptionOfType(OptionException.class)
        .isThrownBy(() -> TargetOptions.parse(Family.IPV4, "-j SET " + options))
        .withMessageContaining(message);
  }
}
