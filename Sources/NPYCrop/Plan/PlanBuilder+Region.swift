extension PlanBuilder {
  /// Adds the axes of a region, and closes the plan.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - padding: The padding outside the array.
  /// - Throws: ``RegionError`` where the region does not fit the array.
  @inline(__always)
  mutating func add(_ region: Region, padding: Padding) throws(RegionError) {
    if let fault = region.fault { throw fault }
    let layout = layout
    let (shape, strides) = (layout.shape, layout.strides)
    let expansion = try region.ellipsisLength(rank: shape.count)
    let isPadded = !padding.isNone
    if isPadded { try padding.check(rank: shape.count) }
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
          append(count: shape[axis], from: 0, step: 1, stride: strides[axis])
          axis += 1
        }
      case .index(let number):
        fix(
          index: try region.convention.index(number, axis: axis, size: shape[axis]),
          ofAxis: axis)
        axis += 1
      case .indices(let numbers):
        var indices: [Int] = []
        indices.reserveCapacity(numbers.count)
        for number in numbers {
          indices.append(try region.convention.index(number, axis: axis, size: shape[axis]))
        }
        append(indices: indices, stride: strides[axis])
        axis += 1
      case .slice(let from, let to, let step):
        let walk = try region.convention.walk(
          from: from, to: to, by: step, axis: axis, size: shape[axis])
        append(count: walk.count, from: walk.start, step: step, stride: strides[axis])
        axis += 1
      }
    }
    while axis < shape.count {
      append(count: shape[axis], from: 0, step: 1, stride: strides[axis])
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
    let (size, stride) = (layout.shape[axis], layout.strides[axis])
    let padded = PaddedAxis(axis: axis, length: size, mode: mode)
    switch selection.form {
    case .newAxis, .ellipsis: break
    case .index(let index):
      switch try padded.source(of: index) {
      case .array: fix(index: index, ofAxis: axis)
      case .image(let image): fixOutside(index: image, ofAxis: axis)
      case .fill: fixOutside(index: nil, ofAxis: axis)
      }
    case .indices(let indices):
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
