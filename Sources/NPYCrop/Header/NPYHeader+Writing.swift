extension NPYHeader {
  /// The header of an array that is to be written: the shortest version that can hold it.
  ///
  /// As in NumPy, Fortran order is said only of an array that is not in C order as well.
  ///
  /// - Parameters:
  ///   - elementType: What one element is.
  ///   - shape: The length of each axis.
  ///   - order: The order in which the elements will be written.
  /// - Throws: ``HeaderError`` where the shape has too many axes, a negative length or a size
  ///   that cannot be counted.
  public init(
    elementType: ElementType, shape: [Int], order: MemoryOrder = .c
  ) throws(HeaderError) {
    let isBoth =
      elementType.itemSize == 0 || shape.contains(0) || shape.count { $0 > 1 } <= 1
    let order: MemoryOrder = isBoth ? .c : order
    let (version, text) = Self.text(elementType: elementType, shape: shape, order: order)
    try self.init(
      version: version, headerOffset: 0, dataOffset: version.prefixByteCount + text.count,
      elementType: elementType, shape: shape, order: order)
  }

  /// The header as the bytes that `np.save` of NumPy 2 would write before the data.
  ///
  /// The rules of `np.lib.format`: sorted keys, room for the growing axis to become 21 digits
  /// long, then spaces and a newline up to the next multiple of 64, never none.
  public var serialized: [UInt8] {
    let (version, text) = Self.text(elementType: elementType, shape: shape, order: order)
    var bytes = NPYPrefix.magic + [version.rawValue, 0]
    for index in 0..<(version.prefixByteCount - 8) {
      bytes.append(UInt8(truncatingIfNeeded: text.count >> (8 * index)))
    }
    return bytes + text
  }

  private static func text(
    elementType: ElementType, shape: [Int], order: MemoryOrder
  ) -> (version: NPYHeader.Version, text: [UInt8]) {
    var literal = "{'descr': \(elementType.descr), "
    literal += "'fortran_order': \(order == .fortran ? "True" : "False"), "
    literal += "'shape': \(tupleText(shape)), }"
    if let growing = order == .fortran ? shape.last : shape.first {
      literal += String(repeating: " ", count: 21 - String(growing).utf8.count)
    }
    if let latin1 = latin1Bytes(literal) {
      let text = padded(latin1, after: NPYHeader.Version.v1.prefixByteCount)
      if text.count <= Int(UInt16.max) { return (.v1, text) }
      return (.v2, padded(latin1, after: NPYHeader.Version.v2.prefixByteCount))
    }
    return (.v3, padded(Array(literal.utf8), after: NPYHeader.Version.v3.prefixByteCount))
  }

  private static func padded(_ literal: [UInt8], after prefix: Int) -> [UInt8] {
    let spaces = 64 - (prefix + literal.count + 1) % 64
    return literal + [UInt8](repeating: 0x20, count: spaces) + [UInt8(ascii: "\n")]
  }

  private static func latin1Bytes(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      guard scalar.value <= 0xFF else { return nil }
      bytes.append(UInt8(scalar.value))
    }
    return bytes
  }
}
