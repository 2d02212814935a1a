import Testing

@testable import NPYCrop

@Suite struct RegionGridTests {
  @Test(arguments: [RegionGrid.Edge.shifted, .padded, .partial])
  func `windows written back to their places are the array`(edge: RegionGrid.Edge) throws {
    let folder = try TemporaryFolder()
    var random = SeededRandom(state: 7)
    for _ in 0..<200 {
      let rank = Int.random(in: 0...4, using: &random)
      let longest = [1, 40, 12, 7, 5][rank]
      let shape = (0..<rank).map { _ in Int.random(in: 0...longest, using: &random) }
      let size = (0..<rank).map { _ in Int.random(in: 1...longest + 2, using: &random) }
      let step = size.map { Int.random(in: 1...$0, using: &random) }
      let data = patternBytes(shape.reduce(1, *))
      let array = try NPYArray(
        path: folder.file(
          "a.npy",
          npyBytes(header: headerText(descr: "'|u1'", shape: tupleText(shape)), data: data)))
      let grid = try Region.grid(over: shape, size: size, step: step, edge: edge)
      #expect(grid.count == grid.counts.reduce(1, *))
      var copy = [UInt8](repeating: 0, count: data.count)
      for window in grid {
        let crop = try array.cropRegion(
          window, as: UInt8.self, padding: edge == .padded ? .constant : .none)
        try write(crop, of: window, to: &copy, shape: shape)
      }
      #expect(copy == data, "\(shape) in windows of \(size), step \(step)")
    }
  }

  /// Puts the elements of a window that are the array's own in their places.
  private func write(
    _ crop: Crop<UInt8>, of window: Region, to copy: inout [UInt8], shape: [Int]
  ) throws {
    let origin = try #require(window.origin)
    let isOwn = try crop.validMask()
    for (place, element) in crop.elements.enumerated() where isOwn[place] {
      var (rest, stride, target) = (place, 1, 0)
      for axis in shape.indices.reversed() {
        target += (origin[axis] + rest % crop.shape[axis]) * stride
        rest /= crop.shape[axis]
        stride *= shape[axis]
      }
      copy[target] = element
    }
  }

  @Test(arguments: [RegionGrid.Edge.shifted, .padded, .partial, .dropped])
  func `axes that have no size are taken whole`(edge: RegionGrid.Edge) throws {
    let short = try Region.grid(over: [100, 70, 3], size: [32, 16], step: [20], edge: edge)
    let long = try Region.grid(
      over: [100, 70, 3], size: [32, 16, 3], step: [20, 16, 3], edge: edge)
    #expect(short == long)
    #expect(Array(short) == Array(long))
    let none = try Region.grid(over: [4, 0], size: [2], edge: edge)
    #expect(none.isEmpty)
    #expect(Array(try Region.grid(over: [4, 5], size: [], edge: edge)) == [[0..<4, 0..<5]])
  }

  @Test func `windows of every edge but partial have one shape, and only padded ones leave`() throws
  {
    var random = SeededRandom(state: 3)
    for _ in 0..<200 {
      let shape = (0..<2).map { _ in Int.random(in: 1...20, using: &random) }
      let size = (0..<2).map { _ in Int.random(in: 1...9, using: &random) }
      let step = size.map { Int.random(in: 1...$0, using: &random) }
      let whole = Region(origin: [0, 0], size: shape)
      for edge in [RegionGrid.Edge.shifted, .padded, .partial, .dropped] {
        let grid = try Region.grid(over: shape, size: size, step: step, edge: edge)
        for window in grid {
          switch edge {
          case .shifted: #expect(window.size == zip(size, shape).map(min))
          case .partial: break
          default: #expect(window.size == size)
          }
          let isInside = try whole.contains(window)
          #expect(edge == .padded || isInside)
          // No window is outside as a whole.
          #expect(try window.intersection(whole).size?.contains(0) == false)
        }
      }
    }
  }

  @Test func `windows follow each other by the step, the last axis fastest`() throws {
    let grid = try Region.grid(over: [5, 7], size: [3, 4], step: [3, 2], edge: .dropped)
    #expect(grid.counts == [1, 2])
    #expect(Array(grid) == [[0..<3, 0..<4], [0..<3, 2..<6]])
    let padded = try Region.grid(over: [5, 7], size: [3, 4], edge: .padded)
    #expect(Array(padded) == [[0..<3, 0..<4], [0..<3, 4..<8], [3..<6, 0..<4], [3..<6, 4..<8]])
    let shifted = try Region.grid(over: [5], size: [3])
    #expect(Array(shifted) == [[0..<3], [2..<5]])
    let partial = try Region.grid(over: [5], size: [3], edge: .partial)
    #expect(Array(partial) == [[0..<3], [3..<5]])
    // Gaps are for grids that may leave elements out.
    let sparse = try Region.grid(over: [10], size: [2], step: [5], edge: .dropped)
    #expect(Array(sparse) == [[0..<2], [5..<7]])
  }

  @Test func `a grid of as many windows as can be counted is made at once`() throws {
    let grid = try Region.grid(over: [1 << 31, 1 << 31], size: [1, 1])
    #expect(grid.count == 1 << 62)
    let last = try #require(grid.last)
    #expect(last == Region(origin: [(1 << 31) - 1, (1 << 31) - 1], size: [1, 1]))
    #expect(grid[grid.index(grid.startIndex, offsetBy: 1 << 31)] == [1..<2, 0..<1])
  }

  @Test func `numbers that make no grid are errors`() throws {
    func fault(
      _ shape: [Int], _ size: [Int], _ step: [Int]? = nil, _ edge: RegionGrid.Edge = .shifted
    ) -> RegionError? {
      #expect(throws: RegionError.self) {
        try Region.grid(over: shape, size: size, step: step, edge: edge)
      }
    }
    #expect(fault([4], [2, 2]) == .ranksDiffer(region: 1, other: 2))
    #expect(fault([4], [2], [1, 1]) == .ranksDiffer(region: 1, other: 2))
    #expect(fault([4], [0]) == .gridSize(axis: 0, size: 0, length: 4))
    #expect(fault([-4], [1]) == .gridSize(axis: 0, size: 1, length: -4))
    #expect(fault([4], [2], [3]) == .gridStep(axis: 0, step: 3, size: 2))
    #expect(fault([4], [2], [0], .dropped) == .gridStep(axis: 0, step: 0, size: 2))
    #expect(
      fault([1 << 40, 1 << 40], [1, 1]) == .gridTooBig(counts: [1 << 40, 1 << 40]))
    // The last window would end at 2^63; where it is moved back or cut it does not.
    #expect(
      fault([.max], [2], nil, .padded) == .invalidSize(axis: 0, origin: .max - 1, size: 2))
    let half = 1 << 62
    #expect(
      try Region.grid(over: [.max], size: [half]).last == [.slice(from: half - 1, to: .max)])
    #expect(
      try Region.grid(over: [.max], size: [half], edge: .partial).last
        == [.slice(from: half, to: .max)])
  }

  @Test func `a position that a grid does not have is a window outside the array`() throws {
    for shape in [[0], [3], [0, 4], [4, 0], [3, 4], [7, 1, 5], [Int.max - 1]] {
      for edge in [RegionGrid.Edge.shifted, .padded, .partial, .dropped] {
        let grid = try Region.grid(over: shape, size: shape.map { _ in 2 }, edge: edge)
        for position in [-5, -1, grid.count, grid.count &+ 7, Int.max, Int.min] {
          let ranges = try #require(grid[position].ranges)
          #expect(
            zip(ranges, shape).contains { $0.lowerBound < 0 || $0.upperBound > $1 },
            "\(shape) \(edge) \(position)")
        }
      }
    }
    // Without axes there is nothing outside.
    let point = try Region.grid(over: [], size: [])
    for position in [Int.min, -1, 0, 1, Int.max] { #expect(point[position] == []) }
  }
}
