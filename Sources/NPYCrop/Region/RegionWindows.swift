/// Boxes of one size: a collection that holds their origins alone.
public struct RegionWindows: RandomAccessCollection, Hashable, Sendable {
  /// The number of elements along each axis.
  public let size: [Int]
  /// The coordinates of all origins, one after the other.
  private let coordinates: [Int]
  /// Where the coordinates of each origin end, where they are not as many as sizes for all.
  private let ends: [Int]?
  /// The number of boxes.
  public let count: Int

  fileprivate init(origins: [[Int]], size: [Int]) {
    self.size = size
    coordinates = origins.flatMap { $0 }
    count = origins.count
    guard !origins.allSatisfy({ $0.count == size.count }) else {
      ends = nil
      return
    }
    var ends: [Int] = []
    for origin in origins { ends.append((ends.last ?? 0) + origin.count) }
    self.ends = ends
  }

  fileprivate init(coordinates: [Int], size: [Int]) {
    self.size = size
    self.coordinates = coordinates
    // What is left over is an origin with too few coordinates; without sizes each has too many.
    let rank = Swift.max(size.count, 1)
    count = coordinates.count / rank + (coordinates.count % rank == 0 ? 0 : 1)
    let isEven = coordinates.count == count * size.count
    ends =
      isEven ? nil : (0..<count).map { Swift.min(($0 + 1) * rank, coordinates.count) }
  }

  /// The first index of all boxes along an axis; nil where an origin has another number of coordinates than there are
  /// sizes.
  func origins(ofAxis axis: Int) -> IndexList? {
    ends == nil ? IndexList(axis: axis, ofRank: size.count, in: coordinates) : nil
  }

  /// The first index of each box along each axis.
  public var origins: [[Int]] { (0..<count).map { origin($0) } }

  /// The first position, 0.
  public var startIndex: Int { 0 }
  /// The position after the last.
  public var endIndex: Int { count }

  /// The box at a position.
  ///
  /// - Precondition: There is such a position: like an array's subscript, this traps.
  public subscript(position: Int) -> Region {
    Region(origin: origin(position), size: size)
  }

  private func origin(_ position: Int) -> [Int] {
    guard let ends else {
      return Array(coordinates[position * size.count..<(position + 1) * size.count])
    }
    return Array(coordinates[(position > 0 ? ends[position - 1] : 0)..<ends[position]])
  }
}

extension Region {
  /// Boxes of one size, for ``CroppableArray/cropRegions(_:)-(RandomAccessCollection<Region>)``.
  ///
  /// - Parameters:
  ///   - origins: The first index of each box along each axis.
  ///   - size: The number of elements along each axis.
  /// - Returns: The boxes, made when they are asked for.
  public static func windows(at origins: [[Int]], size: [Int]) -> RegionWindows {
    RegionWindows(origins: origins, size: size)
  }

  /// Boxes of one size, whose origins stand one after the other in a flat list.
  ///
  /// - Parameters:
  ///   - coordinates: The first index along each axis of the first box, then those of the second, …
  ///   - size: The number of elements along each axis.
  /// - Returns: The boxes, made when they are asked for. If the number of coordinates is no
  ///   multiple of that of sizes, the crop throws a ``RegionError`` for the last box.
  public static func windows(at coordinates: some Collection<Int>, size: [Int]) -> RegionWindows {
    RegionWindows(coordinates: (coordinates as? [Int]) ?? Array(coordinates), size: size)
  }
}

extension RandomAccessCollection where Self == RegionWindows {
  /// Boxes of one size: `array.cropRegions(.windows(at: corners, size: [64, 64]))`.
  ///
  /// - Parameters:
  ///   - origins: The first index of each box along each axis.
  ///   - size: The number of elements along each axis.
  /// - Returns: The boxes, made when they are asked for.
  public static func windows(at origins: [[Int]], size: [Int]) -> RegionWindows {
    Region.windows(at: origins, size: size)
  }

  /// The same with flat origins: `array.cropRegions(.windows(at: [0, 0, 8, 8], size: [64, 64]))`.
  ///
  /// - Parameters:
  ///   - coordinates: As many for each box as there are sizes.
  ///   - size: The number of elements along each axis.
  /// - Returns: The boxes, made when they are asked for.
  public static func windows(at coordinates: some Collection<Int>, size: [Int]) -> RegionWindows {
    Region.windows(at: coordinates, size: size)
  }
}

extension RegionWindows: CustomStringConvertible {
  /// How many boxes of which size.
  public var description: String { "\(count) windows of size \(tupleText(size))" }
}
