import Testing

@testable import NPYCrop

/// A plan is run by any source: here one that no other file of the package knows, and that tells what it
/// was asked for.
@Suite struct SourceTests {
  private static let shape = [6, 50, 40]
  private static let bytes = npyBytes(
    header: headerText(descr: "'<u2'", shape: "(6, 50, 40)"), data: patternBytes(2 * 12_000))

  private func array(
    isLent: Bool, loanResult: LoanResult = .unverified, byteCount: Int = .max
  ) throws -> (NPYArray, MemorySource) {
    let folder = try TemporaryFolder()
    let header = try NPYArray(path: folder.file("a.npy", Self.bytes)).header
    let bytes = Array(Self.bytes.prefix(byteCount))
    let source = MemorySource(bytes, isLent: isLent, loanResult: loanResult)
    return (NPYArray(source: source, header: header), source)
  }

  /// The same array in a file.
  private func file(_ folder: TemporaryFolder) throws -> NPYArray {
    try NPYArray(path: folder.file("a.npy", Self.bytes))
  }

  /// The bytes of the file that a region takes inside the array, found index by index.
  private static func wanted(_ region: [[Int]], dataOffset: Int) -> Set<Int> {
    var wanted: Set<Int> = []
    for z in region[0] where z >= 0 && z < shape[0] {
      for y in region[1] where y >= 0 && y < shape[1] {
        for x in region[2] where x >= 0 && x < shape[2] {
          let offset = dataOffset + 2 * ((z * shape[1] + y) * shape[2] + x)
          wanted.formUnion([offset, offset + 1])
        }
      }
    }
    return wanted
  }

  static let regions: [(Region, [[Int]])] = [
    ([1..<3, 10..<20, 5..<15], [Array(1..<3), Array(10..<20), Array(5..<15)]),
    ([2, .all, 7], [[2], Array(0..<50), [7]]),
    ([.slice(by: -2), 3, .indices([9, 0, 1, 2, 30])], [[5, 3, 1], [3], [9, 0, 1, 2, 30]]),
    ([.all, .all, .all], [Array(0..<6), Array(0..<50), Array(0..<40)]),
    // The ends of a row lie farther apart than the end of one and the start of the next.
    ([.all, .all, .slice(by: 39)], [Array(0..<6), Array(0..<50), [0, 39]]),
  ]

  @Test(arguments: regions)
  func `a crop asks for the ranges that its plan names, and a converted one for the same`(
    region: Region, indices: [[Int]]
  ) throws {
    let folder = try TemporaryFolder()
    let file = try file(folder)
    let (array, source) = try array(isLent: false)
    let wanted = Self.wanted(indices, dataOffset: array.header.dataOffset)
    let plan = try array.plan(region)
    #expect(try array.cropRegion(plan) == file.cropRegion(region))
    let asked = source.taken()
    #expect(Self.joined(asked.ranges) == plan.fileRanges())
    #expect(Set(asked.ranges.flatMap { Array($0) }) == wanted)
    #expect(asked.uses == 1 && asked.ends == 1 && asked.loans == 0 && asked.verified == 1)
    let converted = try array.converted(to: .float64)
    #expect(
      try converted.cropRegion(converted.plan(region))
        == file.converted(to: .float64).cropRegion(region))
    #expect(Self.joined(source.taken().ranges) == plan.fileRanges())
  }

  @Test func `a padded crop asks for nothing outside, and with a value for each byte once`() throws
  {
    let folder = try TemporaryFolder()
    let file = try file(folder)
    let (array, source) = try array(isLent: false)
    let region: Region = [4..<9, 45..<60, -3..<6]
    for padding in [Padding.constant, .edge, .reflect] {
      let plan = try array.plan(region, padding: padding)
      #expect(try array.cropRegion(plan) == file.cropRegion(region, padding: padding))
      #expect(Self.joined(source.taken().ranges) == plan.fileRanges())
    }
    let plan = try array.plan(region, padding: .constant)
    _ = try array.cropRegion(plan)
    let ranges = source.taken().ranges
    // Two planes, five rows and six columns of two bytes.
    let byteCount = ranges.reduce(0) { $0 + $1.count }
    #expect(byteCount == 120)
  }

  @Test func `a batch asks for the ranges of its windows in the order of the file, in one list`()
    async throws
  {
    let folder = try TemporaryFolder()
    let file = try file(folder)
    let (array, source) = try array(isLent: false)
    let origins = [[4, 30, 0], [0, 2, 3], [2, 44, 36], [0, 8, 3]]
    let windows = Region.windows(at: origins, size: [1, 4, 4])
    let plan = try array.plan(windows)
    let found = try array.cropRegions(windows).bytes
    let expected = try file.cropRegions(windows).bytes
    #expect(found == expected)
    let asked = source.taken()
    #expect(asked.ranges.map(\.lowerBound) == asked.ranges.map(\.lowerBound).sorted())
    #expect(Self.joined(asked.ranges) == plan.fileRanges())
    #expect(asked.reads == 1 && asked.uses == 1 && asked.verified == 1)
    let inTasks = try await array.elements(as: UInt16.self).cropRegions(windows, parallelism: 3)
    let inOne = try file.elements(as: UInt16.self).cropRegions(windows)
    #expect(inTasks == inOne)
    #expect(Self.joined(source.taken().ranges) == plan.fileRanges())
  }

  @Test func `a list of requests is bounded, however many there are`() throws {
    let folder = try TemporaryFolder()
    let file = try file(folder)
    let (array, source) = try array(isLent: false)
    // 300 rows with two elements each, no two of which are neighbours.
    let region: Region = [.all, .all, .slice(by: 20)]
    #expect(try array.cropRegion(region) == file.cropRegion(region))
    let asked = source.taken()
    #expect(asked.ranges.count == 600)
    #expect(asked.reads == 3)
  }

  @Test func `a source that lends its bytes is not read`() throws {
    let folder = try TemporaryFolder()
    let file = try file(folder)
    let (array, source) = try array(isLent: true)
    for (region, _) in Self.regions {
      #expect(try array.cropRegion(region) == file.cropRegion(region))
      #expect(source.taken() == MemorySource.Asked(uses: 1, ends: 1, loans: 1, verified: 1))
    }
  }

  @Test func `a source that vouches for its loan is not asked again`() throws {
    let folder = try TemporaryFolder()
    let file = try file(folder)
    let (array, source) = try array(isLent: true, loanResult: .verified)
    for (region, _) in Self.regions {
      #expect(try array.cropRegion(region) == file.cropRegion(region))
      #expect(source.taken() == MemorySource.Asked(uses: 1, ends: 1, loans: 1))
    }
  }

  @Test func `what is lost of a loan is read`() throws {
    let folder = try TemporaryFolder()
    let file = try file(folder)
    let (array, source) = try array(isLent: true, loanResult: .lost)
    for (region, _) in Self.regions {
      for padding in [Padding.none, .edge] {
        let plan = try array.plan(region, padding: padding)
        #expect(try array.cropRegion(plan) == file.cropRegion(plan))
        let asked = source.taken()
        #expect(asked.loans == 1 && asked.verified == 1 && asked.ends == 1)
        #expect(Self.joined(asked.ranges) == plan.fileRanges())
      }
    }
  }

  @Test func `a source that fails is left, and nothing is verified`() async throws {
    let (array, source) = try array(isLent: false, byteCount: 1000)
    let windows = Region.windows(at: [[5, 0, 0], [5, 1, 0]], size: [1, 4, 4])
    #expect(throws: NPYError.self) { try array.cropRegion([5, 0..<4, 0..<4]) }
    #expect(throws: NPYError.self) { try array.cropRegion([2..<5, .indices([3, 7])]) }
    #expect(throws: NPYError.self) { try array.cropRegions(windows) }
    await #expect(throws: NPYError.self) { try await array.cropRegions(windows, parallelism: 2) }
    let asked = source.taken()
    #expect(asked.uses == 4 && asked.ends == 4 && asked.verified == 0)
  }

  @Test func `slabs of a batch are its windows in the order of the result`() throws {
    let folder = try TemporaryFolder()
    let array = try file(folder)
    let origins = [[4, 30, 0], [0, 2, 3], [2, 44, 36], [5, 0, 1]]
    let windows = Region.windows(at: origins, size: [1, 4, 4])
    let plan = try array.plan(windows)
    let expected = try bytes(plan, of: array)
    for limit in [1, 8, 32, 70, 96, 1000] {
      var found: [UInt8] = []
      for slab in plan.slabs(ofAtMost: limit) {
        #expect(slab.byteCount <= max(limit, 2))
        found += try bytes(slab, of: array)
      }
      #expect(found == expected, "\(limit)")
    }
  }

  @Test func `a window in parts is the window`() throws {
    let folder = try TemporaryFolder()
    let array = try file(folder)
    for order in [MemoryOrder.c, .fortran] {
      for limit in [2, 50, 700, 5000, 1 << 20] {
        let plan = try array.plan([-1..<5, 0..<50, -2..<40], padding: .reflect, order: order)
        let divided = plan.divided(intoAtMost: limit)
        #expect(try bytes(divided, of: array) == bytes(plan, of: array))
        #expect(divided.placeCount >= plan.byteCount / limit)
        #expect((divided.parts?.pieces ?? []).allSatisfy { $0.elementCount * 2 <= limit })
      }
    }
  }

  @Test func `a window is delivered into a part of a larger result, and leaves the rest`() throws {
    let folder = try TemporaryFolder()
    let array = try file(folder)
    for order in [MemoryOrder.c, .fortran] {
      let plan = try array.plan([1..<3, -2..<4, 5], padding: .edge, order: order)
      let window = try array.elements(as: UInt16.self).cropRegion(plan)
      let placed = try plan.placed(inResultOf: [4, 9], at: [1, 2])
      var output = [UInt16](repeating: 0xABCD, count: 36)
      try array.elements(as: UInt16.self).cropRegion(placed, into: &output)
      for row in 0..<4 {
        for column in 0..<9 {
          let isInside = (1..<3).contains(row) && (2..<8).contains(column)
          let found = output[order == .c ? row * 9 + column : column * 4 + row]
          #expect(found == (isInside ? window[row - 1, column - 2] : 0xABCD))
        }
      }
      #expect(throws: RegionError.self) { try plan.placed(inResultOf: [4, 9], at: [3, 2]) }
      // Wherever a plan was placed, what is made of it begins anew.
      let own = try bytes(plan, of: array)
      #expect(try placed.placed(inResultOf: [2, 6], at: [0, 0]) == plan)
      #expect(try placed.slabs(ofAtMost: 4).flatMap { try bytes($0, of: array) } == own)
    }
  }

  /// Two arrays of one shape, of which one plan takes windows.
  @Test func `pieces name their source, and each source runs its own`() throws {
    let (array, first) = try array(isLent: false)
    let second = MemorySource(Self.bytes.map { ~$0 }, isLent: true)
    let plan = try array.plan([1, 2..<4, 0..<3])
    var other = plan.piece
    other.source = 1
    let parts = PlanParts(
      pieces: [plan.piece, other],
      places: [
        Place(piece: 1, sourceOffset: plan.place.sourceOffset, outputOffset: 0),
        Place(piece: 0, sourceOffset: plan.place.sourceOffset, outputOffset: 12),
      ], padded: PaddedWindows())
    let both = CropPlan(
      parts, like: plan, windowCount: 2, elementCount: 12, sourceEnd: plan.sourceEnd,
      outputByteCount: 24)
    var output = [UInt8](repeating: 0, count: 24)
    let delivery = Delivery(of: array.elementType, to: nil, isNative: false)
    unsafe output.withUnsafeMutableBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      for (index, source) in [first, second].enumerated() {
        try? unsafe both.run(on: source, as: index, to: start, delivery: delivery)
      }
    }
    let expected = try array.cropRegion(plan).bytes
    let inverted = expected.map { ~$0 }
    #expect(output == inverted + expected)
    #expect(both.fileRanges(ofSource: 1) == plan.fileRanges())
  }

  private func bytes(_ plan: CropPlan, of array: NPYArray) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: plan.byteCount)
    try array.cropRegions(plan, into: &bytes)
    return bytes
  }

  /// Ranges in the order of the file, with those joined that touch.
  private static func joined(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var joined: [Range<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = joined.last, range.lowerBound <= last.upperBound {
        joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        joined.append(range)
      }
    }
    return joined
  }
}
