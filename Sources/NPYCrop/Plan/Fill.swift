/// The elements that stand where the array has none: one for all axes, or one an axis.
struct Fill: Hashable, Sendable {
  /// In the byte order of the file; none of an element's bytes where all are 0.
  private let elements: [[UInt8]]
  /// What the elements are; nil for zeros, which are the same bytes whatever the type is.
  let elementType: ElementType?
  /// Whether it makes no difference along which axis a place is outside.
  let isUniform: Bool

  /// - Parameters:
  ///   - elements: Of each axis or of all, of as many bytes as the type has, or none for zeros.
  ///   - elementType: Their type.
  ///   - isUniform: Whether the first is that of all axes.
  init(_ elements: [[UInt8]], of elementType: ElementType, isUniform: Bool) {
    let isZero = elements.allSatisfy(\.isEmpty)
    self.elements = isZero ? [] : elements
    self.elementType = isZero ? nil : elementType
    self.isUniform = isZero || isUniform
  }

  private init() {
    elements = []
    elementType = nil
    isUniform = true
  }

  /// Zeros.
  static var zero: Fill { Fill() }

  /// Whether the elements can stand in an array of a type.
  func suits(_ type: ElementType) -> Bool { elementType.map { $0 == type } ?? true }

  /// What stands where a place is outside along an axis: an element's bytes, or none for zeros.
  func element(ofAxis axis: Int) -> [UInt8] {
    isUniform ? elements.first ?? [] : elements[axis]
  }
}
