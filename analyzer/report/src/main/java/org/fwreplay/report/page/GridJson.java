package org.fwreplay.report.page;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The JSON of a {@link Grid}, in which nothing can be taken for markup: ASCII without {@code <}.
 */
final class GridJson {
  private static final String HEX = "0123456789abcdef";

  private static final int SHORTEST_RUN = 4;

  private final StringBuilder text = new StringBuilder();
  private final Map<Page.Reference, Integer> places = new LinkedHashMap<>();

  private boolean differences;

  @Override
  public String toString() {
    return text.toString();
  }

  void startObject() {
    separate();
    text.append('{');
  }

  void endObject() {
    text.append('}');
  }

  void startArray(String name) {
    name(name);
    text.append('[');
  }

  void endArray() {
    text.append(']');
  }

  void name(String name) {
    separate();
    quoted(name);
    text.append(':');
  }

  void string(String name, String value) {
    name(name);
    quoted(value);
  }

  void number(String name, long value) {
    name(name);
    text.append(value);
  }

  void strings(Collection<String> values) {
    text.append('[');
    for (String value : values) {
      separate();
      quoted(value);
    }
    text.append(']');
  }

  /** Numbers of rows; where one comes again and again, it is written once, with how often. */
  <T> void numbers(List<T> rows, ToLongFunction<T> number) {
    text.append('[');
    long before = 0;
    long value = 0;
    int times = 0;
    for (T row : rows) {
      long whole = number.applyAsLong(row);
      long next = whole - before;
      before = differences ? whole : 0;
      if (next != value) {
        run(value, times);
        times = 0;
      }
      value = next;
      times++;
    }
    run(value, times);
    text.append(']');
  }

  private void run(long value, int times) {
    if (times >= SHORTEST_RUN) {
      separate();
      text.append('[').append(value).append(',').append(times).append(']');
    } else {
      for (int i = 0; i < times; i++) {
        separate();
        text.append(value);
      }
    }
  }

  /** Has the numbers that are written meanwhile written as differences. */
  void differences(Runnable writing) {
    differences = true;
    writing.run();
    differences = false;
  }

  /** Lists of places, each written once; rows have their numbers. */
  <T> void lists(List<T> rows, Function<T, List<Page.Reference>> lists) {
    Map<List<Page.Reference>, Integer> different = new LinkedHashMap<>();
    numbers(rows, row -> different.computeIfAbsent(lists.apply(row), k -> different.size()));
    startArray("lists");
    for (List<Page.Reference> list : different.keySet()) {
      separate();
      numbers(list, this::place);
    }
    endArray();
  }

  /** The number of a place, -1 for null. */
  long place(Page.Reference place) {
    return place == null ? -1 : places.computeIfAbsent(place, k -> places.size());
  }

  /** Writes the places that were used. */
  void places() {
    startArray("places");
    for (Page.Reference place : places.keySet()) {
      separate();
      strings(List.of(place.anchor(), place.label(), place.title()));
    }
    endArray();
  }

  /** A comma, unless something begins. */
  private void separate() {
    if (!text.isEmpty() && "{[:".indexOf(text.charAt(text.length() - 1)) < 0) {
      text.append(',');
    }
  }

  private void quoted(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ' || c > '~' || c == '<' || c == '>' || c == '&') {
        text.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          text.append(HEX.charAt(c >> shift & 0xf));
        }
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
