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
