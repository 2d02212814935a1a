import Testing

@testable import NPYCrop

@Suite struct TextAndTimeTests {
  private func crop(_ descr: String, count: Int, _ data: [UInt8]) throws -> RawCrop {
    let folder = try TemporaryFolder()
    let path = try folder.file(
      "a.npy",
      npyBytes(header: headerText(descr: "'\(descr)'", shape: "(\(count),)"), data: data))
    return try cropRegion(.all, of: path)
  }

  // MARK: - Text

  @Test func `texts are read without their trailing NULs, in either byte order`() throws {
    #expect(
      try crop("|S3", count: 4, [97, 98, 0, 0, 0, 0, 97, 0, 99, 0xC3, 0xA9, 0]).strings()
        == ["ab", "", "a\0c", "é"])
    let scalars: [UInt32] = [0x61, 0x1F600, 0, 0, 0xE9, 0]
    let little = scalars.flatMap { unit in
      (0..<4).map { UInt8(truncatingIfNeeded: unit >> (8 * $0)) }
    }
    let big = scalars.flatMap { unit in
      (0..<4).map { UInt8(truncatingIfNeeded: unit >> (24 - 8 * $0)) }
    }
    #expect(try crop("<U2", count: 3, little).strings() == ["a😀", "", "é"])
    #expect(try crop(">U2", count: 3, big).strings() == ["a😀", "", "é"])
    #expect(try crop("<U0", count: 2, []).strings() == ["", ""])
    #expect(try crop("|S4", count: 0, []).strings() == [])
  }

  @Test func `what is no text is an error that names the element, or replaced`() throws {
    let surrogate = try crop("<U1", count: 3, [0x61, 0, 0, 0, 0, 0xD8, 0, 0, 0, 0, 0x11, 0])
    #expect(throws: CropError.invalidText(element: 1, unit: 0xD800)) { try surrogate.strings() }
    #expect(try surrogate.strings(invalid: .replacement) == ["a", "\u{FFFD}", "\u{FFFD}"])
    let latin = try crop("|S2", count: 2, [0x61, 0x62, 0xE9, 0x61])
    #expect(throws: CropError.invalidText(element: 1, unit: nil)) { try latin.strings() }
    #expect(try latin.strings(invalid: .replacement) == ["ab", "\u{FFFD}a"])
    #expect(latin.bytes == [0x61, 0x62, 0xE9, 0x61])
    let numbers = try crop("<i4", count: 0, [])
    #expect(throws: CropError.notText(elementType: .int32)) { try numbers.strings() }
  }

  // MARK: - Time

  /// A date or a span as an exact length, by NumPy's calendar.
  struct Entry: Decodable {
    let dtype: String
    let ticks: Int64
    let text: String?
    let seconds: Int64?
    let attoseconds: Int64?
  }

  @Test func `times are NumPy's text, and exact lengths since 1970 or errors where there is none`()
    throws
  {
    let table = try Fixtures.lines(of: "numpy/times.jsonl", as: Entry.self)
    #expect(table.count > 500)
    for entry in table {
      for order in ["<", ">"] {
        let bits = UInt64(bitPattern: entry.ticks)
        let data = (0..<8).map { place in
          UInt8(truncatingIfNeeded: bits >> UInt64(8 * (order == "<" ? place : 7 - place)))
        }
        let descr = order + entry.dtype.dropFirst()
        let time = try #require(try crop(descr, count: 1, data).times().first)
        #expect(time.ticks == entry.ticks && time.isNaT == (entry.ticks == .min))
        #expect(time.isDate == entry.dtype.contains("M8"))
        if let text = entry.text { #expect(time.description == text, "\(entry)") }
        guard let seconds = entry.seconds, let rest = entry.attoseconds else {
          #expect(throws: CropError.inexactTime(time)) { try time.duration() }
          continue
        }
        let expected = Duration(secondsComponent: seconds, attosecondsComponent: rest)
        #expect(try time.duration() == expected, "\(entry)")
      }
    }
    let numbers = try crop("<i8", count: 1, patternBytes(8))
    #expect(throws: CropError.notTime(elementType: .int64)) { try numbers.times() }
  }

  // MARK: - Long double

  #if arch(x86_64)
    @Test func `a long double is the number of 80 bits that the processor has`() throws {
      let folder = try TemporaryFolder()
      // -0.5, and what follows in the last six bytes means nothing.
      let bytes: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0x80, 0xFE, 0xBF, 1, 2, 3, 4, 5, 6]
      for (descr, data) in [("<f16", bytes), (">f16", bytes.reversed())] {
        let path = try folder.file(
          "a.npy", npyBytes(header: headerText(descr: "'\(descr)'", shape: "(1,)"), data: data))
        let array = try NPYArray(path: path)
        #expect(try array.cropRegion(.all, as: Float80.self).elements == [-0.5])
        #expect(
          try array.converted(to: Float.self, casting: .sameKind).cropRegion(.all).elements
            == [-0.5])
      }
    }
  #endif
}
