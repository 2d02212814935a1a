// A value to pad with as an element of an array's type.

extension FillValue {
  /// The bytes of an element as a file of the type has them, without the zeros at its end; nil where
  /// the type has no such value.
  func element(of type: ElementType) -> [UInt8]? {
    guard let bytes = bytes(of: type) else { return nil }
    return Array(bytes[..<(bytes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0)])
  }

  /// All bytes of the value, but for zeros at the end of a text.
  private func bytes(of type: ElementType) -> [UInt8]? {
    switch (form, type.kind) {
    case (.zero, _), (.integer(0), .void), (.integer(0), .record):
      return []
    case (.bytes(let bytes), _):
      return bytes.count == type.itemSize ? bytes : nil
    case (.text(let text), .bytes):
      return text.utf8.count <= type.itemSize ? Array(text.utf8) : nil
    case (.text(let text), .str):
      let units = text.unicodeScalars.flatMap { Self.bytes(of: $0.value, in: type) }
      return units.count <= type.itemSize ? units : nil
    case (_, .bool):
      return integer.flatMap { 0...1 ~= $0 ? [UInt8($0)] : nil }
    case (_, .int):
      return integer.flatMap { Self.bytes(ofSigned: $0, in: type) }
    case (_, .uint):
      return integer.flatMap { Self.bytes(ofUnsigned: $0, in: type) }
    case (.integer(let ticks), .datetime64), (.integer(let ticks), .timedelta64):
      return Self.bytes(ofSigned: ticks, in: type)
    case (_, .float):
      guard case (let real, nil)? = parts else { return nil }
      return Self.bytes(of: real, size: type.itemSize, in: type)
    case (_, .complex):
      guard let parts,
        let real = Self.bytes(of: parts.real, size: type.unitSize, in: type),
        let imaginary = Self.bytes(of: parts.imaginary ?? .zero, size: type.unitSize, in: type)
      else { return nil }
      return real + imaginary
    default:
      return nil
    }
  }

  /// The value as an integer, where it is one.
  private var integer: Int128? {
    switch form {
    case .integer(let value): value
    case .real(let number): Int128(exactly: number.value)
    default: nil
    }
  }

  /// A number that is rounded once, to the type that it becomes an element of.
  private enum Part {
    case integer(Int128)
    case real(Widest)

    static var zero: Part { .real(0) }

    /// The nearest value of a type; nil where that has no number as large.
    func rounded<Value: BinaryFloatingPoint>(to _: Value.Type) -> Value? {
      switch self {
      case .integer(let value):
        let rounded = Value(value)
        return rounded.isFinite ? rounded : nil
      case .real(let value):
        let rounded = Value(value)
        return rounded.isFinite || !value.isFinite ? rounded : nil
      }
    }
  }

  /// The value as a number of one or two parts, where it is one.
  private var parts: (real: Part, imaginary: Part?)? {
    switch form {
    case .integer(let value): (.integer(value), nil)
    case .real(let number): (.real(number.value), nil)
    case .complex(let real, let imaginary): (.real(real.value), .real(imaginary.value))
    default: nil
    }
  }

  private static func bytes(of number: Part, size: Int, in type: ElementType) -> [UInt8]? {
    switch size {
    case 2:
      #if arch(x86_64) || arch(arm64)
        return number.rounded(to: Float16.self).map { bytes(of: $0.bitPattern, in: type) }
      #else
        return nil
      #endif
    case 4: return number.rounded(to: Float.self).map { bytes(of: $0.bitPattern, in: type) }
    case 8: return number.rounded(to: Double.self).map { bytes(of: $0.bitPattern, in: type) }
    case 16: return extendedBytes(of: number, size: size, in: type)
    default: return nil
    }
  }

  /// The number of 80 bits that the x87 has, in as many bytes as C's `long double`.
  private static func extendedBytes(
    of number: Part, size: Int, in type: ElementType
  ) -> [UInt8]? {
    #if arch(x86_64)
      guard size == 16, let value = number.rounded(to: Float80.self) else { return nil }
      // The leading bit of the significand is stored, unlike in the smaller types.
      let leading: UInt64 = value.exponentBitPattern == 0 ? 0 : 1 << 63
      let head = UInt64(value.exponentBitPattern) | (value.sign == .minus ? 1 << 15 : 0)
      let bits = UInt128(head) << 64 | UInt128(leading | value.significandBitPattern)
      return bytes(of: bits, in: type)
    #else
      return nil
    #endif
  }

  private static func bytes(ofSigned value: Int128, in type: ElementType) -> [UInt8]? {
    switch type.itemSize {
    case 1: Int8(exactly: value).map { bytes(of: $0, in: type) }
    case 2: Int16(exactly: value).map { bytes(of: $0, in: type) }
    case 4: Int32(exactly: value).map { bytes(of: $0, in: type) }
    default: Int64(exactly: value).map { bytes(of: $0, in: type) }
    }
  }

  private static func bytes(ofUnsigned value: Int128, in type: ElementType) -> [UInt8]? {
    switch type.itemSize {
    case 1: UInt8(exactly: value).map { bytes(of: $0, in: type) }
    case 2: UInt16(exactly: value).map { bytes(of: $0, in: type) }
    case 4: UInt32(exactly: value).map { bytes(of: $0, in: type) }
    default: UInt64(exactly: value).map { bytes(of: $0, in: type) }
    }
  }

  /// The bytes of a number in the order of a type.
  private static func bytes(of bits: some FixedWidthInteger, in type: ElementType) -> [UInt8] {
    let little = (0..<bits.bitWidth / 8).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
    return type.byteOrder == .big ? little.reversed() : little
  }
}
