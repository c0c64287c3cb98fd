package org.fwreplay.report.page;

import java.util.List;

/**
 * What the page of a comparison shows, in the words that it shows. Everything in here may come from
 * captures and rulesets; the templates escape it.
 *
 * @param count of connections whose fate differs, in words
 * @param idle edits that are not to blame for anything
 * @param allPackets how filtering differs beyond the captures; empty where nobody asked
 * @param more what is left out, in words; null for nothing
 * @param data the connections, for the script: {@link Grid}
 */
public record DiffPage(
    String heading,
    String setting,
    String count,
    List<String> assumptions,
    List<Page.Fact> facts,
    List<CauseView> causes,
    List<EditView> idle,
    List<AllPacketsView> allPackets,
    String more,
    String data) {

  /** Some words of a rule. */
  public record Part(String text, boolean changed) {}

  /**
   * An edit, old and new side by side.
   *
   * @param oldPlace file and line, or null where there is no old rule; likewise {@code newPlace}
   */
  public record EditView(
      String title, String oldPlace, List<Part> oldParts, String newPlace, List<Part> newParts) {}

  /** Edits with what they change. */
  public record CauseView(
      String number, String heading, String count, List<EditView> edits, List<TallyView> tallies) {}

  /** How many change in a way. */
  public record TallyView(String style, String change, String connections, String words) {}
}
