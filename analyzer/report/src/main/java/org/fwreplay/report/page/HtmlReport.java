package org.fwreplay.report.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.WriterOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.function.LongFunction;
import org.fwreplay.report.ReplayResult;

/**
 * A result as one HTML page that needs nothing else: style and script are inside, and its
 * Content-Security-Policy allows these two by their hash, and nothing else at all.
 */
public final class HtmlReport {
  private static final String PACKAGE = "org.fwreplay.report.page.templates";
  private static final String STYLE = resource("report.css");
  private static final String SCRIPT = script("columns.js", "search.js", "report.js");
  private static final String POLICY =
      "default-src 'none'; style-src "
          + hash(STYLE)
          + "; script-src "
          + hash(SCRIPT)
          + "; base-uri 'none'; form-action 'none'";

  private HtmlReport() {}

  /** A page stays below 10 MB: its list of connections gets what the rest leaves of this. */
  private static final long MOST_CHARACTERS = 9_500_000;

  /** Writes a result that has details; the writer stays open. */
  public static void write(ReplayResult result, Writer out) {
    PageBuilder builder = new PageBuilder(result);
    render("report.jte", builder::build, out);
  }

  /**
   * Writes a page whose list of connections takes the room that there is.
   *
   * @param page makes the page for so many characters of it
   */
  static void render(String template, LongFunction<Object> page, Writer out) {
    Length rest = new Length();
    render(template, page.apply(0), rest);
    render(template, page.apply(MOST_CHARACTERS - rest.length), out);
  }

  /** Counts characters. */
  private static final class Length extends Writer {
    private long length;

    @Override
    public void write(char[] text, int from, int count) {
      length += count;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private static void render(String template, Object page, Writer out) {
    ClassLoader loader = HtmlReport.class.getClassLoader();
    TemplateEngine engine =
        TemplateEngine.createPrecompiled(null, ContentType.Html, loader, PACKAGE);
    engine.render(
        template,
        Map.of("page", page, "policy", POLICY, "style", STYLE, "script", SCRIPT),
        new WriterOutput(out));
  }

  /** Scripts as one, in a scope of their own. */
  private static String script(String... names) {
    StringBuilder script = new StringBuilder("\"use strict\";\n{\n");
    for (String name : names) {
      script.append(resource(name));
    }
    return script.append("}\n").toString();
  }

  private static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
