/// What one element of an array is: NumPy's `dtype`.
public struct ElementType: Hashable, Sendable {
  /// What an element means; its size and byte order are told apart from it.
  @nonexhaustive
  public enum Kind: Hashable, Sendable {
    /// One byte, false where it is 0 (`b1`).
    case bool
    /// A signed integer (`i1` to `i8`).
    case int
    /// An unsigned integer (`u1` to `u8`).
    case uint
    /// A floating-point number (`f2`, `f4`, `f8`; `f16` is the x87 number of 80 bits in 16 bytes, and
    /// `f1` a number of 8 bits of which no file says which it is).
    case float
    /// A small floating-point number without a type string of its own: what the caller says that
    /// bytes are, for no file tells.
    case small(SmallFloat)
    /// A pair of floating-point numbers (`c8`, `c16`, `c32`).
    case complex
    /// A byte string of fixed length, padded with NULs (`S`).
    case bytes
    /// A text of fixed length in UCS-4, padded with NULs (`U`).
    case str
    /// Bytes without a meaning (`V`); NumPy stores bfloat16 so.
    case void
    /// A date, in units since 1970 (`M8`).
    case datetime64(TimeUnit)
    /// A span of time in units (`m8`).
    case timedelta64(TimeUnit)
    /// A record: named fields at offsets within the element.
    case record([Field])
  }

  /// The small floating-point numbers that machine learning adds to NumPy's.
  ///
  /// The names are those of the Python package `ml_dtypes`. Files hold them as `V2`, `V1` or `f1`.
  @nonexhaustive
  public enum SmallFloat: String, Hashable, Sendable, CaseIterable {
    /// The upper half of a `float32`.
    case bfloat16
    /// 4 bits of exponent and 3 of significand, without infinity.
    case float8E4M3FN = "float8_e4m3fn"
    /// 5 bits of exponent and 2 of significand.
    case float8E5M2 = "float8_e5m2"
  }

  /// The order of the bytes of a number.
  public enum ByteOrder: Hashable, Sendable {
    /// The least significant byte comes first (`<`).
    case little
    /// The most significant byte comes first (`>`).
    case big
    /// There is no order to speak of (`|`): single bytes, byte strings, records.
    case notApplicable

    /// The order of this machine.
    public static var native: ByteOrder {
      UInt16(littleEndian: 1) == 1 ? .little : .big
    }
  }

  /// What an element means.
  public let kind: Kind
  /// The size of an element in bytes: NumPy's `itemsize`.
  public let itemSize: Int
  /// The order of the bytes in the file: NumPy's `byteorder`.
  public let byteOrder: ByteOrder

  /// A type of known kind and size.
  init(_ kind: Kind, itemSize: Int, byteOrder: ByteOrder = .native) {
    self.kind = kind
    self.itemSize = itemSize
    self.byteOrder = kind.unitSize(itemSize: itemSize) > 1 ? byteOrder : .notApplicable
  }

  /// The fields of a record, in file order without padding; empty for any other type.
  public var fields: [Field] {
    if case .record(let fields) = kind { fields } else { [] }
  }

  /// The size of what a foreign byte order reverses: half an element of complex type, 4 bytes of
  /// text, 1 where order means nothing.
  var unitSize: Int { kind.unitSize(itemSize: itemSize) }

  /// The same in the byte order of this machine.
  var native: ElementType { ElementType(kind, itemSize: itemSize) }

  /// Whether the bytes stand in the order of this machine, or in none.
  public var isNative: Bool { byteOrder == .notApplicable || byteOrder == .native }
}

extension ElementType {
  /// `bool`.
  public static var bool: ElementType { ElementType(.bool, itemSize: 1) }
  /// `int8`.
  public static var int8: ElementType { ElementType(.int, itemSize: 1) }
  /// `int16`, native byte order.
  public static var int16: ElementType { ElementType(.int, itemSize: 2) }
  /// `int32`, native byte order.
  public static var int32: ElementType { ElementType(.int, itemSize: 4) }
  /// `int64`, native byte order.
  public static var int64: ElementType { ElementType(.int, itemSize: 8) }
  /// `uint8`.
  public static var uint8: ElementType { ElementType(.uint, itemSize: 1) }
  /// `uint16`, native byte order.
  public static var uint16: ElementType { ElementType(.uint, itemSize: 2) }
  /// `uint32`, native byte order.
  public static var uint32: ElementType { ElementType(.uint, itemSize: 4) }
  /// `uint64`, native byte order.
  public static var uint64: ElementType { ElementType(.uint, itemSize: 8) }
  /// `float16`, native byte order.
  public static var float16: ElementType { ElementType(.float, itemSize: 2) }
  /// `float32`, native byte order.
  public static var float32: ElementType { ElementType(.float, itemSize: 4) }
  /// `float64`, native byte order.
  public static var float64: ElementType { ElementType(.float, itemSize: 8) }
  /// `bfloat16`, native byte order.
  public static var bfloat16: ElementType { ElementType(.small(.bfloat16), itemSize: 2) }
  /// `float8_e4m3fn`.
  public static var float8E4M3FN: ElementType { ElementType(.small(.float8E4M3FN), itemSize: 1) }
  /// `float8_e5m2`.
  public static var float8E5M2: ElementType { ElementType(.small(.float8E5M2), itemSize: 1) }
  /// `complex64`: two `float32`, native byte order.
  public static var complex64: ElementType { ElementType(.complex, itemSize: 8) }
  /// `complex128`: two `float64`, native byte order.
  public static var complex128: ElementType { ElementType(.complex, itemSize: 16) }
}

extension ElementType.Kind {
  fileprivate func unitSize(itemSize: Int) -> Int {
    switch self {
    case .bool, .bytes, .void, .record: 1
    case .int, .uint, .float, .small, .datetime64, .timedelta64: itemSize
    case .complex: itemSize / 2
    case .str: 4
    }
  }

  /// The letter that NumPy gives the kind in a type string.
  fileprivate var letter: Character {
    switch self {
    case .bool: "b"
    case .int: "i"
    case .uint: "u"
    case .float: "f"
    case .complex: "c"
    case .bytes: "S"
    case .str: "U"
    case .void, .small, .record: "V"
    case .datetime64: "M"
    case .timedelta64: "m"
    }
  }
}

extension ElementType: CustomStringConvertible {
  /// NumPy's type string, `dtype.str`: `<f4`, `|S5`, `>M8[ns]`; a record is `|V` and its size.
  public var typeString: String {
    let order =
      switch byteOrder {
      case .little: "<"
      case .big: ">"
      // As NumPy writes it for the types of other packages.
      case .notApplicable: kind == .float ? "<" : "|"
      }
    let size = if case .str = kind { itemSize / 4 } else { itemSize }
    let unit =
      switch kind {
      case .datetime64(let unit), .timedelta64(let unit): unit.typeStringSuffix
      default: ""
      }
    return "\(order)\(kind.letter)\(size)\(unit)"
  }

  /// NumPy's name for the type, `dtype.name`: `float32`, `bytes40`, `datetime64[ns]`.
  public var name: String {
    let bits = itemSize * 8
    return switch kind {
    case .bool: "bool"
    case .int: "int\(bits)"
    case .uint: "uint\(bits)"
    case .float: "float\(bits)"
    case .small(let small): small.rawValue
    case .complex: "complex\(bits)"
    case .bytes: itemSize == 0 ? "bytes" : "bytes\(bits)"
    case .str: itemSize == 0 ? "str" : "str\(bits)"
    case .void, .record: itemSize == 0 ? "void" : "void\(bits)"
    case .datetime64(let unit): "datetime64\(unit.typeStringSuffix)"
    case .timedelta64(let unit): "timedelta64\(unit.typeStringSuffix)"
    }
  }

  /// The type as NumPy writes it in a header: a quoted type string, or a list of fields.
  public var description: String { descr }
}

extension ElementType {
  /// The unit of `datetime64` and `timedelta64`, with its multiple: `[ns]`, `[25s]`.
  public struct TimeUnit: Hashable, Sendable {
    /// NumPy's units of time.
    @nonexhaustive
    public enum Base: String, Hashable, Sendable, CaseIterable {
      /// Years.
      case year = "Y"
      /// Months.
      case month = "M"
      /// Weeks.
      case week = "W"
      /// Days.
      case day = "D"
      /// Hours.
      case hour = "h"
      /// Minutes.
      case minute = "m"
      /// Seconds.
      case second = "s"
      /// Milliseconds.
      case millisecond = "ms"
      /// Microseconds.
      case microsecond = "us"
      /// Nanoseconds.
      case nanosecond = "ns"
      /// Picoseconds.
      case picosecond = "ps"
      /// Femtoseconds.
      case femtosecond = "fs"
      /// Attoseconds.
      case attosecond = "as"
      /// No unit was given.
      case generic = "generic"
    }

    /// The unit.
    public let base: Base
    /// How many of it one tick is; 1 unless the type says otherwise.
    public let multiple: Int

    /// How a type string shows it: nothing where there is no unit.
    var typeStringSuffix: String {
      base == .generic ? "" : "[\(multiple == 1 ? "" : String(multiple))\(base.rawValue)]"
    }
  }

  /// A named part of a record.
  public struct Field: Hashable, Sendable {
    /// The field's name.
    public let name: String
    /// A second name, where the type gives one.
    public let title: String?
    /// The type of one element of the field.
    public let elementType: ElementType
    /// The lengths of a subarray; empty for a single element.
    ///
    /// Where the elements of a subarray are subarrays themselves, all lengths, those of the outer one first.
    public let shape: [Int]
    /// The shape of the subarray and those of the subarrays that are its elements, the outer one first.
    ///
    /// `[[2], [5]]` for `(('<f8', (5,)), (2,))`, which NumPy tells from `('<f8', (2, 5))`, `[[2, 5]]`.
    public let subarrays: [[Int]]
    /// Where the field begins within the record, in bytes.
    public let offset: Int

    init(
      name: String, title: String?, elementType: ElementType, subarrays: [[Int]], offset: Int
    ) {
      self.name = name
      self.title = title
      self.elementType = elementType
      shape = Array(subarrays.joined())
      self.subarrays = subarrays
      self.offset = offset
    }

    /// The size of the whole field in bytes, subarray included.
    public var byteCount: Int { shape.reduce(elementType.itemSize, &*) }
  }
}
