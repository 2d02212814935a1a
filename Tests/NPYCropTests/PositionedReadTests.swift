import Glibc
import Testing

@testable import NPYCrop

/// Positioned reads give what a mapping gives: the same plan, the same kernels, another source.
@Suite struct PositionedReadTests {
  /// Shapes whose rows lie close together, far apart, and across more than the memory for a piece.
  static let arrays: [(shape: [Int], descr: String)] = [
    ([900, 700], "<u4"), ([40, 30_000], "|u1"), ([30, 50, 70, 6], ">i2"), ([3, 400_000], "<f8"),
    ([200, 300], "|V12"), ([64, 64, 64], "<c8"),
  ]

  @Test(arguments: arrays, [false, true])
  func `any region of any order is the same by reads as by a mapping`(
    array: (shape: [Int], descr: String), isFortran: Bool
  ) throws {
    let folder = try TemporaryFolder()
    let type = try ElementType(array.descr)
    let text = headerText(
      descr: "'\(array.descr)'", order: isFortran ? "True" : "False", shape: tupleText(array.shape))
    let path = try folder.file(
      "a.npy",
      npyBytes(header: text, data: patternBytes(array.shape.reduce(type.itemSize, *))))
    let mapped = try NPYArray(path: path, access: .mapped)
    let read = try NPYArray(path: path, access: .positionedReads)
    var random = SeededGenerator(seed: 7)
    var compared = 0
    for _ in 0..<60 {
      let region = Region(array.shape.map { AxisSelection.random(size: $0, using: &random) })
      for order in [MemoryOrder.c, .fortran] {
        let plan = try mapped.plan(region, order: order)
        guard plan.runCount < 20_000 else { continue }
        let expected = try mapped.cropRegion(plan)
        #expect(try read.cropRegion(plan) == expected, "\(region) \(order)")
        compared += 1
        if array.descr == ">i2" {
          let numbers = try mapped.elements(as: Int16.self).cropRegion(plan)
          #expect(
            try read.elements(as: Int16.self).cropRegion(plan) == numbers, "\(region) \(order)")
        }
      }
    }
    #expect(compared > 20)
  }

  @Test func `a file that ends within what is read tells how much of it there was`() throws {
    let folder = try TemporaryFolder()
    let header = try NPYHeader(elementType: .uint8, shape: [8192])
    let path = try folder.file("a.npy", header.serialized + patternBytes(8192))
    let array = try NPYArray(path: path, access: .positionedReads)
    #expect(unsafe truncate(path, off_t(header.dataOffset + 5000)) == 0)
    for (start, found) in [(0, 5000), (4999, 1), (5000, 0), (8000, 0)] {
      let error = #expect(throws: NPYError.self) { try array.cropRegion([start..<8192]) }
      #expect(
        error?.fault
          == .file(
            .endOfFile(offset: header.dataOffset + start, wanted: 8192 - start, found: found)))
    }
  }

  #if DEBUG
    @Test func `reads that are interrupted or short go on where they were`() throws {
      let path = Fixtures.path("shape_200x3_F.npy")
      let region = try Region(numpy: "10:150:3, ::-1")
      let expected = try NPYArray(path: path).cropRegion(region)
      for failure in [
        ForcedFailure(.pread, .shortRead(1)), ForcedFailure(.pread, .shortRead(7)),
        ForcedFailure(.pread, .errno(4), at: 0..<1), ForcedFailure(.pread, .errno(4), at: 1..<5),
      ] {
        try forcing(failure) {
          let array = try NPYArray(path: path, access: .positionedReads)
          #expect(try array.cropRegion(region) == expected)
        }
      }
    }

    @Test func `reads touch rows that lie far apart one by one, and merge those that do not`()
      throws
    {
      func calls(shape: [Int], _ region: Region) throws -> Int {
        let folder = try TemporaryFolder()
        let text = headerText(descr: "'|u1'", shape: tupleText(shape))
        let data = patternBytes(shape.reduce(1, *))
        let path = try folder.file("a.npy", npyBytes(header: text, data: data))
        let array = try NPYArray(path: path, access: .positionedReads)
        // Strikes none, but counts all.
        let counter = ForcedFailure(.pread, .errno(5), at: 0..<0)
        try forcing(counter) { _ = try array.cropRegion(region) }
        return counter.calls
      }
      #expect(try calls(shape: [64, 30_000], [.all, 0..<64]) == 64)
      #expect(try calls(shape: [64, 2_000], [.all, 0..<64]) == 1)
      #expect(try calls(shape: [1_000, 2_000], .all) == 1)
    }
  #endif
}

extension AxisSelection {
  /// Any kind of selection along an axis that has elements.
  static func random(size: Int, using random: inout SeededGenerator) -> AxisSelection {
    let start = random.next(below: size)
    switch random.next(below: 6) {
    case 0: return .all
    case 1: return .slice(from: start, to: min(start + 1 + random.next(below: 60), size))
    case 2: return .slice(from: start, by: -1 - random.next(below: 5))
    case 3: return .slice(from: start, by: 1 + random.next(below: 9))
    case 4: return start.axisSelection
    default:
      return .indices((0..<random.next(below: 6)).map { _ in random.next(below: size) })
    }
  }
}

/// Numbers that are the same in every run.
struct SeededGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next(below count: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ z >> 31) % UInt64(count))
  }
}
