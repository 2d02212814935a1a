import Glibc
import Testing

@testable import NPYCrop

/// Bytes that are not in memory are asked for before they are touched, all at once.
@Suite struct FetchTests {
  private static let shape = [300, 20, 1000]
  private static let header = headerText(descr: "'<u2'", shape: "(300, 20, 1000)")
  private static let data = patternBytes(2 * 6_000_000)

  private func sample(_ folder: TemporaryFolder) throws -> String {
    try folder.file("a.npy", npyBytes(header: Self.header, data: Self.data))
  }

  private func source(_ isAtHand: Bool?, isLent: Bool, _ folder: TemporaryFolder) throws -> (
    NPYArray, MemorySource
  ) {
    let header = try NPYArray(path: sample(folder)).header
    let source = MemorySource(
      npyBytes(header: Self.header, data: Self.data), isLent: isLent, isAtHand: isAtHand)
    return (NPYArray(source: source, header: header), source)
  }

  static let regions: [Region] = [
    [3..<40, 5, 100..<200], [.slice(by: -7), 3, 2], [.indices([200, 3, 3, 90]), 1..<3, 0..<10],
    [250, .all, .all], [299, 19, 999],
  ]

  @Test(arguments: regions, [true, false])
  func `what is not at hand is fetched: what the plan reads, joined within a page`(
    region: Region, isLent: Bool
  ) throws {
    let folder = try TemporaryFolder()
    let (array, source) = try source(false, isLent: isLent, folder)
    let plan = try array.plan(region, padding: .none)
    _ = try array.cropRegion(plan)
    let fetched = source.taken().fetched
    let wanted = plan.fileRanges()
    // Nothing that is read is left out, and what is read along lies within a page of it.
    for range in wanted { #expect(fetched.contains { $0.contains(range) }, "\(range)") }
    for range in fetched {
      let read = wanted.reduce(0) { $0 + $1.clamped(to: range).count }
      #expect(range.count - read <= 4096 * wanted.count { $0.overlaps(range) })
    }
    #expect(Set(fetched).count <= wanted.count)
  }

  @Test func `what is at hand is remembered, and not fetched`() throws {
    let folder = try TemporaryFolder()
    let (array, source) = try source(true, isLent: true, folder)
    _ = try array.cropRegion([3..<40, 5, 100..<200])
    let asked = source.taken()
    #expect(asked.fetched.isEmpty && !asked.noted.isEmpty)
    let (other, none) = try self.source(nil, isLent: true, folder)
    _ = try other.cropRegion([3..<40, 5, 100..<200])
    #expect(none.taken().noted.isEmpty)
  }

  @Test(arguments: [true, false])
  func `windows of a batch are fetched each, and padding is not`(isLent: Bool) async throws {
    let folder = try TemporaryFolder()
    let (array, source) = try source(false, isLent: isLent, folder)
    let padded = array.padded(.zeros)
    let windows = (0..<100).map { Region(origin: [$0 * 3 % 290, -2, $0 * 9], size: [2, 4, 8]) }
    let expected = try padded.cropRegions(windows)
    let fetched = source.taken().fetched
    let wanted = try padded.plan(windows).fileRanges()
    for range in wanted { #expect(fetched.contains { $0.contains(range) }, "\(range)") }
    #expect(try await padded.cropRegions(windows, parallelism: 3) == expected)
    #expect(Set(source.taken().fetched) == Set(fetched))
  }

  @Test func `what was found is believed for a second, and no longer`() {
    let residency = Residency(byteCount: 4 << 20)
    let start = Residency.ticks(nanoseconds: 5_000_000_000)
    let second: UInt64 = 1_000_000_000
    let (soon, later) = (
      Residency.ticks(nanoseconds: 5_000_000_000 + second / 2),
      Residency.ticks(nanoseconds: 5_000_000_000 + second + second / 8)
    )
    // The macro would copy it.
    func known(_ block: Int, _ now: UInt64) -> Residency.Knowledge? {
      residency.knowledge(ofBlock: block, at: now)
    }
    func areWhole(_ blocks: Range<Int>, _ now: UInt64) -> Bool {
      residency.isWhole(blocks, at: now)
    }
    func known(_ range: Range<Int>, _ now: UInt64) -> Residency.Knowledge? {
      residency.knowledge(of: range, at: now)
    }
    #expect(known(0, start) == nil && known(0, 0) == nil)
    residency.note(.whole, ofBlock: 7, at: start)
    residency.note(.partial, ofBlock: 8, at: start)
    #expect(areWhole(7..<8, start) && areWhole(7..<8, soon))
    #expect(!areWhole(7..<8, later) && !areWhole(7..<9, soon))
    #expect(known(8, soon) == .partial)
    // One that has the same place takes it.
    #expect(known(7 + 512, soon) == nil)
    residency.note(.partial, ofBlock: 7 + 512, at: soon)
    #expect(known(7, soon) == nil)
    residency.note(.whole, of: 100..<900, at: start)
    #expect(known(100..<900, soon) == .whole && known(100..<901, soon) == nil)
    #expect(known(100..<900, later) == nil)
    residency.note(.fetched, of: 100..<900, at: start)
    #expect(known(100..<900, soon) == .fetched)
    func blocks(_ range: Range<Int>) -> Range<Int> { residency.blocks(of: range) }
    func bytes(_ block: Int) -> Range<Int> { residency.bytes(ofBlock: block) }
    #expect(blocks(0..<1) == 0..<1)
    #expect(blocks((2 << 20) - 1..<(2 << 20) + 1) == 0..<2)
    #expect(bytes(1) == 2 << 20..<4 << 20)
    // As large as a file can be.
    let largest = Residency(byteCount: .max)
    let (last, end) = (largest.blocks(of: .max - 1 ..< .max), Int.max)
    #expect(last.count == 1 && largest.bytes(ofBlock: last.lowerBound).upperBound == end)
  }

  /// Writes a file to the disk and drops it from the page cache; false where the file system keeps it there.
  static func drop(_ path: String, byteCount: Int) throws -> Bool {
    let descriptor = unsafe open(path, O_RDWR)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    try #require(fsync(descriptor) == 0)
    try #require(posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED) == 0)
    return try !residentPages(of: path, byteCount: byteCount).contains(true)
  }

  /// Whether files here can be cold, and the kernel tells whether they are.
  static let canBeCold: Bool = {
    do {
      let folder = try TemporaryFolder()
      let path = try folder.file("a", patternBytes(1 << 16))
      guard try drop(path, byteCount: 1 << 16) else { return false }
      return try OpenFile(path: Array(path.utf8)).cachedPageCount(in: 0..<1 << 16) == 0
    } catch {
      return false
    }
  }()

  @Test(
    .enabled(if: canBeCold, "needs Linux 6.5, and temporary files that the page cache can drop"),
    arguments: [Access.mapped, .positionedReads])
  func `a crop of a cold file reads the pages under it, and no others`(access: Access) throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    let array = try NPYArray(path: path, access: access, verification: .none)
    let byteCount = array.fileByteCount
    try #require(try Self.drop(path, byteCount: byteCount))
    let plan = try array.plan([.slice(by: 6), 4, 300..<420])
    let crop = try array.cropRegion(plan)
    let resident = try residentPages(of: path, byteCount: byteCount).count { $0 }
    #expect(crop.bytes.count == 50 * 240)
    // Pages of a few rows that lie in two.
    #expect(resident >= 50 && resident <= plan.pageCount() + 4, "\(resident) pages")
    // It is warm now, and the same.
    #expect(try array.cropRegion(plan) == crop)
  }

  #if DEBUG
    @Test(arguments: [ENOSYS, EPERM])
    func `a kernel that cannot tell what is cached is asked once, and crops are the same`(
      number: Int32
    ) throws {
      let folder = try TemporaryFolder()
      let path = try sample(folder)
      let expected = try NPYArray(path: path).cropRegion([3..<40, 5, 100..<200])
      let refused = ForcedFailure(.cachestat, .errno(number))
      try forcing(refused) {
        let array = try NPYArray(path: path)
        for _ in 0..<3 {
          #expect(try array.cropRegion([3..<40, 5, 100..<200]) == expected)
          #expect(try array.cropRegion([200..<240, 5, 100..<200]).bytes.count == 8000)
        }
      }
      #expect(refused.calls == 1)
    }

    @Test(arguments: [EINVAL, ESPIPE, EIO])
    func `a fetch that is refused leaves the crop as it is`(number: Int32) throws {
      let folder = try TemporaryFolder()
      let path = try sample(folder)
      let array = try NPYArray(path: path)
      let isCold = try Self.drop(path, byteCount: array.fileByteCount)
      let refused = ForcedFailure(.fadvise, .errno(number))
      let crop = try forcing(refused) { try array.cropRegion([.slice(by: 6), 4, 300..<420]) }
      #expect(try crop == NPYArray(path: path).cropRegion([.slice(by: 6), 4, 300..<420]))
      #expect(refused.calls > 0 || !isCold)
    }

    @Test(arguments: [Advice.random, .sequential, .willNeed])
    func `a caller who has given advice is left alone`(advice: Advice) throws {
      let folder = try TemporaryFolder()
      let path = try sample(folder)
      let asked = ForcedFailure(.cachestat, .errno(EIO), at: 0..<0)
      let array = try NPYArray(path: path, advice: advice)
      _ = try forcing(asked) { try array.cropRegion([3..<40, 5, 100..<200]) }
      #expect(asked.calls == 0)
      try array.advise(.normal)
      _ = try forcing(asked) { try array.cropRegion([3..<40, 5, 100..<200]) }
      #expect(asked.calls > 0)
    }
  #endif
}

extension Range<Int> {
  fileprivate func contains(_ other: Range<Int>) -> Bool {
    lowerBound <= other.lowerBound && other.upperBound <= upperBound
  }
}
