/// A Swift type that elements of an array are delivered as.
///
/// The conformances are this module's, since only it can make a ``NativeType``: each is a type
/// whose memory is the element of a NumPy type, byte for byte.
public protocol NPYElement: BitwiseCopyable, Sendable {
  /// The type of the array that elements of this type come from, in any byte order.
  static var nativeType: NativeType<Self> { get }
}

/// The promise that any bytes of an element of a NumPy type, in the byte order of this machine, are a valid
/// value of a Swift type.
///
/// The exception is `bool`: a crop turns each of its bytes into 0 or 1.
public struct NativeType<Element>: Sendable {
  /// The NumPy type.
  public let elementType: ElementType

  init(_ elementType: ElementType) { self.elementType = elementType }
}

extension Bool: NPYElement {
  /// `bool`; a byte of the file other than 0 is true.
  public static var nativeType: NativeType<Self> { NativeType(.bool) }
}

extension Int8: NPYElement {
  /// `int8`.
  public static var nativeType: NativeType<Self> { NativeType(.int8) }
}

extension Int16: NPYElement {
  /// `int16`.
  public static var nativeType: NativeType<Self> { NativeType(.int16) }
}

extension Int32: NPYElement {
  /// `int32`.
  public static var nativeType: NativeType<Self> { NativeType(.int32) }
}

extension Int64: NPYElement {
  /// `int64`.
  public static var nativeType: NativeType<Self> { NativeType(.int64) }
}

extension Int: NPYElement {
  /// `int64`.
  public static var nativeType: NativeType<Self> { NativeType(.int64) }
}

extension UInt: NPYElement {
  /// `uint64`.
  public static var nativeType: NativeType<Self> { NativeType(.uint64) }
}

extension UInt8: NPYElement {
  /// `uint8`.
  public static var nativeType: NativeType<Self> { NativeType(.uint8) }
}

extension UInt16: NPYElement {
  /// `uint16`.
  public static var nativeType: NativeType<Self> { NativeType(.uint16) }
}

extension UInt32: NPYElement {
  /// `uint32`.
  public static var nativeType: NativeType<Self> { NativeType(.uint32) }
}

extension UInt64: NPYElement {
  /// `uint64`.
  public static var nativeType: NativeType<Self> { NativeType(.uint64) }
}

extension Float16: NPYElement {
  /// `float16`.
  public static var nativeType: NativeType<Self> { NativeType(.float16) }
}

extension Float: NPYElement {
  /// `float32`.
  public static var nativeType: NativeType<Self> { NativeType(.float32) }
}

extension Double: NPYElement {
  /// `float64`.
  public static var nativeType: NativeType<Self> { NativeType(.float64) }
}

#if arch(x86_64)
  extension Float80: NPYElement {
    /// `longdouble`, the number of 80 bits in 16 bytes: `f16`.
    public static var nativeType: NativeType<Self> {
      NativeType(ElementType(.float, itemSize: 16))
    }
  }
#endif

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
  public static var nativeType: NativeType<Self> { NativeType(.complex64) }
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
  public static var nativeType: NativeType<Self> { NativeType(.complex128) }
}
