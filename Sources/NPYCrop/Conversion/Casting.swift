/// Which conversions are allowed: NumPy's `casting`.
public enum Casting: String, Hashable, Sendable, CaseIterable {
  /// Those that keep every value: `int16` to `float32`, `uint8` to `int16`; and 64-bit integers to
  /// `float64`, as NumPy has it.
  case safe
  /// Those within a kind, or to one that holds more, too: `float64` to `float32`, `int64` to `int8`.
  case sameKind = "same_kind"
  /// All. Integers wrap around. Floats are rounded toward zero; out-of-range floats become the smallest or
  /// the largest integer, and NaN becomes 0. Complex numbers lose their imaginary part.
  case unsafe

  /// Whether numbers of a type may become those of another; false where either is no number.
  ///
  /// The source of the rule is `numpy.can_cast`. There is no conversion to some types that it allows:
  /// long doubles, and the small floats that NumPy does not have.
  public func allows(_ source: ElementType, to target: ElementType) -> Bool {
    guard let from = source.number, let to = target.number else { return false }
    switch self {
    case .unsafe: return true
    case .sameKind: return from.rank <= to.rank || Self.isSafe(from, to)
    case .safe: return Self.isSafe(from, to)
    }
  }

  private static func isSafe(_ from: NumberType, _ to: NumberType) -> Bool {
    switch (from.kind, to.kind) {
    case (.bool, _): true
    case (_, .bool): false
    case (.uint, .uint), (.int, .int), (.float, .float), (.complex, .complex):
      from == to || from.bits < to.bits
    case (.uint, .int): from.bits < to.bits
    case (.uint, .float), (.int, .float):
      to.bits >= min(2 * from.bits, 64)
    case (.uint, .complex), (.int, .complex): to.bits / 2 >= max(min(2 * from.bits, 64), 32)
    case (.float, .complex): to.bits / 2 >= from.bits
    default: false
    }
  }
}

/// A type of numbers that others can be converted to or from.
struct NumberType: Hashable, Sendable {
  /// The kinds in the order in which they hold each other.
  enum Kind: Int, Sendable {
    case bool
    case uint
    case int
    case float
    case complex
  }

  let kind: Kind
  /// The size of an element in bits, of a complex number both parts.
  let bits: Int
  /// One of the small types that NumPy has no name for.
  var small: ElementType.SmallFloat?

  var rank: Int { kind.rawValue }
}

extension ElementType {
  /// Whether this machine has the numbers of 80 bits that are stored in 16 bytes.
  private static var hasExtendedNumbers: Bool {
    #if arch(x86_64)
      true
    #else
      false
    #endif
  }

  /// The type as one of numbers that this machine knows; nil for all others.
  var number: NumberType? {
    if unitSize == 16, !Self.hasExtendedNumbers { return nil }
    return switch kind {
    case .bool: NumberType(kind: .bool, bits: 8)
    case .uint: NumberType(kind: .uint, bits: itemSize * 8)
    case .int: NumberType(kind: .int, bits: itemSize * 8)
    // Which of the floats of 8 bits an `f1` is no file tells.
    case .float where itemSize > 1: NumberType(kind: .float, bits: itemSize * 8)
    case .complex: NumberType(kind: .complex, bits: itemSize * 8)
    case .small(let small): NumberType(kind: .float, bits: itemSize * 8, small: small)
    default: nil
    }
  }
}
