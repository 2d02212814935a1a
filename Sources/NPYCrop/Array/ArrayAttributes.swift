/// What an array is taken for beside its layout and its type: what its elements become, what stands outside
/// it, and the order of results.
///
/// An object that never changes, so that arrays are copied as cheaply with it as without.
final class ArrayAttributes: Sendable {
  /// What the elements become; nil for what they are.
  let conversion: Conversion?
  /// What stands outside.
  let padding: Padding
  /// The order of the elements of results.
  let order: MemoryOrder

  init(conversion: Conversion? = nil, padding: Padding = .none, order: MemoryOrder = .c) {
    self.conversion = conversion
    self.padding = padding
    self.order = order
  }
}
