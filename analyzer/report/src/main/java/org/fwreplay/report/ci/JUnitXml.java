package org.fwreplay.report.ci;

import java.io.Writer;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Test results in the XML of JUnit, as CI services read it; nothing that strict ones refuse. */
public final class JUnitXml {
  /**
   * A test.
   *
   * @param failure empty where it passed
   */
  public record Test(String name, String file, int line, String failure) {}

  private JUnitXml() {}

  /** Writes suites by their names. */
  public static void write(Map<String, List<Test>> suites, Writer out) {
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeCharacters("\n");
      xml.writeStartElement("testsuites");
      for (Map.Entry<String, List<Test>> suite : suites.entrySet()) {
        suite(xml, suite.getKey(), suite.getValue());
      }
      xml.writeCharacters("\n");
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.writeCharacters("\n");
      xml.flush();
    } catch (XMLStreamException e) {
      throw new java.io.UncheckedIOException(new java.io.IOException(e));
    }
  }

  private static void suite(XMLStreamWriter xml, String name, List<Test> tests)
      throws XMLStreamException {
    long failures = tests.stream().filter(test -> !test.failure.isEmpty()).count();
    xml.writeCharacters("\n  ");
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", clean(name));
    xml.writeAttribute("tests", Integer.toString(tests.size()));
    xml.writeAttribute("failures", Long.toString(failures));
    xml.writeAttribute("errors", "0");
    for (Test test : tests) {
      xml.writeCharacters("\n    ");
      xml.writeStartElement("testcase");
      xml.writeAttribute("classname", clean(name));
      xml.writeAttribute("name", clean(test.name));
      if (!test.failure.isEmpty()) {
        xml.writeStartElement("failure");
        xml.writeAttribute("message", clean(test.failure.lines().findFirst().orElse("")));
        xml.writeAttribute("type", "expectation");
        // Strict readers know no attributes for it.
        xml.writeCharacters(clean(test.file + ":" + test.line + "\n" + test.failure));
        xml.writeEndElement();
      }
      xml.writeEndElement();
    }
    xml.writeCharacters("\n  ");
    xml.writeEndElement();
  }

  /** Without the characters that XML 1.0 cannot hold. */
  private static String clean(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints().map(c -> isXml(c) ? c : 0xfffd).forEach(out::appendCodePoint);
    return out.toString();
  }

  private static boolean isXml(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || c >= 0x20 && c <= 0xd7ff
        || c >= 0xe000 && c <= 0xfffd
        || c >= 0x10000;
  }
}
