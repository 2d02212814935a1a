import Testing

@testable import NPYCrop

/// Headers one step before a limit, and one step after it.
@Suite struct HeaderEdgeTests {
  private func header(_ bytes: [UInt8]) throws -> NPYHeader {
    let folder = try TemporaryFolder()
    return try NPYArray(path: folder.file("a.npy", bytes)).header
  }

  private func fault(_ bytes: [UInt8]) -> HeaderError? {
    let error = #expect(throws: NPYError.self) { try header(bytes) }
    guard case .header(let fault) = error?.fault else { return nil }
    return fault
  }

  @Test
  func `a negative offset is an invalid layout, and one past the end of the file a read error`()
    throws
  {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.npy", npyBytes(header: headerText(shape: "(0,)")))
    for offset in [-1, -128, Int.min] {
      let error = #expect(throws: NPYError.self) { try NPYArray(path: path, offset: offset) }
      #expect(error?.fault == .header(.invalidLayout(shape: [], offset: offset)))
    }
    for offset in [10_000, Int.max] {
      let error = #expect(throws: NPYError.self) { try NPYArray(path: path, offset: offset) }
      #expect(error?.fault == .file(.endOfFile(offset: offset, wanted: 8, found: 0)))
    }
  }

  @Test func `each protocol of pickles is known, and the numbers around them are not`() {
    for version in UInt8(2)...5 {
      #expect(fault([0x80, version, 0, 0, 0, 0, 0, 0]) == .notNPY(.pickle))
    }
    for version in [1, 6] as [UInt8] {
      #expect(
        fault([0x80, version, 0, 0, 0, 0, 0, 0])
          == .notNPY(.unknown(firstBytes: [0x80, version, 0, 0, 0, 0])))
    }
  }

  @Test func `an element of 16 bytes is misaligned at a multiple of 8`() throws {
    func oddities(at offset: Int) throws -> [NPYHeader.Oddity] {
      let text = headerText(descr: "'<f16'", shape: "(1,)")
      let padding = String(repeating: " ", count: offset - 11 - text.utf8.count) + "\n"
      return try header(
        npyBytes(header: text + padding, data: [UInt8](repeating: 0, count: 16))
      ).oddities
    }
    #expect(try oddities(at: 128) == [])
    #expect(try oddities(at: 112) == [.dataOffsetNotMultipleOf64(112)])
    #expect(
      try oddities(at: 120)
        == [.dataOffsetNotMultipleOf64(120), .misalignedElements(alignment: 16)])
  }

  @Test func `version 3 is higher than needed up to the last letter of Latin-1`() throws {
    for (name, isNeeded) in [("ÿ", false), ("é", false), ("\u{80}", false), ("Ā", true)] {
      let text = headerText(descr: "[('\(name)', '|u1')]", shape: "(1,)") + "\n"
      let oddities = try header(npyBytes(header: text, version: 3, data: [0])).oddities
      #expect(oddities.contains(.versionHigherThanNeeded(.v3)) == !isNeeded, "\(name)")
    }
  }

  @Test func `a number may be all zeros, but other numbers may not begin with 0`() throws {
    #expect(try header(npyBytes(header: headerText(shape: "(00, 3)"))).shape == [0, 3])
    #expect(try header(npyBytes(header: headerText(shape: "(-0, 000)"))).shape == [0, 0])
    guard case .syntax = fault(npyBytes(header: headerText(shape: "(010,)"))) else {
      Issue.record("010 is no number")
      return
    }
  }

  @Test func `brackets nest as deep as the limit says, and no deeper`() throws {
    func nested(_ depth: Int) -> [UInt8] {
      let text =
        String(repeating: "(", count: depth) + "3,)" + String(repeating: ")", count: depth - 1)
      return npyBytes(header: headerText(descr: "'|u1'", shape: text), data: [1, 2, 3])
    }
    // The dictionary is the first, what is in the innermost bracket the last.
    let deepest = PythonLiteralParser.mostNested - 1
    #expect(try header(nested(deepest)).shape == [3])
    guard case .nestedTooDeep(_, limit: PythonLiteralParser.mostNested) = fault(nested(deepest + 1))
    else {
      Issue.record("one bracket more")
      return
    }
  }

  @Test func `a field without bytes has no more elements than NumPy counts`() throws {
    func bytes(_ shape: String) -> [UInt8] {
      npyBytes(header: headerText(descr: "[('a', [], \(shape))]", shape: "(1,)"))
    }
    #expect(try header(bytes("(2147483647,)")).elementType.itemSize == 0)
    guard case .unsupportedDescr(_, _, reason: .itemTooLarge) = fault(bytes("(65536, 65536)"))
    else {
      Issue.record("2³² elements")
      return
    }
  }
}
