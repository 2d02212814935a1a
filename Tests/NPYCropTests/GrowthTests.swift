import Foundation
import Glibc
import Testing

@testable import NPYCrop

/// What another program writes into a file while it is opened.
@Suite struct GrowthTests {
  /// A file of rows of `int64`, of which each element is the number of its row.
  private struct Recording: Sendable {
    let path: String
    static let width = 4

    init(_ folder: TemporaryFolder, rows: Int) throws {
      path = try folder.file("a.npy", [])
      try writeData(rows: 0..<rows)
      try writeHeader(rows: rows)
    }

    /// A header of 128 bytes.
    static func header(rows: Int) throws -> [UInt8] {
      try NPYHeader(elementType: .int64, shape: [rows, width]).serialized
    }

    func writeHeader(rows: Int) throws { try write(Self.header(rows: rows), to: path) }

    func writeData(rows: Range<Int>) throws {
      let bytes = rows.flatMap { row in
        (0..<Self.width * 8).map { UInt8(truncatingIfNeeded: row >> (8 * ($0 % 8))) }
      }
      try write(bytes, to: path, at: 128 + rows.lowerBound * Self.width * 8)
    }
  }

  /// Whether an array is a recording of so many rows, the last of them where it belongs.
  private func isWhole(_ array: NPYArray, rows: Int) throws -> Bool {
    let last = try array.cropRegion([array.shape[0] - 1], as: Int64.self)
    return array.shape == [rows, Recording.width]
      && last.elements.allSatisfy { $0 == Int64(rows - 1) }
  }

  @Test func `a recording is opened at any moment while its writer appends to it`() throws {
    let folder = try TemporaryFolder()
    // As many digits in the header before as after.
    let (least, most) = (10_000, 99_999)
    let recording = try Recording(folder, rows: least)
    let header = try Recording.header(rows: least)
    let digits = try #require(header.firstRange(of: Array(String(least).utf8)))
    let (isRead, rows) = (Tally(), Tally())
    // A thread of its own: a task that waits for nothing would keep one from all other tests.
    let writer = Thread {
      let file = unsafe Glibc.open(recording.path, O_WRONLY)
      defer { _ = close(file) }
      // By two calls a row, which fall between those of the reader, and then a moment of rest.
      while isRead.count == 0, least + rows.count < most {
        let row = least + rows.count
        let data = [Int64](repeating: Int64(row), count: Recording.width)
        let size = 8 * Recording.width
        guard unsafe pwrite(file, data, size, off_t(128 + size * row)) == size else { return }
        let count = Array(String(row + 1).utf8)
        guard unsafe pwrite(file, count, count.count, off_t(digits.lowerBound)) == count.count
        else { return }
        rows.add()
        for _ in 0..<200 { _ = getppid() }
      }
    }
    writer.start()
    defer { isRead.add() }
    while rows.count == 0, !writer.isFinished { _ = sched_yield() }
    var seen: Set<Int> = []
    var openings = 0
    // A busy machine may let the writer wait, so that all openings see one state.
    while openings < 500 || seen.count == 1 && !writer.isFinished {
      let access: Access = openings % 2 == 0 ? .mapped : .positionedReads
      let array = try NPYArray(path: recording.path, access: access)
      #expect(try isWhole(array, rows: array.shape[0]))
      seen.insert(array.shape[0])
      openings += 1
    }
    // It did grow between the first opening and the last, and was not written in vain.
    #expect(seen.count > 1)
    #expect(!writer.isFinished || least + rows.count == most)
  }

  #if DEBUG
    /// Opens an array while something is done before the system calls, which are counted from 0:
    /// open, fstat, pread, and fstat and pread again until nothing changed between them; mmap.
    private func open(
      _ path: String, _ access: Access = .mapped, _ verification: Verification = .size,
      meanwhile body: @escaping @Sendable (Int) throws -> Void
    ) throws -> NPYArray {
      let event = ForcedFailure(
        nil, .meanwhile { call in #expect(throws: Never.self) { try body(call) } })
      return try forcing(event) {
        try NPYArray(path: path, access: access, verification: verification)
      }
    }

    /// The last of the calls by which a header is read that does not change.
    private static let lastReading = 4

    @Test(arguments: [Access.automatic, .mapped, .positionedReads], [Verification.size, .strict])
    func `a file that grows between any two system calls is read as it was or as it is`(
      access: Access, verification: Verification
    ) throws {
      let folder = try TemporaryFolder()
      for (grown, told) in (0...6).flatMap({ first in (first...6).map { (first, $0) } }) {
        let recording = try Recording(folder, rows: 3)
        let array = try open(recording.path, access, verification) { call in
          if call == grown { try recording.writeData(rows: 3..<200) }
          if call == told { try recording.writeHeader(rows: 200) }
        }
        #expect(array.shape[0] == (told > Self.lastReading ? 3 : 200), "\(grown) \(told)")
        #expect(array.trailingByteCount >= 0)
        if verification == .strict && told > Self.lastReading {
          // The file was changed after it was opened, which shows if its clock has ticked since.
          do throws(NPYError) {
            _ = try array.cropRegion([0])
          } catch {
            #expect(error.fault == .file(.changed), "\(grown) \(told)")
          }
        } else {
          #expect(try isWhole(array, rows: array.shape[0]), "\(grown) \(told)")
        }
      }
    }

    @Test func `what users met as a file cut short is the last row of either state`() throws {
      let entry = try #require(
        try FieldCase.all().first { $0.file == "grows_while_opened.npy" })
      let slice = try #require(entry.slice)
      let folder = try TemporaryFolder()
      let original = try Data(
        contentsOf: URL(fileURLWithPath: Fixtures.fieldPath(entry.file)))
      let path = try folder.file("a.npy", Array(original))
      let before = try NPYArray(path: path).cropRegion(Region(numpy: slice))
      for call in 0...6 {
        let file = try folder.file("a.npy", Array(original))
        let array = try open(file) { number in
          guard number == call else { return }
          let rows = (Int64(16)...31).flatMap { value in
            (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
          }
          try write(rows, to: file, at: original.count)
          try write(NPYHeader(elementType: .int64, shape: [8, 4]).serialized, to: file)
        }
        let crop = try array.cropRegion(Region(numpy: slice))
        #expect(crop.shape == entry.shape)
        if call > Self.lastReading {
          #expect(crop.bytes == before.bytes, "\(call)")
        } else {
          #expect(sha256(crop.bytes) == entry.sha256, "\(call)")
        }
      }
    }

    @Test func `a header that is read while it is written is read again`() throws {
      let folder = try TemporaryFolder()
      let old = try Recording.header(rows: 19)
      let new = try Recording.header(rows: 20)
      let changed = try #require(zip(old, new).enumerated().first { $0.element.0 != $0.element.1 })
        .offset
      // Both halves are headers of arrays that would fit in the file: of 29 and of 10 rows.
      for torn in [
        Array(new[...changed] + old[(changed + 1)...]),
        Array(old[...changed] + new[(changed + 1)...]),
      ] {
        for call in 0...6 {
          let recording = try Recording(folder, rows: 19)
          try recording.writeData(rows: 19..<40)
          let array = try open(recording.path, .automatic, .strict) { number in
            if number == call { try write(torn, to: recording.path) }
            if number == call + 1 { try write(new, to: recording.path) }
          }
          #expect(array.shape[0] == (call > Self.lastReading ? 19 : 20), "\(call)")
        }
      }
    }

    @Test func `a file that got a longer header than it had bytes is read`() throws {
      let folder = try TemporaryFolder()
      let names = (0..<200).map { "('field\($0)', '|u1')" }.joined(separator: ", ")
      let new = npyBytes(
        header: headerText(descr: "[\(names)]", shape: "(1,)") + "\n", data: patternBytes(200))
      for call in 0...4 {
        let old = npyBytes(header: headerText(shape: "(0,)") + "\n")
        let path = try folder.file("a.npy", old)
        let array = try open(path) { if $0 == call { try write(new, to: path) } }
        #expect(array.fields.count == 200, "\(call)")
        #expect(try array.cropRegion(.all).bytes == patternBytes(200), "\(call)")
      }
    }

    @Test func `a header that never comes to rest is an error, and not waited for`() throws {
      let folder = try TemporaryFolder()
      let recording = try Recording(folder, rows: 3)
      let headers = try (0..<3).map { try Recording.header(rows: $0) }
      let calls = Tally()
      let error = #expect(throws: NPYError.self) {
        try open(recording.path) { call in
          calls.add()
          try write(headers[call % 3], to: recording.path)
        }
      }
      #expect(error?.fault == .file(.changed))
      #expect(calls.count < 5_000)
      // Read in two parts, of which the second has another length than the first.
      let text = headerText(shape: "(1,)") + String(repeating: " ", count: 2_000)
      let file = npyBytes(header: text, data: [UInt8](repeating: 1, count: 8_000))
      let other = npyBytes(header: text + "  ")
      let path = try folder.file("b.npy", file)
      let last = #expect(throws: NPYError.self) {
        try open(path) { call in
          // From 2 on pread twice and fstat once, in turns.
          try write(Array((call % 3 == 2 ? file : other).prefix(10)), to: path)
        }
      }
      #expect(last?.fault == .file(.changed))
    }

    @Test func `a file that is cut while it is opened is an error`() throws {
      let folder = try TemporaryFolder()
      for call in 0...3 {
        for length in [0, 5, 100, 140] {
          let recording = try Recording(folder, rows: 3)
          #expect(throws: NPYError.self, "\(call) \(length)") {
            try open(recording.path) { number in
              if number == call { _ = unsafe truncate(recording.path, off_t(length)) }
            }
          }
        }
      }
    }
  #endif
}

/// Writes bytes into a file, in place.
private func write(_ bytes: [UInt8], to path: String, at offset: Int = 0) throws {
  let file = unsafe open(path, O_WRONLY)
  defer { _ = close(file) }
  try #require(unsafe pwrite(file, bytes, bytes.count, off_t(offset)) == bytes.count)
}
