package org.fwreplay.report;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;

/** Lays JSON out so that it can be read and compared by lines: a record a line. */
final class Lines implements DefaultPrettyPrinter.Indenter {
  private boolean inRecord;

  /** Whether what follows belongs to one record, and so to one line. */
  void inRecord(boolean is) {
    inRecord = is;
  }

  /** A context for a generator that lays its output out like this. */
  ObjectWriteContext context() {
    Separators separators =
        Separators.createDefaultInstance()
            .withObjectNameValueSpacing(Separators.Spacing.NONE)
            .withObjectEmptySeparator("")
            .withArrayEmptySeparator("");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(separators).withArrayIndenter(this).withObjectIndenter(this);
    return new ObjectWriteContext.Base() {
      @Override
      public PrettyPrinter getPrettyPrinter() {
        return printer;
      }
    };
  }

  @Override
  public void writeIndentation(JsonGenerator json, int level) {
    if (!inRecord) {
      json.writeRaw('\n');
      json.writeRaw("  ".repeat(level));
    }
  }

  @Override
  public boolean isInline() {
    return false;
  }
}
