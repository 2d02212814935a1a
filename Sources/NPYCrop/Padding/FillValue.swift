/// The value of elements that the array does not have: `constant_values` of `numpy.pad`.
///
/// Written as a literal, or made from a number: `.constant(-1)`, `.constant(FillValue(background))`.
/// It is cast to the type of the result when a region is planned: numbers are rounded to what a
/// floating-point type can hold, but a value that the type cannot hold at all, such as -1 for `uint8`
/// or 0.5 for `int16`, is an error, where NumPy would change it.
public struct FillValue: Hashable, Sendable {
  enum Form: Hashable, Sendable {
    case zero
    case integer(Int128)
    case real(Number)
    case complex(real: Number, imaginary: Number)
    case text(String)
    case bytes([UInt8])
  }

  // The widest number of the machine, so that each is rounded once.
  #if arch(x86_64)
    typealias Widest = Float80
  #else
    typealias Widest = Double
  #endif

  /// Compares bit patterns, so NaN equals NaN.
  struct Number: Hashable, Sendable {
    let value: Widest

    private var bits: (FloatingPointSign, UInt, UInt64) {
      (value.sign, UInt(value.exponentBitPattern), value.significandBitPattern)
    }

    static func == (left: Number, right: Number) -> Bool { left.bits == right.bits }

    func hash(into hasher: inout Hasher) {
      hasher.combine(bits.0)
      hasher.combine(bits.1)
      hasher.combine(bits.2)
    }
  }

  let form: Form

  /// What `numpy.zeros` has: 0, false, the empty text, for a record all of its fields so.
  public static let zero = FillValue(.zero)

  /// NaN (not a number), for floating-point and complex types.
  public static let nan = FillValue(Double.nan)

  /// Infinity, for floating-point and complex types.
  public static let infinity = FillValue(Double.infinity)

  private init(_ form: Form) { self.form = form }

  /// An integer; for dates and spans of time, the number of ticks.
  public init(_ value: some BinaryInteger) {
    if let integer = Int128(exactly: value) {
      self.init(.integer(integer))
    } else {
      self.init(.real(Number(value: Widest(value))))
    }
  }

  /// A number.
  public init(_ value: some BinaryFloatingPoint) { self.init(.real(Number(value: Widest(value)))) }

  /// 0 or 1.
  public init(_ value: Bool) { self.init(.integer(value ? 1 : 0)) }

  /// A complex number.
  public init(real: Double, imaginary: Double) {
    self.init(
      .complex(real: Number(value: Widest(real)), imaginary: Number(value: Widest(imaginary))))
  }

  /// A text, for elements of the types `S` (as UTF-8) and `U`.
  public init(text: String) { self.init(.text(text)) }

  /// The bytes of one element of the result's type, in its byte order.
  public init(bytes: [UInt8]) { self.init(.bytes(bytes)) }
}

extension FillValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral
{
  /// An integer.
  public init(integerLiteral value: Int) { self.init(value) }
  /// A number.
  public init(floatLiteral value: Double) { self.init(value) }
  /// 0 or 1.
  public init(booleanLiteral value: Bool) { self.init(value) }
}

extension FillValue: CustomStringConvertible {
  /// The value as one would write it.
  public var description: String {
    switch form {
    case .zero: "0"
    case .integer(let value): "\(value)"
    case .real(let number): "\(number.value)"
    case .complex(let real, let imaginary): "(\(real.value), \(imaginary.value))"
    case .text(let text): "\"\(text)\""
    case .bytes(let bytes): "an element of \(bytes.count) bytes"
    }
  }
}
