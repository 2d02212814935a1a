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
        + "expected only descr, fortran_order and shape"
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
        + "exceeds 2^63 bytes"
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
