/// What elements become on their way to a result: numbers of another type, or in another byte order.
struct Conversion: Hashable, Sendable {
  let source: ElementType
  let target: ElementType
  /// What each number is multiplied by, once it is of the target type; 1 for nothing.
  let scale: Double
  /// What is added then; 0 for nothing.
  let offset: Double

  var isAffine: Bool { scale != 1 || offset != 0 }

  /// Whether the numbers stay what they are, and at most their bytes change places.
  var isOfBytesAlone: Bool { !isAffine && source.number == target.number }

  /// The type that a value to pad with is given in: that of the result, unless nothing but the bytes
  /// change.
  var fillType: ElementType { isOfBytesAlone ? source : target }

  /// - Throws: ``CropError/conversion(found:requested:casting:)`` where the rule does not allow it, or
  ///   there is none between the types.
  init(
    _ source: ElementType, to target: ElementType, casting: Casting, scale: Double = 1,
    offset: Double = 0
  ) throws(CropError) {
    guard source.number != nil, let number = target.number, number.isTarget,
      casting.allows(source, to: target)
    else { throw .conversion(found: source, requested: target, casting: casting) }
    self.source = source
    self.target = target
    self.scale = scale
    self.offset = offset
    guard !isAffine || number.kind == .float else {
      throw .affineConversion(requested: target)
    }
  }
}

extension NumberType {
  /// Whether others can be converted to it.
  fileprivate var isTarget: Bool {
    small == nil && bits <= (kind == .complex ? 128 : 64)
  }
}
