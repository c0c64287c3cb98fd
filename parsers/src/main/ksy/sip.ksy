meta:
  id: sip
  title: SIP message, start line and headers
  license: Apache-2.0
doc: |
  The head of one SIP message: all up to and with the empty line. The body is not read: how long it is
  says Content-Length, which only a reader that looks headers up by name can clamp to what is there.
  Lines end in LF, a CR before it stays in the line; a head that is cut off ends where the input ends.
  Every line knows where it begins, so that a value can be replaced in its place.
doc-ref:
  - RFC 3261, section 7 and 25.1
seq:
  - id: start_line
    type: line
  - id: headers
    type: header
    repeat: until
    repeat-until: _.is_end or _io.eof
    if: not _io.eof
    doc: The last one is the empty line that ends the head, unless the head is cut off.
  - id: end
    size: 0
    if: ofs_body >= 0
    doc: Reads nothing, but fixes ofs_body while the stream stands there.
instances:
  ofs_body:
    value: _io.pos
types:
  header:
    doc: A line and the lines that continue it, which begin with white space (folding).
    seq:
      - id: lines
        type: line
        repeat: until
        repeat-until: not _.is_continued
    instances:
      is_end:
        value: lines.first.is_empty
  line:
    seq:
      - id: start
        size: 0
        if: ofs_line >= 0
        doc: Reads nothing, but fixes ofs_line while the stream stands there.
      - id: octets
        terminator: 0x0a
        eos-error: false
        doc: Without the LF, with the CR where there is one.
      - id: following
        size: 0
        if: next >= 0
        doc: Reads nothing, but looks at the next octet while the stream stands there.
    instances:
      ofs_line:
        value: _io.pos
        doc: In octets from the start of the message.
      is_empty:
        value: octets.size == 0 or octets == [0x0d]
      octet_after:
        pos: _io.pos
        type: u1
      next:
        value: '_io.eof ? 0 : octet_after'
        doc: The octet after the line, 0 at the end.
      is_continued:
        value: not is_empty and (next == 0x20 or next == 0x09)
  description:
    doc: A session description (RFC 4566), the body of content type application/sdp.
    seq:
      - id: fields
        type: line
        repeat: eos
        doc: Each one letter, "=" and a value.
