extension PlanBuilder {
  /// Adds the axes of a region, and closes the plan.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - padding: The padding outside the array.
  /// - Throws: ``RegionError`` where the region does not fit the array.
  @inline(__always)
  mutating func add(_ region: Region, padding: Padding) throws(RegionError) {
    if !padding.isNone {
      // Before the padding, whose message would speak of another rank.
      if let fault = region.fault { throw fault }
      _ = try region.ellipsisLength(rank: layout.shape.count)
      try padding.check(rank: layout.shape.count)
      self.padding = padding
    }
    if region.isPaired { return try addPaired(region) }
    try add(region, of: layout)
    try finish()
  }
}

extension PlanBuilder: SelectionList {
  @inline(__always)
  mutating func append(count: Int, from start: Int, step: Int, stride: Int, axis: Int?) {
    append(count: count, from: start, step: step, stride: stride)
  }

  mutating func append(
    elements numbers: [Int], in convention: Region.Convention, axis: Int, size: Int, stride: Int
  ) throws(RegionError) {
    if try appendScattered(numbers, axis: axis, convention, padding: .none) { return }
    var indices: [Int] = []
    indices.reserveCapacity(numbers.count)
    for number in numbers {
      indices.append(try convention.index(number, axis: axis, size: size))
    }
    append(indices: indices, stride: stride)
  }

  /// Adds what is selected along an axis that is padded; false where there is nothing to pad.
  @inline(__always)
  mutating func appendPadded(
    _ selection: AxisSelection, axis: Int, size: Int, stride: Int
  ) throws(RegionError) -> Bool {
    guard let padding else { return false }
    return try append(selection, padded: axis, size: size, stride: stride, by: padding)
  }

  private mutating func append(
    _ selection: AxisSelection, padded axis: Int, size: Int, stride: Int, by padding: Padding
  ) throws(RegionError) -> Bool {
    switch selection.form {
    case .newAxis, .ellipsis, .paired, .mask: return false
    case .index, .indices, .slice: break
    }
    let mode = padding.mode(ofAxis: axis)
    guard mode != .none else { return false }
    guard !selection.isEndless else { throw .endlessSlice(axis: axis) }
    let padded = PaddedAxis(axis: axis, length: size, mode: mode)
    switch selection.form {
    case .newAxis, .ellipsis, .paired, .mask: break
    case .index(let index):
      switch try padded.source(of: index) {
      case .array: fix(index: index, stride: stride)
      case .image(let image): fixOutside(index: image, stride: stride, ofAxis: axis)
      case .fill: fixOutside(index: nil, stride: stride, ofAxis: axis)
      }
    case .indices(let indices):
      if try appendScattered(indices, axis: axis, .strict, padding: mode) { return true }
      append(count: indices.count, stride: stride)
      try padded.appendSegments(of: indices, to: &self)
    case .slice(let from, let to, let step):
      let walk = try AxisWalk(from: from, to: to, by: step, axis: axis, size: size)
      append(count: walk.count, stride: stride)
      try padded.appendSegments(of: walk, to: &self)
    }
    return true
  }
}
