/// What the head of a `.npy` file says of the array in it, and where the array's bytes lie.
///
/// ```
/// 93 N U M P Y │ major minor │ HEADER_LEN │ {'descr': …, 'fortran_order': …, 'shape': …} │ data
/// ├─ 6 bytes ──┼─ 2 bytes ───┼ 2 or 4 bytes ┼─────────── HEADER_LEN bytes ────────────────┤
/// └ headerOffset                                                                  dataOffset ┘
/// ```
///
/// The data begins where the header ends: at 10 + HEADER_LEN in version 1.0, at 12 + HEADER_LEN in
/// versions 2.0 and 3.0. That is 128 for most arrays that NumPy saves, and something else for many.
public struct NPYHeader: Hashable, Sendable {
  /// The version of the format; nil where the caller described the array, as for `np.memmap`.
  public let version: Version?
  /// Where the magic string begins in the file, in bytes.
  public let headerOffset: Int
  /// Where the data begins in the file, in bytes.
  public let dataOffset: Int
  /// What one element is: NumPy's `dtype`.
  public let elementType: ElementType
  /// The fields of a record, in file order without padding: name, title, type, offset and shape of
  /// each; empty for any other type.
  public var fields: [ElementType.Field] { elementType.fields }
  /// The length of each axis, slowest first in C order; empty for a single element (0-d).
  public let shape: [Int]
  /// Which axis is contiguous: the last (`.c`) or the first (`.fortran`).
  public let order: MemoryOrder
  /// What is legal in the header, but not what `np.save` of today would write.
  public let oddities: [Oddity]

  /// The number of elements.
  public var elementCount: Int { shape.reduce(1, &*) }
  /// The size of the data in bytes: NumPy's `nbytes`.
  public var dataByteCount: Int { elementCount &* elementType.itemSize }
  /// Where the data ends in the file, and where another array could begin.
  public var dataEnd: Int { dataOffset &+ dataByteCount }

  // The products above cannot overflow: this is the only way in, and checks them (`Bounds`, 1).
  init(
    version: Version?, headerOffset: Int, dataOffset: Int, elementType: ElementType,
    shape: [Int], order: MemoryOrder, oddities: [Oddity] = []
  ) throws(HeaderError) {
    guard shape.count <= mostAxes else { throw .tooManyAxes(count: shape.count, limit: mostAxes) }
    guard dataOffset >= 0, shape.allSatisfy({ $0 >= 0 }) else {
      throw .invalidLayout(shape: shape, offset: dataOffset)
    }
    // As in NumPy, an axis of no elements does not excuse the others from fitting.
    guard let count = checkedProduct(shape.map { max($0, 1) }),
      let extent = checkedProduct([count, elementType.itemSize]),
      !extent.addingReportingOverflow(dataOffset).overflow
    else { throw .tooBig(shape: shape, itemSize: elementType.itemSize) }
    self.version = version
    self.headerOffset = headerOffset
    self.dataOffset = dataOffset
    self.elementType = elementType
    self.shape = shape
    self.order = order
    self.oddities = oddities
  }
}

extension NPYHeader {
  /// A version of the `.npy` format.
  public enum Version: UInt8, Hashable, Sendable, CustomStringConvertible {
    /// Version 1.0: a header of up to 65 535 bytes in Latin-1.
    case v1 = 1
    /// Version 2.0: a header of up to 2³² − 1 bytes in Latin-1.
    case v2 = 2
    /// Version 3.0: as 2.0, in UTF-8.
    case v3 = 3

    /// The version with its minor number: `1.0`.
    public var description: String { "\(rawValue).0" }

    /// The bytes before the header's text: magic, version and length.
    var prefixByteCount: Int { self == .v1 ? 10 : 12 }
  }

  /// Something legal in a header that NumPy of today does not write: another program did, or an
  /// old NumPy.
  @nonexhaustive
  public enum Oddity: Hashable, Sendable, CustomStringConvertible {
    /// The data does not begin at a multiple of 64.
    case dataOffsetNotMultipleOf64(Int)
    /// The elements do not lie at multiples of their own alignment.
    case misalignedElements(alignment: Int)
    /// The header does not end in a newline.
    case noFinalNewline
    /// A key stands twice; the last one counts.
    case repeatedKey(String)
    /// Numbers have the suffix of Python 2, as in `3L`.
    case pythonTwoIntegers
    /// Version 2.0 or 3.0 for a header that 1.0 could hold.
    case versionHigherThanNeeded(Version)

    /// What is odd.
    public var description: String {
      switch self {
      case .dataOffsetNotMultipleOf64(let offset):
        "the data offset \(offset) is not a multiple of 64"
      case .misalignedElements(let alignment):
        "the elements are not aligned to \(alignment) bytes"
      case .noFinalNewline: "the header does not end in a newline"
      case .repeatedKey(let key): "the key '\(key)' stands twice; the last one counts"
      case .pythonTwoIntegers: "the shape has the long integers of Python 2"
      case .versionHigherThanNeeded(let version):
        "format version \(version), though version 1.0 could hold the header"
      }
    }
  }
}
