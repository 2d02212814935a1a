/// Which elements of a result are those of the array that the region names, and do not stand for
/// places outside: a product of ranges along the axes, as the result itself.
enum Validity: Hashable, Sendable {
  case whole
  /// Of each axis the ranges of such indices in ascending order, with others between them. Several
  /// where a list of indices goes in and out of the array: so they are never more than a list had.
  case part([[Range<Int>]])
  /// The same where several axes belong to one list: for each of its elements whether it is one of the array's own, in
  /// the order of the result, and the ranges of the other axes.
  indirect case list(axes: Range<Int>, own: [Bool], order: MemoryOrder, others: [[Range<Int>]])
  case none

  /// The part as a region of the result; nil where there are no such elements.
  func region(shape: [Int]) -> Region? {
    switch self {
    case .none: nil
    case .part(let axes): Region(axes.map { Self.selection($0) })
    case .list(let list, let own, let order, let others):
      Region(
        others[..<list.lowerBound].map { Self.selection($0) }
          + [.mask(Self.flags(own, shape: Array(shape[list]), order), shape: Array(shape[list]))]
          + others[list.upperBound...].map { Self.selection($0) })
    case .whole:
      shape.contains(0) ? nil : Region(origin: shape.map { _ in 0 }, size: shape)
    }
  }

  /// The flags of a list in C order.
  private static func flags(_ own: [Bool], shape: [Int], _ order: MemoryOrder) -> [Bool] {
    guard order == .fortran else { return own }
    return own.indices.map { place in
      var (rest, target, stride) = (place, 0, own.count)
      for length in shape.reversed() {
        stride /= length
        target += rest % length * stride
        rest /= length
      }
      return own[target]
    }
  }

  /// The ranges of the flags that are true, in ascending order.
  static func ranges(of flags: [Bool]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for (index, flag) in flags.enumerated() where flag {
      if let last = ranges.last, last.upperBound == index {
        ranges[ranges.count - 1] = last.lowerBound..<index + 1
      } else {
        ranges.append(index..<index + 1)
      }
    }
    return ranges
  }

  private static func selection(_ ranges: [Range<Int>]) -> AxisSelection {
    guard ranges.count == 1, let range = ranges.first else {
      return .indices(ranges.flatMap { Array($0) })
    }
    return range.axisSelection
  }
}
