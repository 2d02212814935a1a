/// A Swift type that elements of an array are delivered as.
///
/// The conformances are this module's: each is a type whose memory is the element of a NumPy type,
/// byte for byte, in the byte order of this machine.
public protocol NPYElement: BitwiseCopyable, Sendable {
  /// The type of the array that elements of this type come from, in any byte order.
  static var elementType: ElementType { get }
}

extension Bool: NPYElement {
  /// `bool`; a byte of the file other than 0 is true.
  public static var elementType: ElementType { .bool }
}

extension Int8: NPYElement {
  /// `int8`.
  public static var elementType: ElementType { .int8 }
}

extension Int16: NPYElement {
  /// `int16`.
  public static var elementType: ElementType { .int16 }
}

extension Int32: NPYElement {
  /// `int32`.
  public static var elementType: ElementType { .int32 }
}

extension Int64: NPYElement {
  /// `int64`.
  public static var elementType: ElementType { .int64 }
}

extension UInt8: NPYElement {
  /// `uint8`.
  public static var elementType: ElementType { .uint8 }
}

extension UInt16: NPYElement {
  /// `uint16`.
  public static var elementType: ElementType { .uint16 }
}

extension UInt32: NPYElement {
  /// `uint32`.
  public static var elementType: ElementType { .uint32 }
}

extension UInt64: NPYElement {
  /// `uint64`.
  public static var elementType: ElementType { .uint64 }
}

extension Float16: NPYElement {
  /// `float16`.
  public static var elementType: ElementType { .float16 }
}

extension Float: NPYElement {
  /// `float32`.
  public static var elementType: ElementType { .float32 }
}

extension Double: NPYElement {
  /// `float64`.
  public static var elementType: ElementType { .float64 }
}

/// A complex number of two `Float`: NumPy's `complex64`.
public struct Complex64: NPYElement, Hashable {
  /// The real part.
  public var real: Float
  /// The imaginary part.
  public var imaginary: Float

  /// A number of two parts.
  public init(real: Float, imaginary: Float) {
    self.real = real
    self.imaginary = imaginary
  }

  /// `complex64`.
  public static var elementType: ElementType { .complex64 }
}

/// A complex number of two `Double`: NumPy's `complex128`.
public struct Complex128: NPYElement, Hashable {
  /// The real part.
  public var real: Double
  /// The imaginary part.
  public var imaginary: Double

  /// A number of two parts.
  public init(real: Double, imaginary: Double) {
    self.real = real
    self.imaginary = imaginary
  }

  /// `complex128`.
  public static var elementType: ElementType { .complex128 }
}
