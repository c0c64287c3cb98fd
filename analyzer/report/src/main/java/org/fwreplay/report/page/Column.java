package org.fwreplay.report.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/**
 * A column of a {@link Grid}: what a row has in it, and how the script shows that. Words that come
 * again are written once, rows have their numbers.
 *
 * @param <T> what a row is made from
 */
final class Column<T> {
  /** Writes one array of the column's, with a value of each row. */
  @FunctionalInterface
  private interface Values<T> {
    void write(GridJson json, List<T> rows);
  }

  private final String key;
  private final String title;
  private final String kind;
  private final Map<String, Values<T>> arrays = new LinkedHashMap<>();
  private final Map<String, String> options = new LinkedHashMap<>();

  private Column(String key, String title, String kind) {
    this.key = key;
    this.title = title;
    this.kind = kind;
  }

  /** Words. */
  static <T> Column<T> words(String key, String title, Function<T, String> word) {
    return new Column<T>(key, title, "word").dictionary(word);
  }

  /** A verdict: words of which each has a colour. */
  static <T> Column<T> verdict(
      String key, String title, Function<T, String> word, Function<T, String> style) {
    Column<T> column = new Column<T>(key, title, "verdict").dictionary(word);
    column.arrays.put(
        "styles",
        (json, rows) -> {
          Map<String, String> styles = new LinkedHashMap<>();
          rows.forEach(row -> styles.putIfAbsent(word.apply(row), style.apply(row)));
          json.strings(styles.values());
        });
    return column;
  }

  /** An address, with a port or -1 for none; an empty address is none. */
  static <T> Column<T> ends(
      String key, String title, Function<T, String> address, ToIntFunction<T> port) {
    Column<T> column = new Column<T>(key, title, "end").dictionary(address);
    column.arrays.put("ports", (json, rows) -> json.numbers(rows, port::applyAsInt));
    return column;
  }

  /** Numbers that people count. */
  static <T> Column<T> numbers(String key, String title, ToLongFunction<T> number) {
    return new Column<T>(key, title, "number").values(number);
  }

  /** Numbers there and back. */
  static <T> Column<T> pairs(
      String key, String title, ToLongFunction<T> there, ToLongFunction<T> back) {
    Column<T> column = new Column<T>(key, title, "pair").values(there);
    column.arrays.put("back", (json, rows) -> json.numbers(rows, back));
    return column;
  }

  /** Bytes. */
  static <T> Column<T> bytes(String key, String title, ToLongFunction<T> bytes) {
    return new Column<T>(key, title, "bytes").values(bytes);
  }

  /** Times in microseconds. */
  static <T> Column<T> micros(String key, String title, ToLongFunction<T> micros) {
    return new Column<T>(key, title, "time").values(micros);
  }

  /** Where a rule stands; null for nowhere. */
  static <T> Column<T> places(String key, String title, Function<T, Page.Reference> place) {
    Column<T> column = new Column<>(key, title, "place");
    column.arrays.put(
        "values", (json, rows) -> json.numbers(rows, row -> json.place(place.apply(row))));
    return column;
  }

  /** Where several rules stand. */
  static <T> Column<T> placeLists(
      String key, String title, Function<T, List<Page.Reference>> places) {
    Column<T> column = new Column<>(key, title, "places");
    column.arrays.put("values", (json, rows) -> json.lists(rows, places));
    return column;
  }

  private Column<T> dictionary(Function<T, String> word) {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    arrays.put(
        "values",
        (json, rows) -> {
          numbers.clear();
          json.numbers(rows, row -> numbers.computeIfAbsent(word.apply(row), k -> numbers.size()));
        });
    arrays.put("words", (json, rows) -> json.strings(new ArrayList<>(numbers.keySet())));
    return this;
  }

  private Column<T> values(ToLongFunction<T> number) {
    arrays.put("values", (json, rows) -> json.numbers(rows, number));
    return this;
  }

  /** Has it shown below another, behind some words. */
  Column<T> under(String other, String prefix) {
    options.put("under", other);
    options.put("prefix", prefix);
    return this;
  }

  /** Has it shown only where a row is shown in full. */
  Column<T> inDetail() {
    options.put("place", "detail");
    return this;
  }

  /** Has each number written as the difference to that of the row before, which is shorter. */
  Column<T> rising() {
    options.put("rising", "yes");
    Values<T> whole = arrays.get("values");
    arrays.put("values", (json, rows) -> json.differences(() -> whole.write(json, rows)));
    return this;
  }

  /** Lets people choose among its words. */
  Column<T> toChoose() {
    options.put("choose", "yes");
    return this;
  }

  void write(GridJson json, List<T> rows) {
    json.startObject();
    json.string("key", key);
    json.string("title", title);
    json.string("kind", kind);
    options.forEach(json::string);
    arrays.forEach(
        (name, values) -> {
          json.name(name);
          values.write(json, rows);
        });
    json.endObject();
  }
}
