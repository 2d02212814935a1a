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
    var slice = LayoutSliceBuilder(start: offset)
    try slice.add(region, of: self)
    let (lengths, steps) = (slice.lengths, slice.steps)
    guard lengths.count <= mostAxes else {
      throw .tooManyResultAxes(count: lengths.count, limit: mostAxes)
    }
    return LayoutSlice(
      layout: ArrayLayout(shape: lengths, strides: steps, itemSize: itemSize, offset: slice.start),
      axes: slice.axes)
  }
}

/// The axes of a slice while its region is added.
private struct LayoutSliceBuilder: SelectionList {
  var start: Int
  var lengths: [Int] = []
  var steps: [Int] = []
  var axes: [Int?] = []

  init(start: Int) { self.start = start }

  mutating func fix(index: Int, stride: Int) {
    // An index of the array times its stride (`Bounds`, 3), as below.
    start &+= index &* stride
  }

  mutating func append(count: Int, from index: Int, step: Int, stride: Int, axis: Int?) {
    lengths.append(count)
    // The step of a single element may be any number.
    steps.append(count > 1 ? stride &* step : stride)
    if count > 0 { start &+= index &* stride }
    axes.append(axis)
  }

  mutating func append(
    elements: [Int], in convention: Region.Convention, axis: Int, size: Int, stride: Int
  ) throws(RegionError) {
    throw .listInSlice(axis: axis)
  }
}
