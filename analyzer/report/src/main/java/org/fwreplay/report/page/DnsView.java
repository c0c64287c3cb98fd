package org.fwreplay.report.page;

import java.util.ArrayList;
import java.util.List;
import org.fwreplay.report.DnsQuestions;

/** DNS questions. */
public record DnsView(List<Question> rows, String more) {
  private static final int MAX_ROWS = 500;

  /** A question with its answers and what became of its packets. */
  public record Question(
      String name,
      String type,
      String flow,
      List<Page.Part> asked,
      List<Page.Part> answered,
      String answers,
      String frame) {}

  static DnsView of(DnsQuestions dns) {
    List<DnsQuestions.Question> questions = dns.questions();
    List<Question> rows = new ArrayList<>();
    for (DnsQuestions.Question q : questions.subList(0, Math.min(questions.size(), MAX_ROWS))) {
      rows.add(
          new Question(
              q.name(),
              q.type(),
              q.flow() == 0 ? "" : Format.count(q.flow()),
              Styles.parts(q::queries),
              Styles.parts(q::responses),
              answers(q),
              Format.count(q.firstFrame())));
    }
    return new DnsView(rows, Format.more(questions.size() - rows.size() + dns.leftOut()));
  }

  private static String answers(DnsQuestions.Question q) {
    return q.answers().isEmpty() ? String.join(", ", q.codes()) : String.join(", ", q.answers());
  }
}
