/// What elements become on their way to a result: numbers of another type, or in another byte order.
///
/// An object that never changes, so that plans of one view share it.
final class Conversion: Sendable {
  let source: ElementType
  let target: ElementType
  /// The source as a type of numbers.
  let sourceNumber: NumberType
  /// The target as a type of numbers.
  let targetNumber: NumberType
  /// What each number is multiplied by, once it is of the target type; 1 for nothing.
  let scale: Double
  /// What is added then; 0 for nothing.
  let shift: Double

  var isAffine: Bool { scale != 1 || shift != 0 }

  /// Whether the numbers stay what they are, and at most their bytes change places.
  var isOfBytesAlone: Bool { !isAffine && sourceNumber == targetNumber }

  /// The type that a value to pad with is given in: that of the result, unless nothing but the bytes
  /// change.
  var fillType: ElementType { isOfBytesAlone ? source : target }

  /// Nil where the rule does not allow the conversion, or the types have none.
  ///
  /// - Parameters:
  ///   - source: The array's type.
  ///   - target: What its elements become.
  ///   - casting: The rule that has to allow it.
  ///   - scale: What each number is multiplied by.
  ///   - shift: What is added after that.
  init?(
    _ source: ElementType, to target: ElementType, casting: Casting, scale: Double = 1,
    shift: Double = 0
  ) {
    guard let sourceNumber = source.number, let targetNumber = target.number,
      casting.allows(source, to: target), targetNumber.isTarget || targetNumber == sourceNumber
    else { return nil }
    self.source = source
    self.target = target
    self.sourceNumber = sourceNumber
    self.targetNumber = targetNumber
    self.scale = scale
    self.shift = shift
  }

  /// Whether numbers of the target can be scaled, if they are.
  var isPossible: Bool {
    !isAffine || targetNumber.kind == .float && targetNumber.isTarget
  }
}

extension Conversion: Hashable {
  static func == (left: Conversion, right: Conversion) -> Bool {
    left === right
      || left.source == right.source && left.target == right.target && left.scale == right.scale
        && left.shift == right.shift
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(source)
    hasher.combine(target)
    hasher.combine(scale)
    hasher.combine(shift)
  }
}

extension NumberType {
  /// Whether others can be converted to it.
  var isTarget: Bool {
    small == nil && bits <= (kind == .complex ? 128 : 64)
  }
}
