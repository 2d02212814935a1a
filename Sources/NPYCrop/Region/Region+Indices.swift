// What the numbers of a region name along an axis of so many elements (`Bounds`, 3).

extension Region {
  /// How many axes an ellipsis stands for; checks that the array has as many as are selected.
  @inline(__always)
  func ellipsisLength(rank: Int) throws(RegionError) -> Int {
    guard ellipsisCount <= 1 else { throw .severalEllipses }
    guard selectedCount <= rank else {
      throw .tooManyAxes(selected: selectedCount, available: rank)
    }
    return rank &- selectedCount
  }
}

extension Region.Convention {
  /// The index from the start of the axis that a number names.
  func index(_ number: Int, axis: Int, size: Int) throws(RegionError) -> Int {
    // A negative number and one that is not have a sum.
    let index = self == .numpy && number < 0 ? number + size : number
    guard index >= 0, index < size else {
      throw .indexOutOfRange(axis: axis, index: number, size: size)
    }
    return index
  }

  /// Where a slice starts and how many elements it takes.
  func walk(
    from: Int?, to: Int?, by step: Int, axis: Int, size: Int
  ) throws(RegionError) -> (start: Int, count: Int) {
    guard step != 0 else { throw .zeroStep(axis: axis) }
    let isForward = step > 0
    // The bounds of a start and of an end: going backwards, "before the first" is -1.
    let lowest = isForward ? 0 : -1
    let highest = isForward ? size : size - 1
    var start = isForward ? lowest : highest
    var end = isForward ? highest : lowest
    switch self {
    case .numpy:
      // As with an index, these sums are of different signs.
      if let from { start = min(max(from < 0 ? from + size : from, lowest), highest) }
      if let to { end = min(max(to < 0 ? to + size : to, lowest), highest) }
    case .strict:
      // Each end that is given must be an index, or the place just after the last one.
      let isInside =
        (from.map { $0 >= 0 && $0 <= max(highest, 0) } ?? true)
        && (to.map { $0 >= 0 && $0 <= size } ?? true)
      guard isInside else {
        throw .sliceOutOfRange(axis: axis, from: from, to: to, step: step, size: size)
      }
      if let from { start = min(from, highest) }
      if let to { end = to }
    }
    // Both are from -1 to the size, and backwards the start is less than that.
    let distance = isForward ? end - start : start - end
    guard distance > 0 else { return (max(start, 0), 0) }
    // `magnitude` is right even for Int.min, whose negation is no Int.
    return (start, Int(UInt(distance - 1) / step.magnitude) + 1)
  }
}
