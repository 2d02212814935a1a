import CAllocationCount
import Glibc
import Testing

@testable import NPYCrop

/// Which pages of a file crops bring into memory: asked of the kernel, not of the plan.
@Suite struct PageTests {
  private static let side = 16_384
  private static let rowBytes = side * 4

  /// A file of 1 GiB without data, and no page of it in memory.
  private func sparseFile(_ folder: TemporaryFolder) throws -> String {
    let path = try folder.file("a.bin", [])
    try #require(unsafe truncate(path, off_t(Self.side * Self.rowBytes)) == 0)
    return path
  }

  /// The index of an axis that stands for a place, by the map of `numpy.pad`'s mode `reflect`.
  private func reflected(_ place: Int) -> Int {
    let period = 2 * Self.side - 2
    let phase = (place % period + period) % period
    return phase < Self.side ? phase : period - phase
  }

  /// The page faults that this thread has had.
  private func faults() -> Int {
    // RUSAGE_THREAD, which Glibc's module leaves out.
    let ofThisThread = __rusage_who_t(1)
    var usage = rusage()
    unsafe _ = getrusage(ofThisThread, &usage)
    return usage.ru_minflt + usage.ru_majflt
  }

  /// Windows along all four sides and around the corners, half of each at most outside.
  private static let origins = (0..<256).map { number in
    let along = number / 4 * 257 - 100
    return switch number % 4 {
    case 0: [-(number % 127) - 1, along]
    case 1: [along, -(number % 127) - 1]
    case 2: [side - 255 + number % 127, along]
    default: [along, side - 255 + number % 127]
    }
  }

  /// The pages under the images of the windows, element by element.
  private func pagesOfImages() -> [Bool] {
    var pages = [Bool](repeating: false, count: Self.side * Self.rowBytes / 4096)
    for origin in Self.origins {
      let columns = (origin[1]..<origin[1] + 256).map(reflected)
      let (low, high) = (columns.min() ?? 0, columns.max() ?? 0)
      for row in origin[0]..<origin[0] + 256 {
        let start = reflected(row) * Self.rowBytes
        for page in (start + low * 4) / 4096...(start + high * 4 + 3) / 4096 {
          pages[page] = true
        }
      }
    }
    return pages
  }

  /// Crops the windows, and tells how many page faults it took.
  private func cropWindows(_ path: String) throws -> Int {
    let array = try NPYArray(
      path: path, elementType: .float32, shape: [Self.side, Self.side], access: .mapped,
      verification: .none, advice: .random)
    // Memory that has its pages before the faults are counted.
    var output = [Float](repeating: 1, count: 4 * 256 * 256)
    var count = 0
    for start in stride(from: 0, to: Self.origins.count, by: 4) {
      let windows = Region.windows(
        at: Array(Self.origins[start..<start + 4]), size: [256, 256])
      let before = faults()
      var span = output.mutableSpan
      try array.elements(as: Float.self).padded(.reflect).cropRegions(windows, into: &span)
      count += faults() - before
    }
    return count
  }

  @Test func `windows across the border touch no page but those under their image`() throws {
    let folder = try TemporaryFolder()
    let path = try sparseFile(folder)
    try #require(SystemCall.pageSize == 4096)
    #expect(try residentPages(of: path, byteCount: Self.side * Self.rowBytes).allSatisfy { !$0 })
    let expected = pagesOfImages()
    var missing = 0
    // The kernel may take pages back at any time, but bring none in that nobody asked for.
    for _ in 0..<5 {
      _ = try cropWindows(path)
      let resident = try residentPages(of: path, byteCount: Self.side * Self.rowBytes)
      #expect(zip(resident, expected).count { $0 && !$1 } == 0)
      missing = zip(resident, expected).count { !$0 && $1 }
      if missing == 0 { break }
    }
    #expect(missing == 0)
  }

  @Test(.enabled(if: allocations_are_counted(), "not with a sanitizer, which has its own faults"))
  func `windows across the border take no more page faults than they have pages`() throws {
    let folder = try TemporaryFolder()
    let path = try sparseFile(folder)
    let pages = pagesOfImages().count { $0 }
    let count = try cropWindows(path)
    // One each, or fewer where neighbours were in memory; some for the stack and the heap.
    #expect(count > pages / 32 && count <= pages + 64)
  }

  @Test(arguments: [Verification.none, .size, .strict])
  func `the first crop touches no page but its own`(verification: Verification) throws {
    let folder = try TemporaryFolder()
    let path = try sparseFile(folder)
    let array = try NPYArray(
      path: path, elementType: .float32, shape: [Self.side, Self.side], access: .mapped,
      verification: verification, advice: .random)
    _ = try array.cropRegion([7, 0..<9])
    let resident = try residentPages(of: path, byteCount: Self.side * Self.rowBytes)
    let own = 7 * Self.rowBytes / SystemCall.pageSize
    #expect(resident.indices.filter { resident[$0] } == [own])
  }

  @Test func `a fill touches no page at all`() throws {
    let folder = try TemporaryFolder()
    let path = try sparseFile(folder)
    let array = try NPYArray(
      path: path, elementType: .float32, shape: [Self.side, Self.side], access: .mapped,
      verification: .none, advice: .random)
    let crop = try array.cropRegion([-30 ..< -4, 0..<25], as: Float.self, padding: .constant(2))
    #expect(crop.elements.allSatisfy { $0 == 2 })
    #expect(try residentPages(of: path, byteCount: Self.side * Self.rowBytes).allSatisfy { !$0 })
  }

  @Test func `a field of records touches the pages of the records that are taken, and no other`()
    throws
  {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.bin", [])
    // 4 GiB of records of 64 bytes, 8192 in a row.
    let (rows, columns, size) = (8192, 8192, 64)
    try #require(unsafe truncate(path, off_t(rows * columns * size)) == 0)
    let array = try NPYArray(
      path: path, elementType: ElementType("V64"), shape: [rows, columns], access: .mapped,
      verification: .none, advice: .random)
    let fields = [
      ElementType.Field(name: "id", title: nil, elementType: .uint64, subarrays: [], offset: 0),
      ElementType.Field(name: "x", title: nil, elementType: .float32, subarrays: [], offset: 48),
    ]
    let record = ElementType(.record(fields), itemSize: size)
    let field = try array.viewed(as: record).field("x")
    let crop = try field.cropRegion([100..<140, 500..<900], as: Float.self)
    #expect(crop.shape == [40, 400])
    var expected = [Bool](repeating: false, count: rows * columns * size / 4096)
    for row in 100..<140 {
      for column in 500..<900 { expected[((row * columns + column) * size + 48) / 4096] = true }
    }
    let resident = try residentPages(of: path, byteCount: rows * columns * size)
    #expect(zip(resident, expected).count { $0 != $1 } == 0)
  }

  private static let hasLargePages =
    SystemCall.text(ofFile: "/sys/kernel/mm/transparent_hugepage/enabled")
    .map { !$0.contains("[never]") } ?? false

  @Test(.enabled(if: hasLargePages, "only where the kernel has transparent huge pages"))
  func `a large result is written to large pages`() throws {
    let folder = try TemporaryFolder()
    // Outside of the array nothing is read, so all faults are those of the result.
    let array = try NPYArray(
      path: folder.file(
        "a.npy", npyBytes(header: headerText(shape: "(4, 4)"), data: patternBytes(64))))
    let region: Region = [4..<4 + 4096, 4..<4 + 8192]
    let before = faults()
    let crop = try array.cropRegion(region, as: Float.self, padding: .constant(1))
    let count = faults() - before
    #expect(crop.elements.last == 1)
    // 128 MiB are 32768 pages of 4 KiB, and the kernel may have to use some.
    #expect(count < 16_384)
  }
}
