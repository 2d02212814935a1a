import Testing

@testable import NPYCrop

@Suite struct RegionAlgebraTests {
  private func box(_ origin: [Int], _ size: [Int]) -> Region { Region(origin: origin, size: size) }

  /// Boxes of one axis around each other in every way, empty ones among them.
  private static let boxes = [-3, 0, 2, 5].flatMap { start in
    [0, 1, 3, 6].map { Region(origin: [start], size: [$0]) }
  }

  private func members(_ region: Region) throws -> Set<Int> {
    Set(try (-20..<20).filter { try region.contains([$0]) })
  }

  @Test func `an intersection has what both have, a union at least what either has`() throws {
    for first in Self.boxes {
      for second in Self.boxes {
        let (mine, others) = (try members(first), try members(second))
        #expect(try members(first.intersection(second)) == mine.intersection(others))
        let union = try members(first.union(second))
        #expect(union.isSuperset(of: mine.union(others)))
        // The smallest: its ends are those of one or the other.
        #expect(union.min() == mine.union(others).min())
        #expect(union.max() == mine.union(others).max())
        #expect(try first.contains(second) == others.isSubset(of: mine))
      }
    }
  }

  @Test func `a box is moved, grown and shrunk along each axis`() throws {
    let region = box([10, 20], [4, 6])
    #expect(try region.translated(by: [-12, 5]) == box([-2, 25], [4, 6]))
    #expect(try region.expanded(by: [1, 2]) == box([9, 18], [6, 10]))
    #expect(try region.expanded(by: 3) == box([7, 17], [10, 12]))
    #expect(try region.inset(by: [2, 1]) == box([12, 21], [0, 4]))
    #expect(try region.inset(by: -1) == region.expanded(by: 1))
    #expect(region.origin == [10, 20])
    #expect(region.size == [4, 6])
    #expect(
      throws: RegionError.invalidSize(axis: 0, origin: 13, size: -2)
    ) { try region.inset(by: [3, 0]) }
  }

  @Test func `a center is in the middle, or the second of two`() {
    #expect(Region(center: [10, 10], size: [3, 4]) == box([9, 8], [3, 4]))
    #expect(Region(center: [0], size: [0]) == box([0], [0]))
    #expect(Region(center: [1, 2], size: [3]).fault == .rankMismatch(origin: 2, size: 1))
    #expect(Region(center: [5], size: [-4]).fault == .invalidSize(axis: 0, origin: 7, size: -4))
    #expect(Region(center: [.min], size: [4]).fault == .invalidSize(axis: 0, origin: .min, size: 4))
  }

  @Test func `an aligned box is the smallest with its ends on the lines`() throws {
    for start in -9..<9 {
      for count in 0..<9 {
        let aligned = try box([start], [count]).aligned(to: [4])
        let (origin, size) = (try #require(aligned.origin?[0]), try #require(aligned.size?[0]))
        #expect(origin % 4 == 0 && size % 4 == 0)
        #expect(origin <= start && start - origin < 4)
        #expect(origin + size >= start + count && origin + size - (start + count) < 4)
      }
    }
    #expect(throws: RegionError.invalidAlignment(axis: 1, alignment: 0)) {
      try box([0, 0], [1, 1]).aligned(to: [1, 0])
    }
  }

  @Test func `a clipped region takes the places that are inside, and is a crop without padding`()
    throws
  {
    for step in [-7, -3, -2, -1, 1, 2, 3, 7] {
      for from in -9..<16 {
        for to in -9..<16 {
          let region: Region = [.slice(from: from, to: to, by: step)]
          let inside = stride(from: from, to: to, by: step).filter { (0..<6).contains($0) }
          let clipped = try region.clipped(to: [6])
          #expect(try indices(clipped, 6) == inside, "\(region)")
        }
      }
    }
    let list: Region = [.indices([-1, 3, 9, 0])]
    #expect(try indices(list.clipped(to: [6]), 6) == [3, 0])
    #expect(try indices(Region.all.clipped(to: [6]), 6) == Array(0..<6))
    let beyond: Region = [20..<30, -9 ..< -3]
    #expect(try beyond.clipped(to: [6, 6]) == [6..<6, 0..<0])
    #expect(try beyond.clipped(to: [6, 6]).isEmpty && !beyond.isEmpty)
    #expect(try ([0..<Int.max] as Region).clipped(to: [6]) == [0..<6])
    #expect(try ([Int.min..<4] as Region).clipped(to: [6]) == [0..<4])
    #expect(try Region(numpy: "-2:99").clipped(to: [6]) == [.slice(from: 4, to: 6)])
    let mixed: Region = [.ellipsis, .newAxis, -4..<2]
    #expect(try mixed.clipped(to: [3, 3]) == [.ellipsis, .newAxis, 0..<2])
    #expect(throws: RegionError.indexOutOfRange(axis: 0, index: 7, size: 6)) {
      try ([7] as Region).clipped(to: [6])
    }
    #expect(throws: RegionError.tooManyAxes(selected: 2, available: 1)) {
      try ([0..<1, 0..<1] as Region).clipped(to: [6])
    }
  }

  /// The indices that a region takes of an axis.
  private func indices(_ region: Region, _ size: Int) throws -> [Int] {
    let layout = ArrayLayout(
      try NPYHeader(
        version: nil, headerOffset: 0, dataOffset: 0, elementType: .uint8, shape: [size], order: .c)
    )
    let plan = try CropPlan(region, of: layout, order: .c)
    return plan.segments(ofAxis: 0).flatMap { segment in
      (0..<segment.count).map { segment.sourceStart + $0 * segment.sourceStep }
    }
  }

  @Test func `regions that are no boxes, or of other axes, are errors`() throws {
    let region = box([0, 0], [2, 2])
    for other in [
      [.slice(by: 2), 0..<2], [1, 0..<2], [.ellipsis], [0..., 0..<2], [.newAxis],
      try Region(numpy: "-3:2, 0:2"),
    ] as [Region] {
      #expect(throws: RegionError.notABox(text: other.description)) { try region.union(other) }
      #expect(other.origin == nil && other.size == nil)
    }
    #expect(throws: RegionError.ranksDiffer(region: 2, other: 1)) {
      try region.intersection(box([0], [1]))
    }
    #expect(throws: RegionError.ranksDiffer(region: 2, other: 3)) {
      try region.contains([0, 0, 0])
    }
    #expect(throws: RegionError.ranksDiffer(region: 2, other: 1)) { try region.inset(by: [1]) }
    let faulty = Region(origin: [0], size: [-1])
    #expect(throws: RegionError.invalidSize(axis: 0, origin: 0, size: -1)) {
      try faulty.translated(by: [1])
    }
  }

  @Test func `a sum that cannot be counted is an error that says of which box`() {
    #expect(throws: RegionError.invalidSize(axis: 0, origin: Int.max - 3, size: 2)) {
      try box([Int.max - 3], [2]).translated(by: [2])
    }
  }
}
