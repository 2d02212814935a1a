import CAllocationCount
import Testing

@testable import NPYCrop

/// Crops into the caller's memory allocate nothing: counted, not timed.
///
/// Unoptimised code allocates the frames of its own accessors, so these run in release builds only.
@Suite(
  .enabled(if: allocations_are_counted(), "not with a sanitizer, which has its own malloc"),
  .enabled(if: isOptimised, "only with: swift test -c release -Xswiftc -enable-testing"))
struct AllocationTests {
  /// The blocks that one run of `body` allocates, after runs that fill every cache.
  private func allocations(_ body: () throws -> Void) rethrows -> UInt {
    for _ in 0..<3 { try body() }
    let before = allocation_count()
    try body()
    return allocation_count() - before
  }

  @Test func `a crop into the caller's memory allocates nothing`() throws {
    let folder = try TemporaryFolder()
    let shape = [Int](repeating: 3, count: 8)
    let data = patternBytes(6561 * 4)
    let array = try NPYArray(
      path: folder.file(
        "a.npy", npyBytes(header: headerText(shape: tupleText(shape)), data: data)))
    let regions = [
      Region(origin: [Int](repeating: 1, count: 8), size: [Int](repeating: 2, count: 8)),
      Region([AxisSelection](repeating: .slice(by: -2), count: 8)),
      Region([AxisSelection(.index(1)), AxisSelection(.ellipsis)]),
    ]
    for region in regions {
      var output = [Float](repeating: 0, count: try array.plan(region).elementCount)
      let count = try allocations {
        var span = output.mutableSpan
        try array.cropRegion(region, into: &span)
      }
      #expect(count == 0, "\(region)")
    }
  }

  @Test func `elements that are lent allocate nothing`() throws {
    let folder = try TemporaryFolder()
    let array = try NPYArray(
      path: folder.file("a.npy", patternBytes(81 * 4)), elementType: .float32, shape: [9, 9])
    let region: Region = [2..<7]
    var total = 0
    let count = try allocations {
      total += try array.withSpan(of: region, as: Float.self) { $0.count }
    }
    #expect(count == 0 && total == 4 * 45)
  }

  @Test func `a plan that pads allocates nothing when it is carried out`() throws {
    let folder = try TemporaryFolder()
    let array = try NPYArray(
      path: folder.file(
        "a.npy",
        npyBytes(header: headerText(shape: "(9, 9, 9)"), data: patternBytes(729 * 4))))
    for padding in [Padding.constant(1), .edge, .reflect, .wrap] {
      let plan = try array.plan(
        Region(origin: [-2, -2, -2], size: [13, 13, 13]), padding: padding)
      var output = [Float](repeating: 0, count: plan.elementCount)
      let count = try allocations {
        var span = output.mutableSpan
        try array.elements(as: Float.self).cropRegion(plan, into: &span)
      }
      #expect(count == 0, "\(padding)")
    }
    // Inside the array padding costs nothing more.
    let region = Region(origin: [1, 1, 1], size: [3, 3, 3])
    var output = [Float](repeating: 0, count: 27)
    let count = try allocations {
      var span = output.mutableSpan
      try array.cropRegion(region, padding: .edge, into: &span)
    }
    #expect(count == 0)
  }

  @Test(arguments: ["<u1", ">u2", "<f4", ">f8", "<c8"])
  func `a plan that converts allocates nothing when it is carried out`(descr: String) throws {
    let folder = try TemporaryFolder()
    let array = try NPYArray(
      path: folder.file(
        "a.npy",
        npyBytes(
          header: headerText(descr: "'\(descr)'", shape: "(9, 9, 9)"),
          data: patternBytes(729 * 8))))
    let regions: [Region] = [
      .all, [(-1)..<8, 0..<9, 2..<4], [.slice(by: -2), .all, .slice(by: 3)],
    ]
    let view = try array.converted(to: Float.self, casting: .unsafe, scale: 0.5)
    for region in regions {
      let plan = try view.plan(region, padding: .edge)
      var output = [Float](repeating: 0, count: plan.elementCount)
      let count = try allocations {
        var span = output.mutableSpan
        try view.cropRegion(plan, into: &span)
      }
      #expect(count == 0, "\(region)")
    }
    let inside: Region = [1..<3, 4, .slice(by: 3)]
    var output = [Float](repeating: 0, count: 6)
    let padded = view.padded(.reflect)
    #expect(try allocations { try view.cropRegion(inside, into: &output) } == 0)
    #expect(try allocations { try padded.cropRegion(inside, into: &output) } == 0)
  }

  @Test func `a kept view, or a kept slice of one, allocates nothing when it is cropped`() throws {
    let folder = try TemporaryFolder()
    let array = try NPYArray(
      path: folder.file(
        "a.npy",
        npyBytes(header: headerText(shape: "(9, 9, 9)"), data: patternBytes(729 * 4))))
    let view = try array.elements(as: Float.self)[.slice(by: -1), 2, .ellipsis].ordered(.fortran)
    var output = [Float](repeating: 0, count: 12)
    let (large, small): (Region, Region) = ([1..<5, 2..<5], [1..<3, 2..<5])
    #expect(try allocations { try view.cropRegion(large, into: &output) } == 0)
    var bytes = [UInt8](repeating: 0, count: 24)
    #expect(try allocations { try view.untyped.cropRegion(small, into: &bytes) } == 0)
    let plan = try view.plan([1..<5, 2..<5])
    #expect(try allocations { try view.cropRegion(plan, into: &output) } == 0)
  }

  @Test func `the counter counts`() {
    var kept: [[Int]] = []
    kept.reserveCapacity(10)
    #expect(allocations { kept.append([Int](repeating: kept.count, count: 100)) } == 1)
  }
}

#if DEBUG
  private let isOptimised = false
#else
  private let isOptimised = true
#endif
