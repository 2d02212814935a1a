/// Windows of one shape out of an array, one after the other in one block.
public struct CropBatch<Element: NPYElement>: Sendable {
  /// The length of each axis of a window.
  public let windowShape: [Int]
  /// The number of windows.
  public let count: Int
  /// The order of the elements within a window.
  public let order: MemoryOrder
  /// The elements of the windows, in the order that these were asked for.
  public let elements: [Element]
  private let padded: PaddedWindows

  /// The number of windows, then the length of each axis of a window.
  public var shape: [Int] { [count] + windowShape }

  init(_ outline: BatchOutline, elements: [Element]) {
    windowShape = outline.windowShape
    count = outline.count
    order = outline.order
    padded = outline.padded
    self.elements = elements
  }

  /// The elements of a window: a slice of ``elements``, whose indices it keeps.
  ///
  /// - Precondition: There is such a window: like an array's subscript, this traps.
  public subscript(window: Int) -> ArraySlice<Element> {
    let length = count > 0 ? elements.count / count : 0
    return elements[window * length..<(window + 1) * length]
  }

  /// A window as a crop with elements of its own.
  ///
  /// - Precondition: There is such a window.
  public func crop(ofWindow window: Int) -> Crop<Element> {
    Crop(
      shape: windowShape, order: order, validity: padded.validity(ofWindow: window),
      elements: Array(self[window]))
  }

  /// The part of a window that is the array's own, as a region of the window; the rest is padding.
  ///
  /// Nil where nothing is the array's own, and for a window that is not there.
  public func validRegion(ofWindow window: Int) -> Region? {
    guard (0..<count).contains(window) else { return nil }
    return padded.validity(ofWindow: window).region(shape: windowShape)
  }

  /// For each element of a window whether it is the array's own, and not padding; nothing for a
  /// window that is not there.
  ///
  /// - Throws: ``CropError/outOfMemory(byteCount:)``.
  public func validMask(ofWindow window: Int) throws(CropError) -> [Bool] {
    guard (0..<count).contains(window) else { return [] }
    return try padded.validity(ofWindow: window).mask(shape: windowShape, order: order)
  }
}

extension CropBatch: Equatable where Element: Equatable {}
extension CropBatch: Hashable where Element: Hashable {}

extension CropBatch: CustomStringConvertible {
  /// The type of the elements and the shape.
  public var description: String { "CropBatch<\(Element.self)> of shape \(tupleText(shape))" }
}
