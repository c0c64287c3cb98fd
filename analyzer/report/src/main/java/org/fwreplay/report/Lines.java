package org.fwreplay.report;

import java.io.Writer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;

/** Lays JSON out so that it can be read and compared by lines: a record a line. */
public final class Lines implements DefaultPrettyPrinter.Indenter {
  private boolean inRecord;

  /** Whether what follows belongs to one record, and so to one line. */
  public void inRecord(boolean is) {
    inRecord = is;
  }

  /** Begins an object that is one line. */
  public void startRecord(JsonGenerator json) {
    json.writeStartObject();
    inRecord = true;
  }

  /** Ends it. */
  public void endRecord(JsonGenerator json) {
    json.writeEndObject();
    inRecord = false;
  }

  /** A generator that lays its output out like this; the writer stays open. */
  public JsonGenerator generator(Writer out) {
    return JsonFactory.builder()
        .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
        .build()
        .createGenerator(context(), out);
  }

  private ObjectWriteContext context() {
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
