extension CropPlan {
  /// The same window delivered into a part of a larger result, which has the plan's order and type.
  ///
  /// - Parameters:
  ///   - shape: The length of each axis of the larger result.
  ///   - origin: The index of it along each axis at which the window begins.
  /// - Returns: A plan for the memory of the whole larger result, which leaves the rest of it as it is.
  /// - Throws: ``RegionError`` where the window does not fit in there, or that is too big to be counted.
  ///
  /// The plan is of one window: of many, each stays where it is.
  func placed(inResultOf shape: [Int], at origin: [Int]) throws(RegionError) -> CropPlan {
    let window = self.shape
    for lengths in [shape, origin] where lengths.count != window.count {
      throw .ranksDiffer(region: window.count, other: lengths.count)
    }
    for axis in shape.indices {
      guard origin[axis] >= 0, shape[axis] >= window[axis],
        origin[axis] <= shape[axis] - window[axis]
      else {
        throw .invalidSize(axis: axis, origin: origin[axis], size: window[axis])
      }
    }
    guard let byteCount = checkedProduct([max(outputItemSize, 1)] + shape) else {
      throw .resultTooBig(shape: shape, itemSize: outputItemSize)
    }
    guard parts == nil else { return self }
    var placed = self
    placed.place.outputOffset = 0
    placed.outputByteCount = outputItemSize > 0 ? byteCount : 0
    var stride = outputItemSize
    for axis in order == .c ? Array(shape.indices.reversed()) : Array(shape.indices) {
      placed.place.outputOffset &+= origin[axis] &* stride
      placed.piece.axes.update(axis) { $0.outputStride = stride }
      stride &*= max(shape[axis], 1)
    }
    return placed
  }
}
