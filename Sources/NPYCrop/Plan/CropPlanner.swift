extension CropPlan {
  /// Plans the copy of a region out of an array of a layout: the only place where a region's
  /// numbers are checked against an array.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - layout: The array.
  ///   - order: The order of the result.
  ///   - padding: What stands outside the array.
  ///   - fill: The values among that, of the result's type.
  ///   - conversion: What the elements become.
  /// - Throws: ``RegionError`` where the region does not fit the array.
  @inline(__always)
  init(
    _ region: Region, of layout: ArrayLayout, order: MemoryOrder, padding: Padding = .none,
    fill: Fill = .zero, conversion: Conversion? = nil
  ) throws(RegionError) {
    if let fault = region.fault { throw fault }
    let expansion = try Self.ellipsisLength(of: region, rank: layout.shape.count)
    let isPadded = !padding.isNone
    if isPadded { try padding.check(rank: layout.shape.count) }
    self.init(layout: layout, order: order, fill: fill, conversion: conversion)
    var axis = 0
    for selection in region.selections {
      if isPadded, try append(selection, padded: axis, by: padding) {
        axis += 1
        continue
      }
      switch selection.form {
      case .newAxis:
        append(count: 1, from: 0, step: 0, stride: 0)
      case .ellipsis:
        for _ in 0..<expansion {
          append(count: layout.shape[axis], from: 0, step: 1, stride: layout.strides[axis])
          axis += 1
        }
      case .index(let index):
        let index = try Self.resolved(index, axis, size: layout.shape[axis], region.convention)
        fix(index: index, stride: layout.strides[axis])
        axis += 1
      case .indices(let indices):
        var resolved: [Int] = []
        resolved.reserveCapacity(indices.count)
        for index in indices {
          resolved.append(
            try Self.resolved(index, axis, size: layout.shape[axis], region.convention))
        }
        append(indices: resolved, stride: layout.strides[axis])
        axis += 1
      case .slice(let from, let to, let step):
        let walk = try Self.walk(
          from: from, to: to, by: step, axis: axis, size: layout.shape[axis],
          convention: region.convention)
        append(count: walk.count, from: walk.start, step: step, stride: layout.strides[axis])
        axis += 1
      }
    }
    while axis < layout.shape.count {
      append(count: layout.shape[axis], from: 0, step: 1, stride: layout.strides[axis])
      axis += 1
    }
    try finish()
  }

  /// Adds what is selected along an axis that is padded; false where there is nothing to pad.
  private mutating func append(
    _ selection: AxisSelection, padded axis: Int, by padding: Padding
  ) throws(RegionError) -> Bool {
    switch selection.form {
    case .newAxis, .ellipsis: return false
    case .index, .indices, .slice: break
    }
    let mode = padding.mode(ofAxis: axis)
    guard mode != .none else { return false }
    guard !selection.isEndless else { throw .endlessSlice(axis: axis) }
    let size = layout.shape[axis]
    switch selection.form {
    case .newAxis, .ellipsis: break
    case .index(let index): try fix(padded: axis, mode: mode, index: index)
    case .indices(let indices): try append(padded: axis, mode: mode, indices: indices)
    case .slice(let from, let to, let step):
      let walk = try AxisWalk(from: from, to: to, by: step, axis: axis, size: size)
      try append(padded: axis, mode: mode, walk)
    }
    return true
  }

  /// How many axes an ellipsis stands for; checks that the array has as many as are selected.
  static func ellipsisLength(
    of region: Region, rank: Int
  ) throws(RegionError) -> Int {
    var selected = 0
    var ellipses = 0
    for selection in region.selections {
      switch selection.form {
      case .newAxis: break
      case .ellipsis: ellipses += 1
      case .index, .indices, .slice: selected += 1
      }
    }
    guard ellipses <= 1 else { throw .severalEllipses }
    guard selected <= rank else { throw .tooManyAxes(selected: selected, available: rank) }
    return rank - selected
  }

  static func resolved(
    _ index: Int, _ axis: Int, size: Int, _ convention: Region.Convention
  ) throws(RegionError) -> Int {
    // A negative number and one that is not have a sum.
    let resolved = convention == .numpy && index < 0 ? index + size : index
    guard resolved >= 0, resolved < size else {
      throw .indexOutOfRange(axis: axis, index: index, size: size)
    }
    return resolved
  }

  /// Where a slice starts and how many elements it takes.
  static func walk(
    from: Int?, to: Int?, by step: Int, axis: Int, size: Int, convention: Region.Convention
  ) throws(RegionError) -> (start: Int, count: Int) {
    guard step != 0 else { throw .zeroStep(axis: axis) }
    let isForward = step > 0
    // The bounds of a start and of an end: going backwards, "before the first" is -1.
    let lowest = isForward ? 0 : -1
    let highest = isForward ? size : size - 1
    var start = isForward ? lowest : highest
    var end = isForward ? highest : lowest
    switch convention {
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
