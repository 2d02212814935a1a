// What a view of an array resolves to: the same source and header, with a layout, an element type and attributes
// of its own. All views are made here; each has a file beside this one.

/// How the crops of an array are made: the conversion, the padding, and the order of the result.
///
/// An object that never changes, so that a copy of an array only copies a reference to it.
final class ArrayAttributes: Sendable {
  /// What the elements become; nil for what they are.
  let conversion: Conversion?
  /// The padding outside the array.
  let padding: Padding
  /// The order of the elements of a result.
  let order: MemoryOrder

  init(conversion: Conversion?, padding: Padding, order: MemoryOrder) {
    self.conversion = conversion
    self.padding = padding
    self.order = order
  }
}

extension NPYArray {
  /// What the elements become; nil for what they are.
  var conversion: Conversion? { attributes?.conversion }
  /// The padding outside the array.
  var padding: Padding { attributes?.padding ?? .none }
  /// The order of the elements of a result.
  package var order: MemoryOrder { attributes?.order ?? .c }

  /// A view with a layout and a type of its own, whose axes are these of the array; nil for new ones.
  func view(layout: ArrayLayout, sourceType: ElementType, axes: [Int?]) -> NPYArray {
    let attributes = attributes.map { attributes in
      ArrayAttributes(
        conversion: attributes.conversion,
        padding: attributes.padding.following(axes, ofRank: shape.count), order: attributes.order)
    }
    return NPYArray(self, layout: layout, sourceType: sourceType, attributes: attributes)
  }

  /// The same array with other attributes.
  func with(_ attributes: ArrayAttributes) -> NPYArray {
    NPYArray(self, layout: layout, sourceType: sourceType, attributes: attributes)
  }
}
