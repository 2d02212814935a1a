/// Which elements of a result are those of the array that the region names, and do not stand for
/// places outside: a product of ranges along the axes, as the result itself.
enum Validity: Hashable, Sendable {
  case whole
  /// Of each axis the ranges of such indices in ascending order, with others between them. Several
  /// where a list of indices goes in and out of the array: so they are never more than a list had.
  case part([[Range<Int>]])
  case none

  /// The part as a region of the result; nil where there are no such elements.
  func region(shape: [Int]) -> Region? {
    switch self {
    case .none: nil
    case .part(let axes): Region(axes.map { Self.selection($0) })
    case .whole:
      shape.contains(0) ? nil : Region(origin: shape.map { _ in 0 }, size: shape)
    }
  }

  private static func selection(_ ranges: [Range<Int>]) -> AxisSelection {
    guard ranges.count == 1, let range = ranges.first else {
      return .indices(ranges.flatMap { Array($0) })
    }
    return range.axisSelection
  }
}
