extension ArrayLayout {
  /// The layout of the array that a header describes, which has checked that its size can be counted
  /// (`Bounds`, 1); so no product here overflows.
  convenience init(_ header: NPYHeader) {
    let shape = header.shape
    var strides = [Int](repeating: header.elementType.itemSize, count: shape.count)
    var stride = header.elementType.itemSize
    let fastestFirst = header.order == .c ? Array(shape.indices.reversed()) : Array(shape.indices)
    for axis in fastestFirst {
      strides[axis] = stride
      // As NumPy, an axis of no elements counts as one: strides stay meaningful and bounded.
      stride &*= max(shape[axis], 1)
    }
    self.init(
      shape: shape, strides: strides, itemSize: header.elementType.itemSize,
      offset: header.dataOffset)
  }

  /// The layout of a field of all elements, with the axes of its subarray after those of the array.
  ///
  /// - Throws: ``HeaderError`` where these are more axes than an array can have, or cannot be counted.
  func field(_ field: ElementType.Field) throws(HeaderError) -> ArrayLayout {
    let (shape, itemSize) = (self.shape + field.shape, field.elementType.itemSize)
    guard shape.count <= mostAxes else { throw .tooManyAxes(count: shape.count, limit: mostAxes) }
    // Lengths after one of 0 are not counted in the record's size. Elements without bytes need none.
    guard let extent = checkedProduct([itemSize] + shape.map { max($0, 1) }),
      !extent.addingReportingOverflow(offset).overflow
    else { throw .tooBig(shape: shape, itemSize: itemSize) }
    var strides: [Int] = []
    var stride = itemSize
    for length in field.shape.reversed() {
      strides.insert(stride, at: 0)
      stride &*= max(length, 1)
    }
    strides = self.strides + strides
    // Where there is no record nothing of one is in the file.
    return ArrayLayout(
      shape: shape, strides: strides, itemSize: itemSize,
      offset: self.shape.contains(0) ? offset : offset &+ field.offset)
  }
}
