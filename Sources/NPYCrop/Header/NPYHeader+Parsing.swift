/// The fixed bytes at the head of a `.npy`: which version it is and how long its header.
struct NPYPrefix {
  /// The bytes of the longest prefix.
  static let mostBytes = 12
  static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]

  let version: NPYHeader.Version
  /// HEADER_LEN: the bytes of the header's text.
  let headerLength: Int
  /// The bytes of prefix and text together.
  var byteCount: Int { version.prefixByteCount + headerLength }

  /// Reads the first bytes of a file of which `available` bytes follow from the magic on.
  ///
  /// - Parameters:
  ///   - bytes: At least the first `mostBytes` bytes, or all there are.
  ///   - available: The bytes from the magic to the end of the file.
  ///   - maxHeaderSize: How many characters the header may have.
  /// - Throws: ``HeaderError`` where the file is another one, or too short for its header.
  init(_ bytes: Span<UInt8>, available: Int, maxHeaderSize: Int) throws(HeaderError) {
    guard bytes.count > 0 else { throw .emptyFile }
    for index in 0..<min(bytes.count, Self.magic.count) where bytes[index] != Self.magic[index] {
      throw .notNPY(HeaderError.Signature(bytes))
    }
    guard bytes.count >= 8 else { throw .prefixCut(needed: 8, found: bytes.count) }
    guard let version = NPYHeader.Version(rawValue: bytes[6]), bytes[7] == 0 else {
      throw .unsupportedVersion(major: bytes[6], minor: bytes[7])
    }
    guard bytes.count >= version.prefixByteCount else {
      throw .prefixCut(needed: version.prefixByteCount, found: bytes.count)
    }
    var length = 0
    for index in (8..<version.prefixByteCount).reversed() {
      length = length << 8 | Int(bytes[index])
    }
    guard length <= available - version.prefixByteCount else {
      throw .headerPastEnd(length: length, available: available - version.prefixByteCount)
    }
    // A character of UTF-8 has at most four bytes.
    let mostBytes = max(maxHeaderSize, 0).multipliedReportingOverflow(
      by: version == .v3 ? 4 : 1)
    guard mostBytes.overflow || length <= mostBytes.partialValue else {
      throw .headerTooLong(length: length, limit: maxHeaderSize)
    }
    self.version = version
    headerLength = length
  }
}

extension NPYHeader {
  /// Reads a whole header, from the magic string to the end of the dictionary's text.
  ///
  /// - Parameters:
  ///   - bytes: The bytes that `prefix` says the header has.
  ///   - prefix: What the first bytes said.
  ///   - headerOffset: Where `bytes` begin in the file.
  ///   - maxHeaderSize: How many characters the header may have.
  /// - Throws: ``HeaderError`` for whatever is wrong with the text.
  init(
    _ bytes: Span<UInt8>, prefix: NPYPrefix, headerOffset: Int, maxHeaderSize: Int
  ) throws(HeaderError) {
    if prefix.version == .v3 { try Self.checkUTF8(bytes, prefix, maxHeaderSize) }
    var parser = PythonLiteralParser(
      encoding: prefix.version == .v3 ? .utf8 : .latin1, position: prefix.version.prefixByteCount)
    let literal = try parser.wholeLiteral(bytes)
    guard case .dictionary(let pairs) = literal.value else {
      throw .notADictionary(found: quotedText(bytes, literal.range))
    }
    var (descr, order, shape): (PythonLiteral?, PythonLiteral?, PythonLiteral?)
    var oddities: [NPYHeader.Oddity] = []
    func take(_ found: PythonLiteral, as value: inout PythonLiteral?, _ key: String) {
      if value != nil { oddities.append(.repeatedKey(key)) }
      value = found
    }
    for pair in pairs {
      switch pair.key.value {
      case .string("descr"): take(pair.value, as: &descr, "descr")
      case .string("fortran_order"): take(pair.value, as: &order, "fortran_order")
      case .string("shape"): take(pair.value, as: &shape, "shape")
      default:
        throw .unexpectedKey(
          quotedText(bytes, pair.key.range), offset: pair.key.range.lowerBound)
      }
    }
    guard let descr else { throw .missingKey("descr") }
    guard let order else { throw .missingKey("fortran_order") }
    let memoryOrder = try Self.order(order, in: bytes)
    guard let shape else { throw .missingKey("shape") }
    let lengths = try Self.shape(shape, in: bytes)
    let elementType = try ElementType(descr: descr, in: bytes)
    let dataOffset = headerOffset + prefix.byteCount

    if parser.sawLongSuffix { oddities.append(.pythonTwoIntegers) }
    if bytes[bytes.count - 1] != UInt8(ascii: "\n") { oddities.append(.noFinalNewline) }
    if dataOffset % 64 != 0 { oddities.append(.dataOffsetNotMultipleOf64(dataOffset)) }
    let alignment = min(elementType.unitSize, 16)
    if alignment > 1, dataOffset % alignment != 0 {
      oddities.append(.misalignedElements(alignment: alignment))
    }
    if Self.couldBeVersion1(bytes, prefix) {
      oddities.append(.versionHigherThanNeeded(prefix.version))
    }
    try self.init(
      version: prefix.version, headerOffset: headerOffset, dataOffset: dataOffset,
      elementType: elementType, shape: lengths, order: memoryOrder, oddities: oddities)
  }

  private static func checkUTF8(
    _ bytes: Span<UInt8>, _ prefix: NPYPrefix, _ maxHeaderSize: Int
  ) throws(HeaderError) {
    let start = prefix.version.prefixByteCount
    do {
      _ = try UTF8Span(validating: bytes.extracting(start..<bytes.count))
    } catch {
      throw .invalidUTF8(offset: start + error.byteOffsets.lowerBound)
    }
    var characters = 0
    for index in start..<bytes.count where bytes[index] & 0xC0 != 0x80 { characters += 1 }
    guard characters <= maxHeaderSize else {
      throw .headerTooLong(length: characters, limit: maxHeaderSize)
    }
  }

  private static func order(
    _ literal: PythonLiteral, in bytes: Span<UInt8>
  ) throws(HeaderError) -> MemoryOrder {
    guard case .boolean(let isFortran) = literal.value else {
      throw .invalidOrder(
        found: quotedText(bytes, literal.range), offset: literal.range.lowerBound)
    }
    return isFortran ? .fortran : .c
  }

  private static func shape(
    _ literal: PythonLiteral, in bytes: Span<UInt8>
  ) throws(HeaderError) -> [Int] {
    func fault() -> HeaderError {
      .invalidShape(found: quotedText(bytes, literal.range), offset: literal.range.lowerBound)
    }
    guard case .tuple(let items) = literal.value else { throw fault() }
    var shape: [Int] = []
    for item in items {
      // A length past Int.max is past what any file can hold.
      guard case .integer(.some(let length)) = item.value, length >= 0 else { throw fault() }
      shape.append(length)
    }
    return shape
  }

  private static func couldBeVersion1(_ bytes: Span<UInt8>, _ prefix: NPYPrefix) -> Bool {
    guard prefix.version != .v1, prefix.headerLength <= Int(UInt16.max) else { return false }
    guard prefix.version == .v3 else { return true }
    // Latin-1 ends at U+00FF, whose first byte in UTF-8 is C3.
    for index in prefix.version.prefixByteCount..<bytes.count where bytes[index] > 0xC3 {
      return false
    }
    return true
  }
}

extension HeaderError.Signature {
  init(_ bytes: Span<UInt8>) {
    func begins(_ signature: [UInt8]) -> Bool {
      guard bytes.count >= signature.count else { return false }
      for index in signature.indices where bytes[index] != signature[index] { return false }
      return true
    }
    if begins([0x50, 0x4B, 3, 4]) || begins([0x50, 0x4B, 5, 6]) {
      self = .zip
    } else if begins([0x1F, 0x8B]) {
      self = .gzip
    } else if begins([0x80]) && bytes.count > 1 && (2...5).contains(bytes[1]) {
      self = .pickle
    } else if begins([0xC2] + NPYPrefix.magic.prefix(5)) {
      self = .textMagic
    } else if begins(Array("version ".utf8)) {
      self = .gitLFSPointer
    } else {
      var first: [UInt8] = []
      for index in 0..<min(bytes.count, 6) { first.append(bytes[index]) }
      self = .unknown(firstBytes: first)
    }
  }
}
