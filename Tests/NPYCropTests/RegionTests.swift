import Testing

@testable import NPYCrop

@Suite struct RegionTests {
  private func plan(_ region: Region, _ shape: [Int]) throws(RegionError) -> CropPlan {
    let header: NPYHeader
    do {
      header = try NPYHeader(
        version: nil, headerOffset: 0, dataOffset: 0, elementType: .int8, shape: shape, order: .c)
    } catch {
      Issue.record("\(error)")
      throw .severalEllipses
    }
    return try CropPlan(region, of: ArrayLayout(header), order: .c)
  }

  @Test func `every way to write a range says the same`() throws {
    let expected = try plan([2..<5], [8])
    #expect(try plan([2...4], [8]) == expected)
    #expect(try plan([.slice(from: 2, to: 5)], [8]) == expected)
    #expect(try plan(Region(origin: [2], size: [3]), [8]) == expected)
    #expect(try plan(Region(numpy: "2:5"), [8]) == expected)
    #expect(try plan([...3], [8]).shape == [4])
    #expect(try plan([..<3], [8]).shape == [3])
    #expect(try plan([3...], [8]).shape == [5])
    #expect(try plan([.all], [8]).shape == [8])
  }

  @Test func `axes that are not mentioned are taken whole`() throws {
    #expect(try plan([1], [2, 3, 4]).shape == [3, 4])
    #expect(try plan([.ellipsis, 1], [2, 3, 4]).shape == [2, 3])
    #expect(try plan([], [2, 3]).shape == [2, 3])
    #expect(try plan([0, .ellipsis, 0], [2, 3]).shape == [])
    #expect(try plan([.newAxis], []).shape == [1])
  }

  @Test func `strict ranges outside the array are errors that say axis, range and size`() {
    #expect(
      throws: RegionError.sliceOutOfRange(axis: 1, from: 0, to: 4, step: 1, size: 3)
    ) { try plan([0..<2, 0..<4], [2, 3]) }
    for region: Region in [
      [-1..<2], [0..<9], [9..<9], [.slice(from: 8, by: -1)], [.slice(from: -1, by: -1)],
      [.slice(to: -1)], [0...Int.max], [...Int.max], [Int.max...],
    ] {
      #expect(throws: RegionError.self, "\(region)") { try plan(region, [8]) }
    }
    #expect(throws: RegionError.indexOutOfRange(axis: 0, index: 8, size: 8)) { try plan([8], [8]) }
    #expect(throws: RegionError.indexOutOfRange(axis: 0, index: -1, size: 8)) {
      try plan([-1], [8])
    }
    #expect(throws: RegionError.indexOutOfRange(axis: 0, index: 9, size: 8)) {
      try plan([.indices([1, 9])], [8])
    }
    #expect(throws: RegionError.indexOutOfRange(axis: 0, index: 0, size: 0)) { try plan([0], [0]) }
  }

  @Test func `strict ranges may end where the array ends`() throws {
    #expect(try plan([8..<8], [8]).shape == [0])
    #expect(try plan([0..<8], [8]).shape == [8])
    #expect(try plan([0..<0], [0]).shape == [0])
    #expect(try plan([.slice(from: 7, to: 0, by: -1)], [8]).shape == [7])
    #expect(try plan([.slice(by: -1)], [0]).shape == [0])
    #expect(try plan([.slice(from: 5, to: 2)], [8]).shape == [0])
  }

  @Test func `steps of any size stay within the axis`() throws {
    for step in [1, 2, 7, 8, 9, Int.max] {
      #expect(try plan([.slice(by: step)], [8]).shape == [7 / step + 1])
      #expect(try plan([.slice(by: -step)], [8]).shape == [7 / step + 1])
    }
    #expect(try plan([.slice(by: .min)], [8]).shape == [1])
    #expect(throws: RegionError.zeroStep(axis: 0)) { try plan([.slice(by: 0)], [8]) }
  }

  @Test func `numbers that make no region are errors of the crop, not traps`() {
    #expect(throws: RegionError.rankMismatch(origin: 2, size: 1)) {
      try plan(Region(origin: [0, 0], size: [1]), [8, 8])
    }
    #expect(throws: RegionError.invalidSize(axis: 0, origin: 3, size: -1)) {
      try plan(Region(origin: [3], size: [-1]), [8])
    }
    #expect(throws: RegionError.invalidSize(axis: 0, origin: .max, size: 1)) {
      try plan(Region(origin: [.max], size: [1]), [8])
    }
    #expect(throws: RegionError.tooManyAxes(selected: 3, available: 2)) {
      try plan([0, 0, 0], [8, 8])
    }
    #expect(throws: RegionError.severalEllipses) { try plan([.ellipsis, .ellipsis], [8, 8]) }
    #expect(throws: RegionError.tooManyResultAxes(count: 65, limit: 64)) {
      try plan(Region([AxisSelection](repeating: .newAxis, count: 64)), [8])
    }
  }

  @Test func `a result that cannot be counted is an error`() {
    let repeats = AxisSelection.indices([Int](repeating: 0, count: 1 << 11))
    let error = #expect(throws: RegionError.self) {
      try plan([repeats, repeats, repeats, repeats, repeats, repeats], [1, 1, 1, 1, 1, 1])
    }
    guard case .resultTooBig = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `a region prints as the NumPy text that means it`() throws {
    let region: Region = [5, .ellipsis, 2..<4, .slice(by: -2), .newAxis, .indices([1, 2])]
    #expect(region.description == "5, ..., 2:4, ::-2, newaxis, [1, 2]")
    #expect(Region.all.description == "...")
    #expect(Region([]).description == "()")
  }
}
