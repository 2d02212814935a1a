extension RegionError: CustomStringConvertible {
  /// What was asked, what there is and what to do.
  public var description: String {
    switch self {
    case .indexOutOfRange(let axis, let index, let size):
      return "index \(index) is out of range for axis \(axis) with size \(size)"
        + (index < 0 && index.magnitude <= size.magnitude
          ? "; only NumPy text counts from the end" : "")
    case .sliceOutOfRange(let axis, let from, let to, let step, let size):
      let slice = AxisSelection(.slice(from: from, to: to, by: step))
      return "slice \(slice) reaches outside axis \(axis) with size \(size); "
        + "use padding to allow this or clipped(to:) to clip it; "
        + "only NumPy text clamps slices and counts from the end"
    case .zeroStep(let axis):
      return "the slice of axis \(axis) has step 0; a step is 1 or more, or -1 or less"
    case .tooManyAxes(let selected, let available):
      return "too many indices: the array has \(counted(available)), the region selects \(selected)"
    case .severalEllipses:
      return "a region can have only one ellipsis (...)"
    case .rankMismatch(let origin, let size):
      return "the origin has \(counted(origin)) and the size has \(size); both need the same number"
    case .invalidSize(let axis, let origin, let size):
      return "size \(size) from origin \(origin) on axis \(axis); "
        + "a size must be 0 or more, and both ends must be within the range of Int"
    case .paddingRank(let modes, let axes):
      return
        "\(modes) padding modes for an array of \(counted(axes)); give one mode for all or one per axis"
    case .emptyAxisPadding(let axis):
      return "axis \(axis) has no elements to pad with; only 'constant' pads an empty axis"
    case .placeTooFar(let axis, let place):
      return
        "coordinate \(place) on axis \(axis) is too far outside; padding reaches at most 2^61 elements"
    case .endlessSlice(let axis):
      return "the slice of axis \(axis) ends too far outside; padding reaches at most 2^61 elements"
    case .tooScattered(let axis, let limit):
      return "with this step, the padding of axis \(axis) needs more than \(limit) segments; "
        + "use a smaller step, or crop the region in parts"
    case .ranksDiffer(let region, let other):
      return "one number or range per axis is needed, but there are \(other) for \(counted(region))"
    case .notABox(let text):
      return
        "region '\(text.prefix(60))' is not a box; a box has one range per axis, with both ends, "
        + "step 1 and no negative NumPy index"
    case .invalidAlignment(let axis, let alignment):
      return "alignment \(alignment) on axis \(axis) must be 1 or more"
    case .gridStep(let axis, let step, let size):
      return "grid step \(step) on axis \(axis) is out of range for windows of size \(size); "
        + "use 1 to \(size), or more with edge .dropped"
    case .gridTooBig(let counts):
      return "a grid of \(counts.map { String($0) }.joined(separator: " x ")) windows exceeds 2^63"
    case .shapesDiffer(let window, let shape, let first):
      return
        "region \(window) gives shape \(tupleText(shape)), the first gives \(tupleText(first)); "
        + "all regions of a batch must give the same shape; crop the others one by one with crops(of:)"
    case .inWindow(let window, let error):
      return "window \(window): \(error)"
    case .gridSize(let axis, let size, let length):
      return
        "window size \(size) over length \(length) on axis \(axis); a size must be 1 or more, a length 0 or "
        + "more"
    case .tooManyResultAxes(let count, let limit):
      return "the result would have \(count) axes; NumPy has at most \(limit)"
    case .listInSlice(let axis):
      return "a list of indices along axis \(axis) is not a slice; use it with cropRegion"
    case .resultTooBig(let shape, let itemSize):
      return "the result is too big: shape \(tupleText(shape)) of \(itemSize)-byte elements "
        + "exceeds 2^63 bytes"
    case .syntax(let text, let offset, let expected):
      let shown = text.count > 60 ? text.prefix(60) + "…" : text[...]
      // Within a text, so that the next number is one.
      return "region '\(shown)', byte \(offset &+ 1): expected \(expected)"
    case .ambiguousBrackets(let text):
      let inner = text.filter { $0 != "[" && $0 != "]" }
      return
        "region '\(text.prefix(60))' can mean the index \(inner.prefix(60)) or a list of indices; "
        + "write it without brackets for the index, or with two pairs for the list"
    case .listShapes(let shapes):
      return
        "lists of shapes \(shapes.prefix(8).map(tupleText).joined(separator: ", ")) cannot be paired up; "
        + "give them the same length, or take their product: `indices` in Swift, np.ix_ in NumPy text"
    case .listCount(let axis, let shape, let found):
      return "the list of axis \(axis) has \(found) indices, but shape \(tupleText(shape)) needs "
        + (checkedProduct(shape).map { String($0) } ?? "more than can be counted")
    case .pointCount(let coordinates, let axes):
      return axes < 1
        ? "points need 1 coordinate or more, not \(axes)"
        : "\(coordinates) coordinates are no whole number of points of \(axes); give each point one "
          + "coordinate per axis"
    case .maskShape(let axis, let mask, let found):
      return
        "the mask has shape \(tupleText(mask)), but the array has \(tupleText(found)) from axis "
        + "\(axis) on; give a mask of the lengths of the axes that it is for"
    case .maskCount(let shape, let found):
      return
        "a mask of shape \(tupleText(shape)) needs as many flags as it has elements, not \(found)"
    case .notAMask(let type):
      return "a mask has elements of type bool, not \(type); save it with astype(bool)"
    case .pairedInBatch:
      return "a region with paired lists or a mask cannot be a window of a batch; crop it by itself"
    case .pairedClipping:
      return
        "a region with paired lists or a mask cannot be clipped; give indices that are inside the array"
    }
  }
}

private func counted(_ axes: Int) -> String { axes == 1 ? "1 axis" : "\(axes) axes" }
