/// The elements of an array that a slice of it has.
struct LayoutSlice {
  let layout: ArrayLayout
  /// For each axis of the slice the array's axis that it is a part of; nil for one that is new.
  let axes: [Int?]
}

extension ArrayLayout {
  /// The elements that a region takes, which lie evenly spaced along each axis.
  ///
  /// - Parameter region: Slices and indices; no lists of indices.
  /// - Returns: A layout whose axes are those of the region's result.
  /// - Throws: ``RegionError`` where the region does not fit, or has a list.
  func slice(_ region: Region) throws(RegionError) -> LayoutSlice {
    if let fault = region.fault { throw fault }
    let expansion = try region.ellipsisLength(rank: shape.count)
    var (lengths, steps): ([Int], [Int]) = ([], [])
    var axes: [Int?] = []
    var start = offset
    var axis = 0
    for selection in region.selections {
      switch selection.form {
      case .newAxis:
        lengths.append(1)
        steps.append(0)
        axes.append(nil)
      case .ellipsis:
        lengths += shape[axis..<axis + expansion]
        steps += strides[axis..<axis + expansion]
        axes += (axis..<axis + expansion).map { $0 }
        axis += expansion
      case .index(let number):
        // An index of the array times its stride (`Bounds`, 3), as below.
        start &+=
          try region.convention.index(number, axis: axis, size: shape[axis]) &* strides[axis]
        axis += 1
      case .indices:
        throw .listInSlice(axis: axis)
      case .slice(let from, let to, let step):
        let walk = try region.convention.walk(
          from: from, to: to, by: step, axis: axis, size: shape[axis])
        lengths.append(walk.count)
        // The step of a single element may be any number.
        steps.append(walk.count > 1 ? strides[axis] &* step : strides[axis])
        if walk.count > 0 { start &+= walk.start &* strides[axis] }
        axes.append(axis)
        axis += 1
      }
    }
    lengths += shape[axis...]
    steps += strides[axis...]
    axes += (axis..<shape.count).map { $0 }
    guard lengths.count <= mostAxes else {
      throw .tooManyResultAxes(count: lengths.count, limit: mostAxes)
    }
    return LayoutSlice(
      layout: ArrayLayout(shape: lengths, strides: steps, itemSize: itemSize, offset: start),
      axes: axes)
  }
}
