extension String {
  /// A name for a message: as it is, with `\xE9` for each byte that is not part of UTF-8.
  package init(shownPath bytes: [UInt8]) {
    if let text = String(validating: bytes, as: UTF8.self) {
      self = text
      return
    }
    self.init(
      bytes, keeping: { _ in true },
      replacing: { byte in "\\x\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))" }
    )
  }

  /// Bytes as text, where something else stands for those that are not part of UTF-8.
  ///
  /// - Parameters:
  ///   - bytes: What is mostly UTF-8.
  ///   - isKept: Whether a character is taken over; if not, its bytes are replaced, too.
  ///   - replacement: What stands for a byte.
  package init(
    _ bytes: [UInt8], keeping isKept: (Unicode.Scalar) -> Bool,
    replacing replacement: (UInt8) -> String
  ) {
    self = ""
    var parser = Unicode.UTF8.ForwardParser()
    var source = bytes.makeIterator()
    var rest = bytes[...]
    while true {
      switch parser.parseScalar(from: &source) {
      case .emptyInput:
        return
      case .valid(let units):
        let scalar = Unicode.UTF8.decode(units)
        if isKept(scalar) {
          unicodeScalars.append(scalar)
        } else {
          for byte in rest.prefix(units.count) { append(replacement(byte)) }
        }
        rest = rest.dropFirst(units.count)
      case .error(let length):
        for byte in rest.prefix(length) { append(replacement(byte)) }
        rest = rest.dropFirst(length)
      }
    }
  }
}
