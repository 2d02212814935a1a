extension RawCrop {
  /// What is done about text that is none.
  @nonexhaustive
  public enum InvalidText: Hashable, Sendable {
    /// It is an error, which names the element.
    case error
    /// What is invalid is replaced by U+FFFD.
    case replacement
  }

  /// The elements of type `S` or `U` as strings, without the trailing NULs, as NumPy has it.
  ///
  /// `U` holds Unicode scalars in either byte order. `S` holds bytes, which are taken for UTF-8, as
  /// which ASCII is the same; ``bytes`` has them as they are.
  ///
  /// - Parameter invalid: What is done about bytes that are no UTF-8, and about units of `U` that are
  ///   no Unicode scalar: surrogates, and those beyond U+10FFFF.
  /// - Returns: One string an element, in the order of the crop.
  /// - Throws: ``CropError/notText(elementType:)``, ``CropError/invalidText(element:unit:)`` or
  ///   ``CropError/outOfMemory(byteCount:)``.
  public func strings(invalid: InvalidText = .error) throws(CropError) -> [String] {
    let size = elementType.itemSize
    let count = try elementCount(listedAs: String.self)
    var strings: [String] = []
    strings.reserveCapacity(count)
    for element in 0..<count {
      let range = element * size..<(element + 1) * size
      switch elementType.kind {
      case .bytes: strings.append(try string(ofBytes: bytes[range], element, invalid))
      case .str: strings.append(try string(ofUnits: bytes[range], element, invalid))
      default: throw .notText(elementType: elementType)
      }
    }
    // Of an empty crop, too.
    switch elementType.kind {
    case .bytes, .str: return strings
    default: throw .notText(elementType: elementType)
    }
  }

  /// The number of elements, for which there is memory to list them.
  func elementCount<Element>(listedAs _: Element.Type) throws(CropError) -> Int {
    let (stride, count) = (MemoryLayout<Element>.stride, checkedProduct(shape) ?? .max)
    let (bytes, overflow) = count.multipliedReportingOverflow(by: stride)
    guard !overflow, canAllocate(byteCount: bytes) else {
      throw .outOfMemory(byteCount: overflow ? .max : bytes)
    }
    return count
  }

  private func string(
    ofBytes bytes: ArraySlice<UInt8>, _ element: Int, _ invalid: InvalidText
  ) throws(CropError) -> String {
    let end = bytes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? bytes.startIndex
    let text = bytes[bytes.startIndex..<end]
    guard invalid == .error else { return String(decoding: text, as: UTF8.self) }
    guard let string = String(validating: text, as: UTF8.self) else {
      throw .invalidText(element: element, unit: nil)
    }
    return string
  }

  private func string(
    ofUnits bytes: ArraySlice<UInt8>, _ element: Int, _ invalid: InvalidText
  ) throws(CropError) -> String {
    let isBig = elementType.byteOrder == .big
    var units: [UInt32] = []
    for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: 4) {
      var unit: UInt32 = 0
      for place in 0..<4 {
        unit |= UInt32(bytes[start + place]) << UInt32(8 * (isBig ? 3 - place : place))
      }
      units.append(unit)
    }
    while units.last == 0 { units.removeLast() }
    var scalars = String.UnicodeScalarView()
    for unit in units {
      if let scalar = Unicode.Scalar(unit) {
        scalars.append(scalar)
      } else if invalid == .replacement {
        scalars.append("\u{FFFD}")
      } else {
        throw .invalidText(element: element, unit: unit)
      }
    }
    return String(scalars)
  }
}
