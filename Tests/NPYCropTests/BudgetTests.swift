import Glibc
import Testing

@testable import NPYCrop

/// With a budget no more of a mapped file is in the memory of the process, and crops are the same.
@Suite struct BudgetTests {
  /// 48 MiB, as a hole: what is in memory is what counts here.
  private func sparse(_ folder: TemporaryFolder) throws -> String {
    let path = try folder.file(
      "a.npy", npyBytes(header: headerText(descr: "'|u1'", shape: "(48, 1024, 1024)")))
    try #require(unsafe truncate(path, 128 + 48 << 20) == 0)
    return path
  }

  /// The bytes of a file's mappings that are in memory: `Rss` of `/proc/self/smaps`.
  private func resident(_ path: String) throws -> Int {
    var (sum, isOfFile) = (0, false)
    for line in try procFile("/proc/self/smaps").split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count >= 5, words[0].contains("-") { isOfFile = line.hasSuffix(path) }
      if isOfFile, words[0] == "Rss:", let kibibytes = Int(words[1]) { sum += kibibytes << 10 }
    }
    return sum
  }

  @Test(arguments: [8 << 20, 16 << 20])
  func `a pass through a file larger than the budget stays within it`(budget: Int) throws {
    let folder = try TemporaryFolder()
    let path = try sparse(folder)
    let array = try NPYArray(path: path, memoryBudget: .bytes(budget))
    var most = 0
    for plane in 0..<48 {
      #expect(try array.cropRegion([plane]).bytes.allSatisfy { $0 == 0 })
      most = max(most, try resident(path))
    }
    #expect(most <= budget && most > 0)
    // It is not the test that finds nothing.
    let free = try NPYArray(path: path)
    _ = try free.cropRegion([.all, .slice(by: 4), 5])
    _ = try free.cropRegion([.all, .slice(by: 4), 5])
    #expect(try resident(path) > budget)
  }

  @Test func `tasks that crop at once stay within the budget together`() async throws {
    let folder = try TemporaryFolder()
    let path = try sparse(folder)
    let budget = 12 << 20
    let array = try NPYArray(path: path, memoryBudget: .bytes(budget))
    let most = try await withThrowingTaskGroup(of: Int.self) { group in
      for seed in 0..<4 {
        group.addTask {
          var random = SeededGenerator(seed: UInt64(seed))
          var most = 0
          for _ in 0..<200 {
            let origin = [46, 1000, 1000].map { random.next(below: $0) }
            let crop = try array.cropRegion(Region(origin: origin, size: [2, 9, 9]))
            #expect(crop.bytes.allSatisfy { $0 == 0 })
            most = max(most, try resident(path))
          }
          return most
        }
      }
      return try await group.max() ?? 0
    }
    #expect(most > 0 && most <= budget)
  }

  @Test(arguments: [false, true])
  func `bytes are the file's, whatever was given back`(isDropped: Bool) async throws {
    let folder = try TemporaryFolder()
    let data = patternBytes(24 << 20)
    let path = try folder.file(
      "a.npy", npyBytes(header: headerText(descr: "'|u1'", shape: "(24, 1024, 1024)"), data: data))
    let array = try NPYArray(
      path: path, memoryBudget: .bytes(7 << 20, droppingPageCache: isDropped))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for seed in 0..<4 {
        group.addTask {
          var random = SeededGenerator(seed: UInt64(seed))
          for _ in 0..<100 {
            let origin = [
              random.next(below: 24), random.next(below: 1020), random.next(below: 900),
            ]
            let crop = try array.cropRegion(Region(origin: origin, size: [1, 4, 100]))
            let expected = (0..<4).flatMap { row in
              data[(origin[0] << 20 + ((origin[1] + row) << 10) + origin[2])...].prefix(100)
            }
            #expect(crop.bytes == expected, "\(origin)")
          }
        }
      }
      try await group.waitForAll()
    }
  }

  static let budgets: [MemoryBudget] = [
    .bytes(0), .bytes(-5), .bytes(.max), .bytes(1 << 20), .bytes(5 << 20), .bytes(64 << 20),
    .bytes(5 << 20, droppingPageCache: true), .bytes(0, droppingPageCache: true),
  ]

  @Test(arguments: budgets, [Access.automatic, .mapped, .positionedReads])
  func `crops are the same with a budget, in every form`(
    budget: MemoryBudget, access: Access
  ) async throws {
    let folder = try TemporaryFolder()
    let path = try folder.file(
      "a.npy",
      npyBytes(
        header: headerText(descr: "'<u2'", shape: "(60, 50, 70)"),
        data: patternBytes(2 * 60 * 50 * 70)))
    let plain = try NPYArray(path: path)
    let array = try NPYArray(path: path, access: access, memoryBudget: budget)
    var random = SeededGenerator(seed: 3)
    for _ in 0..<30 {
      let ranges = plain.shape.map { length in
        let start = random.next(below: length)
        return start..<start + random.next(below: length - start) + 1
      }
      let step = 1 + random.next(below: 3)
      let region: Region = [
        .slice(from: ranges[0].lowerBound, to: ranges[0].upperBound, by: step),
        .slice(from: ranges[1].lowerBound, to: ranges[1].upperBound),
        .slice(from: ranges[2].lowerBound, to: ranges[2].upperBound, by: step),
      ]
      #expect(try array.cropRegion(region) == plain.cropRegion(region))
    }
    let windows = (0..<40).map { Region(origin: [$0 - 3, 3 * $0 - 60, $0], size: [5, 6, 7]) }
    #expect(
      try array.padded(.reflect).cropRegions(windows)
        == plain.padded(.reflect).cropRegions(windows))
    let doubles = try array.padded(.zeros).converted(to: Double.self)
    #expect(
      try await doubles.cropRegions(windows, parallelism: .tasks(3))
        == plain.padded(.zeros).converted(to: Double.self).cropRegions(windows))
  }

  @Test func `elements are lent within the budget, and refused beyond it`() throws {
    let folder = try TemporaryFolder()
    let path = try sparse(folder)
    let array = try NPYArray(path: path, memoryBudget: .bytes(8 << 20))
    let sum = try array.withSpan(of: [3], as: UInt8.self) { $0.count }
    #expect(sum == 1 << 20)
    let refused = #expect(throws: SpanError<Never>.self) {
      try array.withSpan(of: .all, as: UInt8.self) { $0.count }
    }
    guard case .array(let error) = refused else {
      Issue.record("\(String(describing: refused))")
      return
    }
    #expect(error.fault == .crop(.notLent(.memoryBudget)))
    // What was lent counts no longer.
    for plane in 0..<48 { _ = try array.withSpan(of: [plane], as: UInt8.self) { $0[0] } }
    #expect(try resident(path) <= 8 << 20)
  }

  @Test(
    .enabled(if: FetchTests.canBeCold, "needs Linux 6.5, and temporary files that can be cold"),
    arguments: [Access.automatic, .positionedReads])
  func `pages that are given back leave the page cache where that is asked for`(
    access: Access
  ) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file(
      "a.npy",
      npyBytes(
        header: headerText(descr: "'|u1'", shape: "(24, 1048576)"),
        data: [UInt8](repeating: 1, count: 24 << 20)))
    // What was not written yet cannot leave.
    let descriptor = unsafe open(path, O_RDWR)
    #expect(fsync(descriptor) == 0 && close(descriptor) == 0)
    for isDropped in [false, true] {
      let array = try NPYArray(
        path: path, access: access,
        memoryBudget: .bytes(5 << 20, droppingPageCache: isDropped))
      for row in 0..<24 { _ = try array.cropRegion([row]) }
      let pages = try residentPages(of: path, byteCount: array.fileByteCount).count { $0 }
      #expect((pages < 12 << 8) == isDropped, "\(pages) pages")
    }
  }

  // MARK: - Blocks

  private func stretches(_ rows: Int, of byteCount: Int, every stride: Int, at start: Int)
    -> SourceStretches
  {
    var box = CropBox()
    box.append(BoxLoop(count: rows, sourceStride: stride, outputStride: byteCount))
    box.append(BoxLoop(count: byteCount, sourceStride: 1, outputStride: 1))
    return SourceStretches(of: box, at: start, itemSize: 1, gap: 4096)
  }

  @Test func `blocks count until they are given back, and those in use after it`() throws {
    let size = Self.size
    // Three blocks and their tables.
    switch MappedBlocks.of(byteCount: 100 * size, budget: .bytes(3 * (size + 4096) + 1 << 20)) {
    case .some(let blocks): check(blocks)
    case .none: Issue.record("no blocks")
    }
  }

  private static let size = 2 << 20

  private func check(_ blocks: borrowing MappedBlocks) {
    let back = Tally()
    func enter(_ blocks: borrowing MappedBlocks, _ first: Int, _ count: Int, isCheaper: Bool = true)
      -> Int?
    {
      blocks.enter(
        stretches(count, of: 10, every: Self.size, at: first * Self.size), base: 0,
        isCheaper: { isCheaper }
      ) { back.add() }
    }
    let capacity = blocks.capacity
    #expect(capacity == 3)
    let one = enter(blocks, 0, 2)
    #expect(one == 2 && back.count == 0)
    // One of those.
    let two = enter(blocks, 1, 1)
    #expect(two == 1 && back.count == 0)
    // Three are in use.
    let none = enter(blocks, 50, 1)
    #expect(none == nil)
    blocks.leave(two ?? 0)
    let three = enter(blocks, 50, 1)
    #expect(three == 1 && back.count == 0)
    blocks.leave(three ?? 0)
    // A fourth.
    let four = enter(blocks, 60, 1)
    #expect(four == 1 && back.count == 1)
    blocks.leave(four ?? 0)
    blocks.leave(one ?? 0)
    let many = enter(blocks, 70, 4)
    let dear = enter(blocks, 90, 1, isCheaper: false)
    #expect(many == nil && dear == nil && back.count == 1)
  }

  @Test func `budgets too small for two blocks map nothing`() {
    func hasBlocks(_ byteCount: Int, _ budget: Int) -> Bool {
      switch MappedBlocks.of(byteCount: byteCount, budget: .bytes(budget)) {
      case .some: true
      case .none: false
      }
    }
    for size in [1, 1 << 20, 1 << 30, 1 << 40, .max] {
      #expect(!hasBlocks(size, .min) && !hasBlocks(size, 0) && !hasBlocks(size, 4 << 20))
    }
    #expect(hasBlocks(1 << 20, 5 << 20) && hasBlocks(8 << 30, 256 << 20))
    #expect(hasBlocks(1 << 44, .max))
  }
}
