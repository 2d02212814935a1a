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
