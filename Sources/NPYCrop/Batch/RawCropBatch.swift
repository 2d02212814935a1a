/// Windows of one shape out of an array as bytes, in the byte order of ``elementType``: for every
/// element type.
public struct RawCropBatch: Hashable, Sendable {
  /// What one element is, byte order included.
  public let elementType: ElementType
  /// The length of each axis of a window.
  public let windowShape: [Int]
  /// The number of windows.
  public let count: Int
  /// The order of the elements within a window.
  public let order: MemoryOrder
  /// The bytes of the windows, as ``CropBatch/elements`` has their elements.
  public let bytes: [UInt8]
  private let padded: PaddedWindows

  /// As ``CropBatch/shape``.
  public var shape: [Int] { [count] + windowShape }

  init(_ outline: BatchOutline, elementType: ElementType, bytes: [UInt8]) {
    self.elementType = elementType
    windowShape = outline.windowShape
    count = outline.count
    order = outline.order
    padded = outline.padded
    self.bytes = bytes
  }

  /// The bytes of a window: a slice of ``bytes``, whose indices it keeps.
  ///
  /// - Precondition: As for ``CropBatch/subscript(_:)``.
  public subscript(window: Int) -> ArraySlice<UInt8> {
    let length = count > 0 ? bytes.count / count : 0
    return bytes[window * length..<(window + 1) * length]
  }

  /// A window as a crop with bytes of its own.
  ///
  /// - Precondition: There is such a window.
  public func crop(ofWindow window: Int) -> RawCrop {
    RawCrop(
      elementType: elementType, shape: windowShape, order: order,
      validity: padded.validity(ofWindow: window), bytes: Array(self[window]))
  }

  /// As ``CropBatch/validRegion(ofWindow:)``.
  public func validRegion(ofWindow window: Int) -> Region? {
    guard (0..<count).contains(window) else { return nil }
    return padded.validity(ofWindow: window).region(shape: windowShape)
  }

  /// As ``CropBatch/validMask(ofWindow:)``.
  ///
  /// - Throws: ``CropError/outOfMemory(byteCount:)``.
  public func validMask(ofWindow window: Int) throws(CropError) -> [Bool] {
    guard (0..<count).contains(window) else { return [] }
    return try padded.validity(ofWindow: window).mask(shape: windowShape, order: order)
  }
}

extension RawCropBatch: CustomStringConvertible {
  /// The type of the elements and the shape.
  public var description: String {
    "RawCropBatch of \(elementType.name), shape \(tupleText(shape))"
  }
}
