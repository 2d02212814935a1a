import Foundation
import Glibc
import Testing

@testable import NPYCrop

/// The first read of a file takes the cheaper of mapping and reading; later ones go by the mapping.
@Suite struct FirstReadTests {
  /// 12 rows that lie 3 MiB apart, in a file that is a hole but for its beginning.
  private static let shape = [12, 3 << 20]

  private func scattered(_ folder: TemporaryFolder) throws -> String {
    let path = try folder.file(
      "a.npy",
      npyBytes(
        header: headerText(descr: "'|u1'", shape: "(12, 3145728)"), data: patternBytes(4096)))
    try extend(path, to: try NPYHeader(elementType: .uint8, shape: Self.shape).dataEnd)
    return path
  }

  private func extend(_ path: String, to byteCount: Int) throws {
    // The header here is shorter than the one that is padded.
    try #require(unsafe truncate(path, byteCount) == 0)
  }

  @Test func `a file is mapped when it is first cropped, and not when it is opened`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file(
      "a.npy", npyBytes(header: headerText(shape: "()"), data: [1, 2, 3, 4]))
    let array = try NPYArray(path: path)
    #expect(try openings(of: path) == [1, 0])
    _ = try array.cropRegion(.all)
    #expect(try openings(of: path) == [1, 1])
    let mapped = try NPYArray(path: path, access: .mapped)
    #expect(try openings(of: path) == [2, 2])
    mapped.close()
  }

  @Test func `a first crop of rows far apart is read, and the next is mapped`() throws {
    let folder = try TemporaryFolder()
    let path = try scattered(folder)
    let array = try NPYArray(path: path)
    let plan = try array.plan([.all, 0..<64])
    #expect(try array.cost(of: plan).access == .positionedReads)
    let crop = try array.cropRegion([.all, 0..<64])
    #expect(try openings(of: path) == [1, 0])
    #expect(try array.cost(of: plan).access == .mapped)
    #expect(crop.bytes.prefix(64).elementsEqual(patternBytes(64)))
    #expect(crop.bytes.dropFirst(64).allSatisfy { $0 == 0 })
    #expect(try array.cropRegion([.all, 0..<64]) == crop)
    #expect(try openings(of: path) == [1, 1])
    #expect(try NPYArray(path: path, access: .mapped).cropRegion([.all, 0..<64]) == crop)
  }

  @Test func `a first crop of few rows is mapped`() throws {
    let folder = try TemporaryFolder()
    let path = try scattered(folder)
    let array = try NPYArray(path: path)
    _ = try array.cropRegion([0..<7, 0..<64])
    #expect(try openings(of: path) == [1, 1])
  }

  @Test func `what a first read touches first are its first two stretches`() throws {
    let folder = try TemporaryFolder()
    let array = try NPYArray(path: scattered(folder))
    let start = array.header.dataOffset
    let row = Self.shape[1]
    func outline(_ regions: [Region]) throws -> ReadOutline? {
      let plan = try array.plan(regions)
      return plan.outline(of: 0..<regions.count, ofSource: 0)
    }
    let rows = try #require(try outline([[1..<11, 5..<9]]))
    #expect(rows.first == start + row + 5 && rows.second == start + 2 * row + 5)
    // One box each.
    let windows = try #require(try outline((0..<9).map { Region(origin: [$0, 7], size: [1, 3]) }))
    #expect(windows.first == start + 7 && windows.second == start + row + 7)
    #expect(try outline([[0..<7, 0..<64]]) == nil)
    #expect(try outline([[0, .all]]) == nil)
    #expect(try outline([[.all, .slice(by: 5000)]]) == nil)
  }

  @Test func `the end of the largest file is no trap`() throws {
    // No disk has it, but memory does.
    let name = "/npycrop-\(getpid())-largest"
    let descriptor = unsafe shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
    let isUnlinked = unsafe shm_unlink(name) == 0
    try #require(descriptor >= 0 && isUnlinked)
    defer { close(descriptor) }
    try #require(ftruncate(descriptor, .max) == 0)
    let file = try OpenFile(path: Array("/proc/self/fd/\(descriptor)".utf8))
    let isSmall = file.isInSmallFolios(at: .max - 4000)
    #expect(file.byteCount == .max && (isSmall || !isSmall))
  }

  #if DEBUG
    @Test func `crops and advice during the mapping wait for it, and there is one`() async throws {
      let folder = try TemporaryFolder()
      let path = try folder.file(
        "a.npy", npyBytes(header: headerText(descr: "'|u1'", shape: "(8,)"), data: patternBytes(8)))
      let array = try NPYArray(path: path)
      let (isMapping, others) = (Tally(), Tally())
      let event = ForcedFailure(
        .mmap,
        .meanwhile { _ in
          isMapping.add()
          // Until the others have begun, and a moment for them to come to the mapping.
          for _ in 0..<5_000 where others.count < 3 { usleep(1000) }
          usleep(20_000)
        })
      // Threads of their own: they are not struck, and one that waits keeps none of the pool.
      let crops = (0..<3).map { number in
        Thread {
          while isMapping.count == 0 { usleep(100) }
          others.add()
          do {
            if number == 0 { try array.advise(.random) }
            let sum = try array.withSpan(of: .all, as: UInt8.self) { $0.count }
            #expect(sum == 8)
          } catch {
            Issue.record(error)
          }
          others.add()
        }
      }
      for crop in crops { crop.start() }
      let crop = try forcing(event) { try array.cropRegion(.all) }
      while others.count < 6 { usleep(1000) }
      #expect(event.calls == 1 && crop.bytes == patternBytes(8))
      #expect(try openings(of: path) == [1, 1])
    }
  #endif
}
