import Glibc
import Testing

@testable import NPYCrop

/// What a crop costs is told before it, and nothing is read for that.
@Suite struct CostTests {
  private static let shape = [300, 20, 1000]

  private func sample(_ folder: TemporaryFolder) throws -> String {
    try folder.file(
      "a.npy",
      npyBytes(
        header: headerText(descr: "'<u2'", shape: "(300, 20, 1000)"),
        data: [UInt8](repeating: 7, count: 12_000_000)))
  }

  static let regions: [Region] = [
    [3..<40, 5, 100..<200], [.slice(by: -7), 3, 2], [.indices([200, 3, 3, 90]), 1..<3, 0..<10],
    [250, .all, .all], [299, 19, 999], [0..<0],
  ]

  @Test(arguments: regions, [Access.automatic, .mapped, .positionedReads])
  func `the pages of a cost are those of the bytes that the plan reads`(
    region: Region, access: Access
  ) throws {
    let folder = try TemporaryFolder()
    let array = try NPYArray(path: sample(folder), access: access)
    let plan = try array.plan(region)
    let cost = try array.cost(of: plan)
    #expect(cost.byteCount == plan.byteCount && cost.runCount == plan.runCount)
    var pages: Set<Int> = []
    for range in plan.fileRanges() {
      pages.formUnion(range.lowerBound / cost.pageSize...(range.upperBound - 1) / cost.pageSize)
    }
    #expect(cost.pageCount == pages.count)
    var told: [Int] = []
    for range in cost.fileRanges {
      told += range.lowerBound / cost.pageSize...(range.upperBound - 1) / cost.pageSize
    }
    // In the order of the file, none twice.
    #expect(Set(told) == pages && told == pages.sorted())
    if access != .automatic { #expect(cost.access == access) }
  }

  @Test(
    .enabled(if: FetchTests.canBeCold, "needs Linux 6.5, and temporary files that can be cold"))
  func `what is cached is what mincore says, before and after`() throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    let array = try NPYArray(path: path)
    try #require(try FetchTests.drop(path, byteCount: array.fileByteCount))
    let (part, whole) = (try array.plan([3..<30, 5, 100..<200]), try array.plan(.all))
    let cold = try array.cost(of: part)
    // As a first crop of rows that have to be fetched one by one.
    #expect(cold.access == .positionedReads)
    #expect(cold.cachedPageCount == 0 && cold.diskByteCount == cold.pageCount * cold.pageSize)
    // Nothing was read.
    #expect(try !residentPages(of: path, byteCount: array.fileByteCount).contains(true))
    _ = try array.cropRegion(part)
    let warm = try array.cost(of: part)
    #expect(warm.access == .mapped)
    #expect(warm.cachedPageCount == warm.pageCount && warm.diskByteCount == 0)
    let resident = try residentPages(of: path, byteCount: array.fileByteCount).count { $0 }
    #expect(try array.cost(of: whole).cachedPageCount == resident)
    // Other rows are still to be fetched, and read then.
    let other = try array.plan([100..<130, 5, 100..<200])
    #expect(try array.cost(of: other).access == .positionedReads)
  }

  @Test func `fill values cost nothing of the file`() throws {
    let folder = try TemporaryFolder()
    let array = try NPYArray(path: sample(folder)).padded(.zeros)
    let outside = try array.cost(of: array.plan([-40..<(-2), 0..<5, 0..<5]))
    #expect(outside.pageCount == 0 && outside.fileRanges.isEmpty && outside.byteCount == 1900)
    #expect(outside.diskByteCount == 0 || outside.cachedPageCount == nil)
  }

  @Test func `what exceeds a budget is told to be read`() throws {
    let folder = try TemporaryFolder()
    let array = try NPYArray(path: sample(folder), memoryBudget: .bytes(7 << 20))
    #expect(try array.cost(of: array.plan(.all)).access == .positionedReads)
    #expect(try array.cost(of: array.plan([0..<4])).access == .mapped)
  }

  @Test func `the cost of many single elements is told without a range for each`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.npy", [0])
    try #require(unsafe truncate(path, 4 << 30) == 0)
    let array = try NPYArray(path: path, elementType: .uint8, shape: [4 << 30])
    let cost = try array.cost(of: array.plan([.slice(by: 2)]))
    #expect(cost.fileRanges.count == 1 && cost.pageCount == (4 << 30) / cost.pageSize)
    #expect(cost.runCount == 2 << 30)
  }

  @Test func `a plan of another array and a closed file have no cost`() throws {
    let folder = try TemporaryFolder()
    let array = try NPYArray(path: sample(folder))
    let plan = try array.plan([3])
    let other = try NPYArray(path: Fixtures.path("shape_2x3_C.npy"))
    let foreign = #expect(throws: NPYError.self) { try other.cost(of: plan) }
    #expect(foreign?.fault == .crop(.foreignPlan(shape: [2, 3], planned: Self.shape)))
    array.close()
    let closed = #expect(throws: NPYError.self) { try array.cost(of: plan) }
    #expect(closed?.fault == .file(.closed))
  }

  #if DEBUG
    @Test(arguments: [ENOSYS, EPERM])
    func `a kernel that does not tell what is cached leaves that unknown`(number: Int32) throws {
      let folder = try TemporaryFolder()
      let array = try NPYArray(path: sample(folder))
      let cost = try forcing(ForcedFailure(.cachestat, .errno(number))) {
        try array.cost(of: array.plan(.all))
      }
      #expect(cost.cachedPageCount == nil && cost.diskByteCount == nil && cost.pageCount > 0)
    }
  #endif
}
