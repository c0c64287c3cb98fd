package org.fwreplay.report.page;

import java.util.List;

/**
 * A long table that the script draws, a page at a time: its rows as JSON, column by column.
 *
 * @param <T> what a row is made from
 */
final class Grid<T> {
  private final List<T> rows;
  private final List<Column<T>> columns;

  Grid(List<T> rows, List<Column<T>> columns) {
    this.rows = rows;
    this.columns = columns;
  }

  /**
   * What is embedded.
   *
   * @param rows how many there are in it
   */
  record Embedded(String json, int rows) {}

  /** The rows from the first on, as many as there is room for. */
  Embedded embed(long room) {
    int count = rows.size();
    while (true) {
      String json = json(rows.subList(0, count));
      if (json.length() <= room || count == 0) {
        return new Embedded(json, count);
      }
      count = (int) Math.min(count - 1L, (long) (0.98 * count * Math.max(0, room) / json.length()));
    }
  }

  private String json(List<T> shown) {
    GridJson json = new GridJson();
    json.startObject();
    json.number("rows", shown.size());
    json.startArray("columns");
    columns.forEach(column -> column.write(json, shown));
    json.endArray();
    json.places();
    json.endObject();
    return json.toString();
  }
}
