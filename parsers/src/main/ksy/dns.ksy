meta:
  id: dns
  title: DNS message
  license: Apache-2.0
  endian: be
doc: |
  A DNS message without the two length bytes that precede it on TCP. Names are kept as they are on the
  wire, a list of labels that may end in a compression pointer: who follows pointers has to bound it.
  Types, classes and options stay numbers, so that unknown ones pass. Records are read on demand: the
  questions of a message can be had although its rest is cut off.
doc-ref:
  - RFC 1035, section 4
  - RFC 6891, section 6.1 (OPT)
seq:
  - id: id
    type: u2
  - id: flags
    type: u2
    doc: QR, OPCODE (4 bits), AA, TC, RD, RA, Z, AD, CD, RCODE (4 bits), from the highest bit down.
  - id: num_questions
    type: u2
  - id: num_answers
    type: u2
  - id: num_authorities
    type: u2
  - id: num_additionals
    type: u2
  - id: questions
    type: question
    repeat: expr
    repeat-expr: num_questions
  - id: end_of_questions
    size: 0
    if: ofs_records >= 0
    doc: Reads nothing, but fixes ofs_records while the stream stands there.
instances:
  ofs_records:
    value: _io.pos
  records:
    pos: ofs_records
    type: record
    repeat: expr
    repeat-expr: num_answers + num_authorities + num_additionals
    doc: Answers, authorities and additionals, in this order.
types:
  question:
    seq:
      - id: name
        type: name
      - id: qtype
        type: u2
      - id: qclass
        type: u2
  record:
    seq:
      - id: name
        type: name
      - id: rr_type
        type: u2
      - id: rr_class
        type: u2
        doc: Of an OPT record, the largest UDP payload that the sender takes.
      - id: ttl
        type: u4
        doc: Seconds; of an OPT record, extended RCODE (8 bits), version (8 bits), DO and 15 reserved bits.
      - id: len_data
        type: u2
      - id: data_start
        size: 0
        if: ofs_data >= 0
        doc: Reads nothing, but fixes ofs_data while the stream stands there.
      - id: data
        size: len_data
        type:
          switch-on: rr_type
          cases:
            41: options
        doc: Data of other types are read where they are wanted, with one of the types named after them.
    instances:
      ofs_data:
        value: _io.pos
        doc: Where the data begin, in bytes from the start of the message.
  options:
    seq:
      - id: options
        type: option
        repeat: eos
  option:
    seq:
      - id: code
        type: u2
      - id: len_data
        type: u2
      - id: data
        size: len_data
  target:
    doc: Data of CNAME, NS, PTR and DNAME.
    seq:
      - id: name
        type: name
  mx:
    seq:
      - id: preference
        type: u2
      - id: exchange
        type: name
  srv:
    doc-ref: RFC 2782
    seq:
      - id: priority
        type: u2
      - id: weight
        type: u2
      - id: port
        type: u2
      - id: target
        type: name
  soa:
    seq:
      - id: mname
        type: name
      - id: rname
        type: name
      - id: numbers
        type: u4
        repeat: expr
        repeat-expr: 5
        doc: Serial, refresh, retry, expire and minimum.
  txt:
    seq:
      - id: strings
        type: character_string
        repeat: eos
  character_string:
    seq:
      - id: len_octets
        type: u1
      - id: octets
        size: len_octets
  name:
    seq:
      - id: start
        size: 0
        if: ofs_name >= 0
        doc: Reads nothing, but fixes ofs_name while the stream stands there.
      - id: labels
        type: label
        repeat: until
        repeat-until: _.is_last
    instances:
      ofs_name:
        value: _io.pos
        doc: Where the name begins, in bytes from the start of the message.
  label:
    seq:
      - id: head
        type: u1
        doc: Two bits of kind, six bits of length or the upper part of a pointer.
      - id: pointer_low
        type: u1
        if: kind == 3
      - id: octets
        size: len_octets
        if: kind == 0
    instances:
      kind:
        value: head >> 6
        doc: 0 a label of up to 63 octets, 3 a compression pointer; 1 and 2 are reserved.
      len_octets:
        value: head & 0x3f
      is_last:
        value: head == 0 or kind != 0
