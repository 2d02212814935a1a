import Testing

@testable import NPYCrop

@Suite struct HeaderTests {
  private let good = headerText(shape: "(3, 4)")

  private func parse(
    _ text: String, version: UInt8 = 1, limit: Int = NPYArray.defaultMaxHeaderSize
  ) throws(HeaderError) -> NPYHeader {
    try parse(npyBytes(header: text, version: version), limit: limit)
  }

  private func parse(
    _ bytes: [UInt8], limit: Int = NPYArray.defaultMaxHeaderSize
  ) throws(HeaderError) -> NPYHeader {
    let prefix = try NPYPrefix(bytes.span, available: bytes.count, maxHeaderSize: limit)
    return try NPYHeader(
      bytes.span.extracting(0..<prefix.byteCount), prefix: prefix, headerOffset: 0,
      maxHeaderSize: limit)
  }

  // MARK: - What is read

  @Test func `the data begins where the header ends, in every version`() throws {
    for (version, prefix) in [(1, 10), (2, 12), (3, 12)] as [(UInt8, Int)] {
      for padding in 0...70 {
        let text = good + String(repeating: " ", count: padding)
        let header = try parse(text, version: version)
        #expect(header.dataOffset == prefix + text.utf8.count)
        #expect(header.shape == [3, 4])
      }
    }
  }

  @Test func `every spelling of a header that real files have is read`() throws {
    let spellings = [
      "{'descr':'<f4','fortran_order':False,'shape':(3,4)}",
      "{\"descr\": \"<f4\", \"fortran_order\": False, \"shape\": (3, 4)}",
      "  {  'shape' :\n\t( 3 ,\r\n 4 , ) , 'descr':'<f4','fortran_order':False , } \n",
      "{u'descr': u'<f4', U'fortran_order': False, u'shape': (3L, 4L), }",
      "{'descr': '\\x3cf\\64', 'fortran_order': False, 'shape': (+3, 4)}",
      "{'descr': '>i2', 'descr': '<f4', 'fortran_order': False, 'shape': (3, 4)}",
      "{'descr': ('<f4'), 'fortran_order': (False), 'shape': ((3), 4)}",
    ]
    for text in spellings {
      let header = try parse(text)
      #expect(header.elementType == .float32, "\(text)")
      #expect(header.shape == [3, 4], "\(text)")
      #expect(header.order == .c, "\(text)")
    }
  }

  @Test func `oddities are told, and a header of today has none`() throws {
    #expect(try parse(NPYHeader(elementType: .float32, shape: [3, 4]).serialized).oddities == [])
    #expect(
      try parse(good + " ").oddities
        == [
          .noFinalNewline, .dataOffsetNotMultipleOf64(10 + good.utf8.count + 1),
          .misalignedElements(alignment: 4),
        ])
    // The length's own bytes are not text: 244 is F4.
    for length in [100, 244] {
      let padded = good + String(repeating: " ", count: length - good.utf8.count - 1) + "\n"
      #expect(try parse(padded, version: 3).oddities.contains(.versionHigherThanNeeded(.v3)))
    }
    #expect(try parse(good + "\n", version: 2).oddities.contains(.versionHigherThanNeeded(.v2)))
    let long = headerText(shape: "(3L,)") + "\n"
    #expect(try parse(long).oddities.contains(.pythonTwoIntegers))
    let twice = "{'descr': '<f4', 'shape': (1,), 'shape': (2,), 'fortran_order': False}\n"
    #expect(try parse(twice).oddities.contains(.repeatedKey("shape")))
    #expect(try parse(twice).shape == [2])
  }

  @Test func `a UTF-8 header of version 3 is read, and the same bytes as Latin-1 before`() throws {
    let text = "{'descr': [('é', '<i4')], 'fortran_order': False, 'shape': (1,)}"
    #expect(try parse(text, version: 3).elementType.fields.map(\.name) == ["é"])
    #expect(try parse(text, version: 1).elementType.fields.map(\.name) == ["Ã©"])
    let wide = "{'descr': [('数据🙂', '<i4')], 'fortran_order': False, 'shape': (1,)}"
    #expect(try parse(wide, version: 3).elementType.fields.map(\.name) == ["数据🙂"])
  }

  @Test func `string escapes mean what they mean in Python`() throws {
    let escapes: [(String, String)] = [
      ("\\\\", "\\"), ("\\'", "'"), ("\\\"", "\""), ("\\n\\r\\t", "\n\r\t"),
      ("\\a\\b\\f\\v", "\u{07}\u{08}\u{0C}\u{0B}"), ("\\x41\\101\\u0042\\U0001F642", "AAB🙂"),
      ("\\0", "\0"), ("\\7x", "\u{07}x"), ("\\q", "\\q"), ("a\\\nb", "ab"), ("\\777", "\u{1FF}"),
    ]
    for (text, meaning) in escapes {
      let header = try parse(
        "{'descr': [('\(text)', 'i4')], 'fortran_order': False, 'shape': ()}")
      #expect(header.elementType.fields.map(\.name) == [meaning], "\(text)")
    }
  }

  // MARK: - What is refused

  @Test func `every malformed header is the error that says where`() throws {
    func at(_ marker: String, in text: String) -> Int {
      10 + text.utf8.count - (text.components(after: marker)?.utf8.count ?? 0) - marker.utf8.count
    }
    let list = "['<f4', False, (3,)]"
    #expect(throws: HeaderError.notADictionary(found: "«\(list)»")) { try parse(list) }
    for key in ["descr", "fortran_order", "shape"] {
      let text = good.replacing("'\(key)'", with: "'other'")
      let error = #expect(throws: HeaderError.self) { try parse(text) }
      #expect(error == .unexpectedKey("«'other'»", offset: at("'other'", in: text)))
    }
    #expect(throws: HeaderError.missingKey("shape")) {
      try parse("{'descr': '<f4', 'fortran_order': False}")
    }
    let orders = ["0", "1", "'False'", "None"]
    for order in orders {
      let text = headerText(order: order, shape: "(3,)")
      #expect(
        throws: HeaderError.invalidOrder(found: "«\(order)»", offset: at(order + ",", in: text))
      ) { try parse(text) }
    }
    let shapes = [
      "(184)", "[3, 2]", "6", "(-1, 2)", "(True, 6)", "('3',)", "(None,)", "((3, 4),)",
      "(9223372036854775808,)", "(99999999999999999999999999,)", "(-9223372036854775809,)",
    ]
    for shape in shapes {
      let text = headerText(shape: shape)
      let found = shape == "(184)" ? "(184)" : shape
      #expect(
        throws: HeaderError.invalidShape(found: "«\(found)»", offset: at(shape, in: text)),
        "\(shape)"
      ) { try parse(text) }
    }
  }

  @Test func `what is no literal is a syntax error at its byte`() throws {
    let shapes = [
      "(03, 4)", "(3.0,)", "(1e3,)", "np.int64(3)", "(1+2,)", "(1,)*3", "(0x10,)", "(1_0,)",
      "(3j,)",
      "(3,,)", "(,)", "(3 4)", "(3,", "(3,]", "(false,)", "(--3,)", "(3LL,)", "",
    ]
    for shape in shapes {
      let error = #expect(throws: HeaderError.self, "\(shape)") {
        try parse(headerText(shape: shape))
      }
      guard case .syntax = error else {
        Issue.record("\(shape): \(String(describing: error))")
        continue
      }
    }
    let texts = [
      "", "   ", "{", "{'descr'", "{'descr':", "{'descr': '<f4'", "{'descr' '<f4'}",
      "{'descr': '<f4}", "{'descr': '''<f4'''}", "{'descr': '<' 'f4'}", "{'descr': b'<f4'}",
      "{'descr': r'<f4'}", "{'descr': f'<f4'}", "{'descr': '\\N{DASH}'}", "{'descr': '\\xZZ'}",
      "{'descr': '\\ud800'}", "{'descr': '\\U00110000'}", "{'descr': 'a\nb'}", "{'descr': 'a\0b'}",
      good + "x", good + " {}", "\0" + good, good + "\0", "# \(good)",
      good.replacing("False", with: "false"), good.replacing("'<f4'", with: "lambda: 1"),
    ]
    for text in texts {
      let error = #expect(throws: HeaderError.self, "\(text)") { try parse(text) }
      guard case .syntax = error else {
        Issue.record("\(text): \(String(describing: error))")
        continue
      }
    }
    let longs = headerText(shape: "(3L,)")
    #expect(throws: HeaderError.self) { try parse(longs, version: 3) }
  }

  @Test func `nesting deeper than any record is refused, however deep`() throws {
    for depth in [65, 900, 4_900, 100_000] {
      for (open, close) in [("(", ")"), ("[", "]"), ("{1:", "}")] {
        let nested =
          String(repeating: open, count: depth) + "3" + String(repeating: close, count: depth)
        let error = #expect(throws: HeaderError.self) {
          try parse(headerText(shape: nested), version: 2, limit: 1_000_000)
        }
        guard case .nestedTooDeep(_, limit: 64) = error else {
          Issue.record("\(String(describing: error))")
          continue
        }
      }
    }
    #expect(try parse(headerText(shape: "((((((3,))))))")).shape == [3])
  }

  @Test func `the fixed bytes are checked one by one`() throws {
    let bytes = npyBytes(header: good)
    #expect(throws: HeaderError.emptyFile) { try parse([]) }
    for count in 1..<10 {
      let needed = count < 8 ? 8 : 10
      #expect(throws: HeaderError.prefixCut(needed: needed, found: count)) {
        try parse(Array(bytes.prefix(count)))
      }
    }
    for (major, minor) in [(0, 0), (1, 1), (4, 0), (255, 255), (3, 1)] as [(UInt8, UInt8)] {
      var other = bytes
      other[6] = major
      other[7] = minor
      #expect(throws: HeaderError.unsupportedVersion(major: major, minor: minor)) {
        try parse(other)
      }
    }
    #expect(throws: HeaderError.headerPastEnd(length: 60_000, available: good.utf8.count)) {
      try parse(npyBytes(header: good, length: 60_000))
    }
    #expect(throws: HeaderError.headerPastEnd(length: 0xFFFF_FFFF, available: good.utf8.count)) {
      try parse(npyBytes(header: good, version: 2, length: 0xFFFF_FFFF))
    }
    #expect(throws: HeaderError.headerTooLong(length: good.utf8.count, limit: 20)) {
      try parse(good, limit: 20)
    }
    #expect(throws: HeaderError.invalidUTF8(offset: 12 + 11)) {
      var latin = npyBytes(header: good, version: 3)
      latin[12 + 11] = 0xFF
      _ = try parse(latin)
    }
  }

  @Test func `a limit of less than nothing allows nothing`() {
    for version in [1, 2, 3] as [UInt8] {
      #expect(throws: HeaderError.headerTooLong(length: good.utf8.count, limit: .min)) {
        try parse(good, version: version, limit: .min)
      }
    }
  }

  @Test func `the limit counts characters, as NumPy's does`() throws {
    let text = "{'descr': [('éé', '<i4')], 'fortran_order': False, 'shape': ()}"
    #expect(throws: Never.self) { try parse(text, version: 3, limit: text.count) }
    #expect(throws: HeaderError.headerTooLong(length: text.count, limit: text.count - 1)) {
      try parse(text, version: 3, limit: text.count - 1)
    }
    // The same bytes are more characters in Latin-1.
    #expect(throws: HeaderError.self) { try parse(text, version: 2, limit: text.count) }
  }

  @Test(
    arguments: [
      ([0x50, 0x4B, 3, 4], HeaderError.Signature.zip), ([0x50, 0x4B, 5, 6], .zip),
      ([0x1F, 0x8B, 8], .gzip),
      ([0x80, 4, 0x95], .pickle), ([0xC2, 0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], .textMagic),
      (Array("version https://git-lfs.github.com/spec/v1\n".utf8), .gitLFSPointer),
      ([1, 2, 3, 4, 5, 6, 7], .unknown(firstBytes: [1, 2, 3, 4, 5, 6])),
      ([0x93, 0x4E], .unknown(firstBytes: [])),
    ] as [([UInt8], HeaderError.Signature)])
  func `a file of another kind is called what it is`(
    start: [UInt8], signature: HeaderError.Signature
  ) {
    let error = #expect(throws: HeaderError.self) { try parse(start) }
    if start.count == 2 {
      #expect(error == .prefixCut(needed: 8, found: 2))
    } else {
      #expect(error == .notNPY(signature))
    }
  }

  @Test func `sizes that cannot be counted are refused, also beside an empty axis`() throws {
    let shapes = [
      "(4611686018427387904, 2)", "(4294967296, 4294967296)", "(9223372036854775807, 2)",
      "(3074457345618258603, 3)", "(0, 9223372036854775807)", "(9223372036854775807, 0)",
      "(2305843009213693952,)",
    ]
    for shape in shapes {
      let error = #expect(throws: HeaderError.self, "\(shape)") {
        try parse(headerText(shape: shape))
      }
      guard case .tooBig = error else {
        Issue.record("\(shape): \(String(describing: error))")
        continue
      }
    }
    let axes = "(" + String(repeating: "1, ", count: 65) + ")"
    #expect(throws: HeaderError.tooManyAxes(count: 65, limit: 64)) {
      try parse(headerText(shape: axes))
    }
  }

  @Test func `a file with less data than its shape asks for is refused with both numbers`() throws {
    let folder = try TemporaryFolder()
    let text = headerText(shape: "(2,621, 401)")
    let path = try folder.file(
      "a.npy", npyBytes(header: text, data: [UInt8](repeating: 1, count: 100)))
    let error = #expect(throws: NPYError.self) { try NPYArray(path: path) }
    #expect(
      error?.fault
        == .header(
          .dataCut(
            needed: 2 * 621 * 401 * 4, found: 100, shape: [2, 621, 401], itemSize: 4,
            dataOffset: 10 + text.utf8.count)))
  }

  @Test func `a layout without a header is checked as a header is`() throws {
    let path = Fixtures.path("shape_2x3_C.npy")
    for (shape, offset) in [
      ([2, -3], 0), ([2, 3], -1), ([2, 3], 129), ([2, 3], .max), ([.max], 0),
    ] {
      #expect(throws: NPYError.self, "\(shape) \(offset)") {
        try NPYArray(path: path, elementType: .float32, shape: shape, offset: offset)
      }
    }
    let array = try NPYArray(path: path, elementType: .float32, shape: [3, 2], offset: 128)
    #expect(array.header.version == nil)
    #expect(array.trailingByteCount == 0)
  }
}

extension String {
  /// What follows the first place where a marker stands.
  fileprivate func components(after marker: String) -> Substring? {
    firstRange(of: marker).map { self[$0.upperBound...] }
  }
}
