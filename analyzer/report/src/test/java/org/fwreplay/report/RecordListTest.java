package org.fwreplay.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringWriter;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonGenerator;

class RecordListTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 999, 1000, 1001, 2000, 2001, 3000, 4500})
  void aListOfAnyLengthHasARecordALine(int count) {
    String records =
        IntStream.range(0, count)
            .mapToObj(i -> "\n    {\"number\":" + i + "}")
            .collect(Collectors.joining(","));

    assertThat(written(count, (json, i) -> json.writeNumberProperty("number", i)))
        .isEqualTo("{\n  \"list\":[" + records + (count == 0 ? "]" : "\n  ]") + "\n}");
  }

  @Test
  void whatGoesWrongBesideIsTold() {
    assertThatThrownBy(() -> written(4000, failing(new IllegalArgumentException("1500"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1500");
    assertThatThrownBy(() -> written(4000, failing(new OutOfMemoryError("no more"))))
        .isInstanceOf(OutOfMemoryError.class)
        .hasMessage("no more");
  }

  private static RecordList.Fields<Integer> failing(Throwable failure) {
    return (json, i) -> {
      if (i == 1500) {
        if (failure instanceof Error error) {
          throw error;
        }
        throw (RuntimeException) failure;
      }
    };
  }

  private static String written(int count, RecordList.Fields<Integer> fields) {
    StringWriter out = new StringWriter();
    Lines lines = new Lines();
    List<Integer> all = IntStream.range(0, count).boxed().toList();
    try (JsonGenerator json = lines.generator(out)) {
      json.writeStartObject();
      json.writeArrayPropertyStart("list");
      RecordList.write(json, lines, all, fields);
      json.writeEndArray();
      json.writeEndObject();
    }
    return out.toString();
  }
}
