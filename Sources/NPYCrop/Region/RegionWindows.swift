/// Boxes of one size: a collection that holds their origins alone.
public struct RegionWindows: RandomAccessCollection, Hashable, Sendable {
  /// The first index of each box along each axis.
  public let origins: [[Int]]
  /// The number of elements along each axis.
  public let size: [Int]

  fileprivate init(origins: [[Int]], size: [Int]) {
    self.origins = origins
    self.size = size
  }

  /// The first position, 0.
  public var startIndex: Int { 0 }
  /// The position after the last.
  public var endIndex: Int { origins.count }

  /// The box at a position.
  ///
  /// - Precondition: There is such a position: like an array's subscript, this traps.
  public subscript(position: Int) -> Region { Region(origin: origins[position], size: size) }
}

extension Region {
  /// Boxes of one size, for ``CroppableArray/cropRegions(_:)``.
  ///
  /// - Parameters:
  ///   - origins: The first index of each box along each axis.
  ///   - size: The number of elements along each axis.
  /// - Returns: The boxes, made when they are asked for.
  public static func windows(at origins: [[Int]], size: [Int]) -> RegionWindows {
    RegionWindows(origins: origins, size: size)
  }
}
