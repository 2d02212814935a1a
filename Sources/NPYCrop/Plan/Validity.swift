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

extension CropPlan {
  /// The part of the result that is the array's own, as a region of the result; the rest is padding.
  ///
  /// Nil where nothing is the array's own.
  public var validRegion: Region? { piece.validity.region(shape: windowShape) }
}

extension Piece {
  /// Which elements are the array's own.
  var validity: Validity {
    if isFixedOutside { return .none }
    var isWhole = true
    for index in 0..<segments.count where segments[index].origin != .array { isWhole = false }
    guard !isWhole else { return .whole }
    guard elementCount > 0 else { return .none }
    var axes: [[Range<Int>]] = []
    for axis in 0..<self.axes.count {
      let ranges = ownRanges(ofAxis: axis)
      guard !ranges.isEmpty else { return .none }
      axes.append(ranges)
    }
    return .part(axes)
  }

  /// The indices of an axis that are the array's own, neighbours joined.
  private func ownRanges(ofAxis axis: Int) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for index in segmentRange(ofAxis: axis) where segments[index].origin == .array {
      let segment = segments[index]
      if let last = ranges.last, last.upperBound == segment.outputStart {
        ranges[ranges.count - 1] = last.lowerBound..<segment.outputEnd
      } else {
        ranges.append(segment.outputStart..<segment.outputEnd)
      }
    }
    return ranges
  }
}
