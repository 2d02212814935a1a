extension ElementType {
  /// NumPy holds item sizes in a C `int`.
  private static let mostItemBytes = Int(Int32.max)

  // MARK: - Reading

  /// The type that a type string or one of NumPy's names stands for.
  ///
  /// `<f4`, `f4`, `float32`, `?`, `|S5`, `M8[25s]`: what `np.dtype` takes, but for strings of
  /// several types. No prefix, `=` and `|` mean the byte order of this machine.
  ///
  /// - Throws: why the string names no type.
  public init(_ typeString: String) throws(DescrFault) {
    var rest = Substring(typeString)
    var byteOrder = ByteOrder.native
    let prefix = rest.utf8.first.flatMap { Prefix(rawValue: $0) }
    if let prefix {
      rest.unicodeScalars.removeFirst()
      byteOrder = prefix.byteOrder
    }
    // The form that nearly all headers have first.
    if let (kind, itemSize) = try Self.sizedKind(rest) {
      self.init(kind, itemSize: itemSize, byteOrder: byteOrder)
    } else if let time = try Self.timeKind(rest) {
      self.init(time, itemSize: 8, byteOrder: byteOrder)
    } else if let (kind, itemSize) = Self.letterCodes[String(rest)] {
      self.init(kind, itemSize: itemSize, byteOrder: byteOrder)
    } else if prefix == nil, let (kind, itemSize) = Self.names[String(rest)] {
      self.init(kind, itemSize: itemSize, byteOrder: byteOrder)
    } else if rest.hasPrefix("O") || rest == "object" || rest == "object_" {
      throw .objects
    } else if rest.contains(",") || rest.contains("(") || rest.first?.isNumber == true {
      throw .compositeString
    } else {
      throw .unknownType
    }
  }

  private enum Prefix: UInt8 {
    case little = 0x3C  // <
    case big = 0x3E  // >
    case native = 0x3D  // =
    case none = 0x7C  // |

    var byteOrder: ByteOrder {
      switch self {
      case .little: .little
      case .big: .big
      case .native, .none: .native
      }
    }
  }

  /// A letter and a size, as in `i4` and `S12`; nil for another form.
  private static func sizedKind(
    _ text: Substring
  ) throws(DescrFault) -> (kind: Kind, itemSize: Int)? {
    guard let first = text.utf8.first, first < 0x80 else { return nil }
    let digits = Substring(text.unicodeScalars.dropFirst())
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    let size = Int(digits)
    switch (Unicode.Scalar(first), size) {
    case ("S", _), ("a", _), ("V", _), ("U", _):
      let width = first == UInt8(ascii: "U") ? 4 : 1
      guard let size, size <= mostItemBytes / width else { throw .itemTooLarge }
      let kind: Kind =
        width == 4 ? .str : first == UInt8(ascii: "V") ? .void : .bytes
      return (kind, size * width)
    case ("b", 1?): return (.bool, 1)
    case ("i", let size?) where [1, 2, 4, 8].contains(size): return (.int, size)
    case ("u", let size?) where [1, 2, 4, 8].contains(size): return (.uint, size)
    // No type of NumPy, but what it writes for the floats of 8 bits of other packages.
    case ("f", let size?) where [1, 2, 4, 8, 16].contains(size): return (.float, size)
    case ("c", let size?) where [8, 16, 32].contains(size): return (.complex, size)
    default: return nil
    }
  }

  /// A time, with its unit in brackets or without, as in `M8[25s]`; nil for another form.
  private static func timeKind(_ text: Substring) throws(DescrFault) -> Kind? {
    let bracket = text.firstIndex(of: "[") ?? text.endIndex
    let name = text[..<bracket]
    guard ["M8", "m8", "datetime64", "timedelta64"].contains(name) else { return nil }
    func kind(_ unit: TimeUnit) -> Kind {
      name.first == "M" || name.first == "d" ? .datetime64(unit) : .timedelta64(unit)
    }
    guard bracket < text.endIndex else { return kind(.generic) }
    guard text.last == "]" else { throw .unknownType }
    let inner = text[text.index(after: bracket)...].dropLast()
    let digits = inner.prefix { ("0"..."9").contains($0) }
    let unitName = inner.dropFirst(digits.count)
    guard
      let base = TimeUnit.Base(rawValue: unitName == "μs" ? "us" : String(unitName)),
      let multiple = digits.isEmpty ? 1 : Int32(digits),
      base != .generic || digits.isEmpty
    else { throw .unknownType }
    return kind(TimeUnit(base: base, multiple: Int(multiple)))
  }

  /// NumPy's one-letter codes (`dtype.char`), with C's `long` of 64 bits.
  private static let letterCodes: [String: (Kind, Int)] = [
    "?": (.bool, 1), "b": (.int, 1), "B": (.uint, 1), "h": (.int, 2), "H": (.uint, 2),
    "i": (.int, 4), "I": (.uint, 4), "l": (.int, 8), "L": (.uint, 8), "q": (.int, 8),
    "Q": (.uint, 8), "p": (.int, 8), "P": (.uint, 8), "n": (.int, 8), "N": (.uint, 8),
    "e": (.float, 2), "f": (.float, 4), "d": (.float, 8), "g": (.float, 16),
    "F": (.complex, 8), "D": (.complex, 16), "G": (.complex, 32),
    "S": (.bytes, 0), "c": (.bytes, 1), "U": (.str, 0), "V": (.void, 0),
    "M": (.datetime64(.generic), 8), "m": (.timedelta64(.generic), 8),
  ]

  /// NumPy's names (`np.sctypeDict`), with C's `long` of 64 bits.
  private static let names: [String: (Kind, Int)] = [
    "bool": (.bool, 1), "bool_": (.bool, 1),
    "int8": (.int, 1), "byte": (.int, 1), "int16": (.int, 2), "short": (.int, 2),
    "int32": (.int, 4), "intc": (.int, 4), "int64": (.int, 8), "int": (.int, 8),
    "int_": (.int, 8), "intp": (.int, 8), "long": (.int, 8), "longlong": (.int, 8),
    "uint8": (.uint, 1), "ubyte": (.uint, 1), "uint16": (.uint, 2), "ushort": (.uint, 2),
    "uint32": (.uint, 4), "uintc": (.uint, 4), "uint64": (.uint, 8), "uint": (.uint, 8),
    "uintp": (.uint, 8), "ulong": (.uint, 8), "ulonglong": (.uint, 8),
    "float16": (.float, 2), "half": (.float, 2), "float32": (.float, 4), "single": (.float, 4),
    "float64": (.float, 8), "double": (.float, 8), "float": (.float, 8),
    "float128": (.float, 16), "longdouble": (.float, 16),
    "complex64": (.complex, 8), "csingle": (.complex, 8),
    "complex128": (.complex, 16), "cdouble": (.complex, 16), "complex": (.complex, 16),
    "complex256": (.complex, 32), "clongdouble": (.complex, 32),
    "a": (.bytes, 0), "bytes": (.bytes, 0), "bytes_": (.bytes, 0),
    "str": (.str, 0), "str_": (.str, 0), "unicode": (.str, 0), "void": (.void, 0),
  ]

  /// The type that the `descr` of a header describes.
  init(descr literal: PythonLiteral, in bytes: Span<UInt8>) throws(HeaderError) {
    let described = try Self.described(literal, in: bytes)
    // `np.load` refuses it too: it has more axes than the header's shape says.
    guard described.subarrays.isEmpty else {
      throw Self.fault(.subarrayOutsideField, literal, bytes)
    }
    self = described.elementType
  }

  /// Reads a type from text: a type string such as `<f4`, or a header's `descr`, such as `'<f4'` or a list of fields.
  ///
  /// - Throws: ``HeaderError`` with what is wrong, whose offsets count from the first byte of the text.
  package init(descrText text: String) throws(HeaderError) {
    let quoted = ["[", "'", "\"", "("].contains { text.hasPrefix($0) } ? text : pythonRepr(text)
    let bytes = Array(quoted.utf8)
    var parser = PythonLiteralParser(encoding: .utf8, position: 0)
    let literal = try parser.wholeLiteral(bytes.span)
    try self.init(descr: literal, in: bytes.span)
  }

  /// What a part of a `descr` stands for: a type, or a subarray of it.
  private struct Described {
    let elementType: ElementType
    /// The shapes of subarrays of subarrays, the outermost first; none for a single element.
    var subarrays: [[Int]] = []
    /// The size of all of it.
    var byteCount: Int

    init(_ elementType: ElementType) {
      self.elementType = elementType
      byteCount = elementType.itemSize
    }

    /// Whether it is to NumPy a type that is yet to get its size: it refuses a shape for it, and
    /// takes `('S', 3)` for `S3`.
    var isUnsized: Bool {
      guard byteCount == 0 else { return false }
      if case .record = elementType.kind { return !subarrays.isEmpty }
      return true
    }

    /// Whether it is padding where it has no name: NumPy's subarrays are void too.
    var isVoid: Bool { !subarrays.isEmpty || elementType.kind == .void }
  }

  /// The rules of `np.lib.format.descr_to_dtype`.
  private static func described(
    _ literal: PythonLiteral, in bytes: Span<UInt8>
  ) throws(HeaderError) -> Described {
    switch literal.value {
    case .string(let text):
      do {
        return Described(try ElementType(text))
      } catch {
        throw fault(error, literal, bytes)
      }
    case .list(let items):
      return Described(try record(items, in: bytes))
    case .tuple(let parts) where parts.count == 2:
      return try subarray(of: described(parts[0], in: bytes), shape: parts[1], in: bytes)
    default:
      throw fault(.notADescription, literal, bytes)
    }
  }

  /// Sizes add up, and nameless void is padding.
  private static func record(
    _ items: [PythonLiteral], in bytes: Span<UInt8>
  ) throws(HeaderError) -> ElementType {
    var fields: [Field] = []
    // Python's strings are equal where their characters are; Swift's also where they mean the same.
    var taken: Set<[Unicode.Scalar]> = []
    var offset = 0
    for item in items {
      guard case .tuple(let parts) = item.value, parts.count == 2 || parts.count == 3 else {
        throw fault(.malformedField, item, bytes)
      }
      let (name, title) = try fieldNames(parts[0], in: bytes)
      var described = try described(parts[1], in: bytes)
      if parts.count == 3 {
        described = try subarray(of: described, shape: parts[2], in: bytes)
      }
      let (end, overflow) = offset.addingReportingOverflow(described.byteCount)
      guard !overflow, end <= mostItemBytes else { throw fault(.itemTooLarge, item, bytes) }
      if !(name.isEmpty && title == nil && described.isVoid) {
        for name in [name, title].compactMap(\.self) {
          guard taken.insert(Array(name.unicodeScalars)).inserted else {
            throw fault(.duplicateName(name), item, bytes)
          }
        }
        fields.append(
          Field(
            name: name, title: title, elementType: described.elementType,
            subarrays: described.subarrays, offset: offset))
      }
      offset = end
    }
    return ElementType(.record(fields), itemSize: offset)
  }

  private static func subarray(
    of described: Described, shape literal: PythonLiteral, in bytes: Span<UInt8>
  ) throws(HeaderError) -> Described {
    let shape = try subarrayShape(literal, in: bytes)
    guard !described.isUnsized else { throw fault(.malformedField, literal, bytes) }
    guard !shape.isEmpty else { return described }
    // As in NumPy, lengths must not overflow before the first 0, and may after it.
    guard
      let head = checkedProduct(Array(shape.prefix { $0 > 0 })),
      case let count = shape.contains(0) ? 0 : head, count <= mostItemBytes,
      let size = checkedProduct([count, described.byteCount]), size <= mostItemBytes
    else { throw fault(.itemTooLarge, literal, bytes) }
    var subarray = described
    subarray.subarrays.insert(shape, at: 0)
    subarray.byteCount = size
    return subarray
  }

  private static func fieldNames(
    _ literal: PythonLiteral, in bytes: Span<UInt8>
  ) throws(HeaderError) -> (name: String, title: String?) {
    switch literal.value {
    case .string(let name):
      return (name, nil)
    case .tuple(let pair):
      guard pair.count == 2, case .string(let title) = pair[0].value,
        case .string(let name) = pair[1].value
      else { fallthrough }
      return (name, title)
    default:
      throw fault(.malformedField, literal, bytes)
    }
  }

  private static func subarrayShape(
    _ literal: PythonLiteral, in bytes: Span<UInt8>
  ) throws(HeaderError) -> [Int] {
    let items: [PythonLiteral]
    switch literal.value {
    case .integer: items = [literal]
    case .tuple(let lengths): items = lengths
    // To NumPy `[]` is a record without fields.
    case .list(let lengths) where !lengths.isEmpty: items = lengths
    default: throw fault(.malformedField, literal, bytes)
    }
    guard items.count <= mostAxes else { throw fault(.malformedField, literal, bytes) }
    var shape: [Int] = []
    for item in items {
      guard case .integer(let length) = item.value else {
        throw fault(.malformedField, literal, bytes)
      }
      guard let length, length <= mostItemBytes else { throw fault(.itemTooLarge, literal, bytes) }
      guard length >= 0 else { throw fault(.malformedField, literal, bytes) }
      shape.append(length)
    }
    return shape
  }

  private static func fault(
    _ reason: DescrFault, _ literal: PythonLiteral, _ bytes: Span<UInt8>
  ) -> HeaderError {
    .unsupportedDescr(
      found: quotedText(bytes, literal.range), offset: literal.range.lowerBound, reason: reason)
  }

  // MARK: - Writing

  /// The type as `np.save` writes it: what `np.lib.format.dtype_to_descr` gives, as Python text.
  public var descr: String {
    guard case .record(let fields) = kind else { return "'\(typeString)'" }
    var items: [String] = []
    var offset = 0
    for field in fields {
      if field.offset > offset { items.append("('', '|V\(field.offset - offset)')") }
      let name = pythonRepr(field.name)
      let names = field.title.map { "(\(pythonRepr($0)), \(name))" } ?? name
      var type = field.elementType.descr
      for shape in field.subarrays.dropFirst().reversed() {
        type = "(\(type), \(tupleText(shape)))"
      }
      let shape = field.subarrays.first.map { ", \(tupleText($0))" } ?? ""
      items.append("(\(names), \(type)\(shape))")
      offset = field.offset + field.byteCount
    }
    if itemSize > offset { items.append("('', '|V\(itemSize - offset)')") }
    return "[\(items.joined(separator: ", "))]"
  }
}

extension ElementType.TimeUnit {
  /// The unit of a type that names none.
  static let generic = ElementType.TimeUnit(base: .generic, multiple: 1)
}
