/// Where the elements of an array lie in a file: the byte of index (i, j, …) is
/// `offset + i * strides[0] + j * strides[1] + …`.
struct ArrayLayout: Hashable, Sendable {
  let shape: [Int]
  /// The bytes from one index of an axis to the next: NumPy's `strides`.
  let strides: [Int]
  let itemSize: Int
  let offset: Int
  /// The bytes from the first element's first to the last element's last.
  let span: Int

  /// The byte of the file before which all elements lie.
  var end: Int { offset &+ span }

  /// The layout of the array that a header describes, which has checked that its size can be
  /// counted; so no product here overflows.
  init(_ header: NPYHeader) {
    let shape = header.shape
    var strides = [Int](repeating: header.elementType.itemSize, count: shape.count)
    var stride = header.elementType.itemSize
    let fastestFirst = header.order == .c ? Array(shape.indices.reversed()) : Array(shape.indices)
    for axis in fastestFirst {
      strides[axis] = stride
      // As NumPy, an axis of no elements counts as one: strides stay meaningful and bounded.
      stride &*= max(shape[axis], 1)
    }
    self.shape = shape
    self.strides = strides
    itemSize = header.elementType.itemSize
    offset = header.dataOffset
    span = header.dataByteCount
  }
}
