/// A window out of an array: its shape and its elements.
public struct Crop<Element: NPYElement>: Sendable {
  /// The length of each axis; empty for a single element.
  public let shape: [Int]
  /// The order of the elements.
  public let order: MemoryOrder
  /// The elements, in the byte order of this machine.
  public let elements: [Element]
  private let validity: Validity

  init(shape: [Int], order: MemoryOrder, validity: Validity, elements: [Element]) {
    self.shape = shape
    self.order = order
    self.validity = validity
    self.elements = elements
  }

  @usableFromInline
  init(_ outline: CropOutline, elements: [Element]) {
    self.init(
      shape: outline.shape, order: outline.order, validity: outline.validity, elements: elements)
  }

  /// The part of the crop that is the array's own, as a region of the crop; the rest is padding.
  ///
  /// Nil where nothing is the array's own.
  public var validRegion: Region? { validity.region(shape: shape) }

  /// For each of ``elements`` whether it is the array's own, and not padding.
  ///
  /// - Throws: ``CropError/outOfMemory(byteCount:)``.
  public func validMask() throws(CropError) -> [Bool] {
    try validity.mask(shape: shape, order: order)
  }

  /// The element at an index of as many axes as the shape has.
  ///
  /// - Precondition: The index is within the shape: like an array's subscript, this traps.
  @inlinable
  public subscript(_ index: Int...) -> Element {
    elements[offset(of: index, in: shape, order: order)]
  }
}

extension Crop: Equatable where Element: Equatable {}
extension Crop: Hashable where Element: Hashable {}

/// The place of an index among the elements of a shape in a memory order.
@usableFromInline
func offset(of index: [Int], in shape: [Int], order: MemoryOrder) -> Int {
  precondition(
    index.count == shape.count, "\(index.count) indices for a shape of \(shape.count) axes")
  var offset = 0
  for position in shape.indices {
    let axis = order == .c ? position : shape.count - 1 - position
    precondition(
      (0..<shape[axis]).contains(index[axis]),
      "index \(index[axis]) is out of range for axis \(axis) with size \(shape[axis])")
    offset = offset * shape[axis] + index[axis]
  }
  return offset
}

extension Crop: CustomStringConvertible {
  /// The type of the elements and the shape.
  public var description: String { "Crop<\(Element.self)> of shape \(tupleText(shape))" }
}
