/// A window out of an array as bytes, in the byte order of ``elementType``: for every element type.
public struct RawCrop: Hashable, Sendable {
  /// What one element is, byte order included.
  public let elementType: ElementType
  /// The length of each axis; empty for a single element.
  public let shape: [Int]
  /// The order of the elements.
  public let order: MemoryOrder
  /// The elements, one after the other without gaps.
  public let bytes: [UInt8]
  private let validity: Validity

  init(
    elementType: ElementType, shape: [Int], order: MemoryOrder, validity: Validity,
    bytes: [UInt8]
  ) {
    self.elementType = elementType
    self.shape = shape
    self.order = order
    self.validity = validity
    self.bytes = bytes
  }

  init(_ outline: CropOutline, elementType: ElementType, bytes: [UInt8]) {
    self.init(
      elementType: elementType, shape: outline.shape, order: outline.order,
      validity: outline.validity, bytes: bytes)
  }

  /// As ``Crop/validRegion``.
  public var validRegion: Region? { validity.region(shape: shape) }

  /// As ``Crop/validMask()``.
  ///
  /// - Throws: ``CropError/outOfMemory(byteCount:)``.
  public func validMask() throws(CropError) -> [Bool] {
    try validity.mask(shape: shape, order: order)
  }

  /// The bytes of the element at an index of as many axes as the shape has.
  ///
  /// - Precondition: As for ``Crop/subscript(_:)``.
  public subscript(_ index: Int...) -> ArraySlice<UInt8> {
    let start = offset(of: index, in: shape, order: order) * elementType.itemSize
    return bytes[start..<start + elementType.itemSize]
  }
}

extension RawCrop: CustomStringConvertible {
  /// The type of the elements and the shape.
  public var description: String { "RawCrop of \(elementType.name), shape \(tupleText(shape))" }
}
