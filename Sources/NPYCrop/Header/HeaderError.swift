/// What is wrong with the head of a `.npy` file, with what was found and what was expected.
///
/// Byte offsets count from the first byte of the magic string.
@nonexhaustive
public enum HeaderError: Error, Hashable, Sendable {
  /// The file has no bytes.
  case emptyFile

  /// The file does not begin with `\x93NUMPY`.
  case notNPY(Signature)

  /// The file ends inside the magic string, the version or the header's length.
  case prefixCut(needed: Int, found: Int)

  /// A version of the format other than 1.0, 2.0 and 3.0.
  case unsupportedVersion(major: UInt8, minor: UInt8)

  /// The header is longer than the caller allows.
  case headerTooLong(length: Int, limit: Int)

  /// The header's declared length passes the end of the file.
  case headerPastEnd(length: Int, available: Int)

  /// A version 3.0 header that is not UTF-8.
  case invalidUTF8(offset: Int)

  /// The header is no Python literal.
  case syntax(offset: Int, found: String, expected: String)

  /// Brackets nested deeper than any real header.
  case nestedTooDeep(offset: Int, limit: Int)

  /// The header is a literal, but not a dictionary.
  case notADictionary(found: String)

  /// A key that every header has is missing.
  case missingKey(String)

  /// A key that no header has.
  case unexpectedKey(String, offset: Int)

  /// `fortran_order` is neither `True` nor `False`.
  case invalidOrder(found: String, offset: Int)

  /// `shape` is not a tuple of lengths.
  case invalidShape(found: String, offset: Int)

  /// More axes than NumPy has.
  case tooManyAxes(count: Int, limit: Int)

  /// `descr` is no element type that can be read.
  case unsupportedDescr(found: String, offset: Int, reason: DescrFault)

  /// The shape and the element type ask for more bytes than can be counted.
  case tooBig(shape: [Int], itemSize: Int)

  /// The file ends before the array does.
  case dataCut(needed: Int, found: Int, shape: [Int], itemSize: Int, dataOffset: Int)

  /// The caller described an array that cannot be: a length or an offset is negative.
  case invalidLayout(shape: [Int], offset: Int)
}

extension HeaderError {
  /// What another file format begins with.
  @nonexhaustive
  public enum Signature: Hashable, Sendable {
    /// A zip archive, as `.npz` files are.
    case zip
    /// A gzip stream.
    case gzip
    /// A Python pickle.
    case pickle
    /// A `.npy` whose magic was written as text: `\x93` became two bytes.
    case textMagic
    /// A pointer that Git LFS puts in place of a large file.
    case gitLFSPointer
    /// None of these: the file's first bytes.
    case unknown(firstBytes: [UInt8])
  }
}

/// Why a `descr` cannot be read.
@nonexhaustive
public enum DescrFault: Error, Hashable, Sendable {
  /// It names no element type.
  case unknownType
  /// It holds Python objects, which are stored as a pickle.
  case objects
  /// It is neither a string nor a list of fields, nor a pair of one of these and a shape.
  case notADescription
  /// It is a type with a shape, which only a field can have.
  case subarrayOutsideField
  /// It is a string of several types or a type with a shape, which `np.save` does not write.
  case compositeString
  /// A field is not `(name, descr)` or `(name, descr, shape)`, or a shape is not one of lengths, or is
  /// that of a type without a size.
  case malformedField
  /// Two fields share a name or a title.
  case duplicateName(String)
  /// An item is larger than NumPy allows (2³¹ − 1 bytes).
  case itemTooLarge
}

extension HeaderError: CustomStringConvertible {
  /// What was found, what was expected and, where something can be done, what.
  public var description: String {
    switch self {
    case .emptyFile:
      return "the file is empty; expected a .npy file, which begins with \\x93NUMPY"
    case .notNPY(let signature):
      return "not a .npy file: \(signature)"
    case .prefixCut(let needed, let found):
      return "the file ends inside the header: \(needed) bytes wanted, \(found) found"
    case .unsupportedVersion(let major, let minor):
      return "format version \(major).\(minor) found; versions 1.0, 2.0 and 3.0 can be read"
    case .headerTooLong(let length, let limit):
      return "the header has \(length) characters, more than the limit of \(limit); "
        + "raise the limit (maxHeaderSize, --max-header-size) if you trust the file"
    case .headerPastEnd(let length, let available):
      return "the header is said to have \(length) bytes, but the file has \(available) more; "
        + "it was cut short, or is not a .npy file"
    case .invalidUTF8(let offset):
      return "the header is not valid UTF-8 at byte \(offset), as format version 3.0 must be"
    case .syntax(let offset, let found, let expected):
      return "header, byte \(offset): found \(found), expected \(expected)"
    case .nestedTooDeep(let offset, let limit):
      return "header, byte \(offset): brackets nested deeper than \(limit)"
    case .notADictionary(let found):
      return "the header is \(found), expected a dictionary with descr, fortran_order and shape"
    case .missingKey(let key):
      return "the header has no '\(key)'; expected descr, fortran_order and shape"
    case .unexpectedKey(let key, let offset):
      return "header, byte \(offset): key \(key) found; "
        + "expected descr, fortran_order and shape alone"
    case .invalidOrder(let found, let offset):
      return "header, byte \(offset): fortran_order is \(found), expected True or False"
    case .invalidShape(let found, let offset):
      return "header, byte \(offset): shape is \(found), "
        + "expected a tuple of lengths such as (3, 4) or (3,)"
    case .tooManyAxes(let count, let limit):
      return "the shape has \(count) axes; NumPy has at most \(limit)"
    case .unsupportedDescr(let found, let offset, let reason):
      return "header, byte \(offset): descr is \(found): \(reason)"
    case .tooBig(let shape, let itemSize):
      return "the array is too big: shape \(tupleText(shape)) of \(itemSize)-byte elements "
        + "passes 2^63 bytes"
    case .dataCut(let needed, let found, let shape, let itemSize, let dataOffset):
      return "the shape \(tupleText(shape)) of \(itemSize)-byte elements asks for \(needed) bytes "
        + "from offset \(dataOffset), the file has \(found); it was cut short, or the shape is wrong"
    case .invalidLayout(let shape, let offset):
      return "shape \(tupleText(shape)) at offset \(offset): lengths and offsets are never negative"
    }
  }
}

extension HeaderError.Signature: CustomStringConvertible {
  /// What the file seems to be, and what to do with it.
  public var description: String {
    switch self {
    case .zip:
      "it is a zip archive, probably an .npz; extract the member that you want, it is a .npy"
    case .gzip:
      "it is compressed with gzip; decompress it first, compressed bytes cannot be mapped"
    case .pickle:
      "it is a Python pickle, which is never read; save the array with np.save"
    case .textMagic:
      "its magic string was written as text (UTF-8), so the file is damaged; write it as bytes"
    case .gitLFSPointer:
      "it is a Git LFS pointer; fetch the file itself with 'git lfs pull'"
    case .unknown(let bytes):
      "it begins with \(hexText(bytes)), expected 93 4E 55 4D 50 59 (\\x93NUMPY)"
    }
  }
}

extension DescrFault: CustomStringConvertible {
  /// The reason in words.
  public var description: String {
    switch self {
    case .unknownType:
      "no element type of NumPy; expected one such as '<f4', '|u1' or 'float32'"
    case .objects:
      "Python objects are stored as a pickle, which is never read; "
        + "save the array with a numeric, text or record type"
    case .notADescription:
      "expected a string, a list of fields or, in a field, a pair (descr, shape)"
    case .subarrayOutsideField:
      "only the type of a field may have a shape; expected a single type or a list of fields, "
        + "and all axes of the array in 'shape'"
    case .compositeString:
      "several types or a shape in one string, which np.save never writes; "
        + "expected a single type or a list of fields"
    case .malformedField:
      "expected a field as (name, descr) or (name, descr, shape), where the type has a size and the "
        + "shape is a length or a tuple of at most 64 such as (2, 3)"
    case .duplicateName(let name):
      "the name '\(name)' is used by two fields"
    case .itemTooLarge:
      "an element has more than 2147483647 bytes, NumPy's limit"
    }
  }
}

private func hexText(_ bytes: [UInt8]) -> String {
  bytes.map { byte in
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.count == 1 ? "0" + digits : digits
  }.joined(separator: " ")
}
