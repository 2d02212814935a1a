/// A Python literal as the header of a `.npy` spells it, with the bytes that it came from.
struct PythonLiteral {
  enum Value {
    case string(String)
    /// Nil where the number does not fit in an `Int`.
    case integer(Int?)
    case boolean(Bool)
    case none
    case tuple([PythonLiteral])
    case list([PythonLiteral])
    case dictionary([Pair])
  }

  struct Pair {
    let key: PythonLiteral
    let value: PythonLiteral
  }

  let value: Value
  let range: Range<Int>
}

/// Reads the literals of `ast.literal_eval` that headers are made of.
///
/// Strings in single or double quotation marks, with escapes and the prefix `u`; decimal numbers,
/// with the suffix `L` up to version 2.0; True, False, None; tuples, lists and dictionaries, with or
/// without a last comma; spaces, tabs, form feeds and line ends anywhere between them. What else
/// Python reads, no writer of headers writes, and it is refused: adjacent and triple-quoted strings,
/// other prefixes, comments, backslashes outside of strings, other numbers, expressions.
///
/// The bytes are handed to each method, since a type cannot keep a span.
struct PythonLiteralParser {
  /// How `np.load` decodes the header: Latin-1 up to version 2.0, UTF-8 in version 3.0.
  enum Encoding {
    case latin1
    case utf8
  }

  /// Deeper than any record type, and shallow enough for any stack.
  static let mostNested = 64

  let encoding: Encoding
  private(set) var position: Int
  /// Whether a number had Python 2's suffix, as in `3L`.
  private(set) var sawLongSuffix = false

  init(encoding: Encoding, position: Int) {
    self.encoding = encoding
    self.position = position
  }

  /// The one literal that the bytes from the position on hold, white space around it.
  mutating func wholeLiteral(_ bytes: Span<UInt8>) throws(HeaderError) -> PythonLiteral {
    let literal = try literal(bytes, depth: 0)
    skipSpace(bytes)
    guard position == bytes.count else {
      throw syntax(bytes, expected: "the end of the header")
    }
    return literal
  }

  private mutating func literal(
    _ bytes: Span<UInt8>, depth: Int
  ) throws(HeaderError) -> PythonLiteral {
    skipSpace(bytes)
    let start = position
    guard depth <= Self.mostNested else {
      throw .nestedTooDeep(offset: start, limit: Self.mostNested)
    }
    let value: PythonLiteral.Value
    guard let first = peek(bytes) else { throw syntax(bytes, expected: "a value") }
    switch first {
    case UInt8(ascii: "{"):
      value = try dictionary(bytes, depth: depth)
    case UInt8(ascii: "["):
      position += 1
      value = .list(try items(bytes, until: UInt8(ascii: "]"), depth: depth).items)
    case UInt8(ascii: "("):
      position += 1
      let (items, sawComma) = try items(bytes, until: UInt8(ascii: ")"), depth: depth)
      // Brackets around one value and no comma only group: `(3)` is the number 3.
      value = items.count == 1 && !sawComma ? items[0].value : .tuple(items)
    case UInt8(ascii: "'"), UInt8(ascii: "\""):
      value = .string(try string(bytes))
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"):
      value = .integer(try integer(bytes))
    case _ where isLetter(first):
      value = try word(bytes)
    default:
      throw syntax(bytes, expected: "a value")
    }
    return PythonLiteral(value: value, range: start..<position)
  }

  private mutating func dictionary(
    _ bytes: Span<UInt8>, depth: Int
  ) throws(HeaderError) -> PythonLiteral.Value {
    position += 1
    var pairs: [PythonLiteral.Pair] = []
    while true {
      skipSpace(bytes)
      if take(UInt8(ascii: "}"), bytes) { return .dictionary(pairs) }
      let key = try literal(bytes, depth: depth + 1)
      skipSpace(bytes)
      guard take(UInt8(ascii: ":"), bytes) else { throw syntax(bytes, expected: "':'") }
      pairs.append(PythonLiteral.Pair(key: key, value: try literal(bytes, depth: depth + 1)))
      skipSpace(bytes)
      if take(UInt8(ascii: ","), bytes) { continue }
      guard take(UInt8(ascii: "}"), bytes) else { throw syntax(bytes, expected: "',' or '}'") }
      return .dictionary(pairs)
    }
  }

  private mutating func items(
    _ bytes: Span<UInt8>, until close: UInt8, depth: Int
  ) throws(HeaderError) -> (items: [PythonLiteral], sawComma: Bool) {
    var items: [PythonLiteral] = []
    var sawComma = false
    while true {
      skipSpace(bytes)
      if take(close, bytes) { return (items, sawComma) }
      items.append(try literal(bytes, depth: depth + 1))
      skipSpace(bytes)
      if take(UInt8(ascii: ","), bytes) {
        sawComma = true
        continue
      }
      guard take(close, bytes) else {
        throw syntax(bytes, expected: "',' or '\(Character(Unicode.Scalar(close)))'")
      }
      return (items, sawComma)
    }
  }

  private mutating func integer(_ bytes: Span<UInt8>) throws(HeaderError) -> Int? {
    let start = position
    let isNegative = peek(bytes) == UInt8(ascii: "-")
    if isNegative || peek(bytes) == UInt8(ascii: "+") {
      position += 1
      skipSpace(bytes)
    }
    let firstDigit = position
    var magnitude: Int? = 0
    while let byte = peek(bytes), isDigit(byte) {
      magnitude = magnitude.flatMap { sum in
        let (product, overflow) = sum.multipliedReportingOverflow(by: 10)
        let (next, carried) = product.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
        return overflow || carried ? nil : next
      }
      position += 1
    }
    let digits = position - firstDigit
    guard digits > 0 else { throw syntax(bytes, expected: "a digit") }
    let hasLeadingZero = digits > 1 && bytes[firstDigit] == UInt8(ascii: "0") && magnitude != 0
    if encoding == .latin1, peek(bytes) == UInt8(ascii: "L") {
      position += 1
      sawLongSuffix = true
    }
    if let byte = peek(bytes), isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: ".") {
      position = start
      throw syntax(bytes, expected: "a whole number in decimal digits")
    }
    guard !hasLeadingZero else {
      position = start
      throw syntax(bytes, expected: "a number without leading zeros")
    }
    return isNegative ? magnitude.map { -$0 } : magnitude
  }

  private mutating func word(_ bytes: Span<UInt8>) throws(HeaderError) -> PythonLiteral.Value {
    let start = position
    while let byte = peek(bytes), isLetter(byte) || isDigit(byte) { position += 1 }
    switch asciiText(bytes, start..<position) {
    case "True": return .boolean(true)
    case "False": return .boolean(false)
    case "None": return .none
    case "u", "U":
      if let quote = peek(bytes), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") {
        return .string(try string(bytes))
      }
    default: break
    }
    position = start
    throw syntax(bytes, expected: "a string, a number, True, False, None or a bracket")
  }

  private mutating func string(_ bytes: Span<UInt8>) throws(HeaderError) -> String {
    let start = position
    let quote = bytes[position]
    position += 1
    if position + 1 < bytes.count, bytes[position] == quote, bytes[position + 1] == quote {
      position = start
      throw syntax(bytes, expected: "a string in single quotation marks, not three")
    }
    let first = position
    while let byte = peek(bytes), byte != quote, byte != UInt8(ascii: "\\"),
      (0x20..<0x7F).contains(byte)
    {
      position += 1
    }
    // Nearly always all of it.
    var scalars = asciiText(bytes, first..<position).unicodeScalars
    while let byte = peek(bytes) {
      switch byte {
      case quote:
        position += 1
        let end = position
        skipSpace(bytes)
        if let next = peek(bytes), next == UInt8(ascii: "'") || next == UInt8(ascii: "\"") {
          throw syntax(bytes, expected: "a comma: adjacent strings are not joined")
        }
        position = end
        return String(scalars)
      case UInt8(ascii: "\\"):
        if let scalar = try escape(bytes) { scalars.append(contentsOf: scalar) }
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        throw syntax(bytes, expected: "the end of the string that begins at byte \(start)")
      case 0:
        throw syntax(bytes, expected: "a character of a string")
      default:
        scalars.append(scalar(bytes))
      }
    }
    throw syntax(bytes, expected: "the end of the string that begins at byte \(start)")
  }

  /// The character at the position; in UTF-8 the whole header is known to be valid.
  private mutating func scalar(_ bytes: Span<UInt8>) -> Unicode.Scalar {
    let first = bytes[position]
    position += 1
    guard encoding == .utf8, first >= 0x80 else { return Unicode.Scalar(first) }
    let following = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1
    var value = UInt32(first) & (0x3F >> UInt32(following))
    for _ in 0..<following {
      value = value << 6 | UInt32((peek(bytes) ?? 0) & 0x3F)
      position += 1
    }
    return Unicode.Scalar(value) ?? "\u{FFFD}"
  }

  /// What a backslash and the characters after it stand for: nothing for a joined line.
  private mutating func escape(
    _ bytes: Span<UInt8>
  ) throws(HeaderError) -> [Unicode.Scalar]? {
    let start = position
    position += 1
    guard let letter = peek(bytes) else { throw syntax(bytes, expected: "a character") }
    position += 1
    switch letter {
    case UInt8(ascii: "\n"): return nil
    case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): return [Unicode.Scalar(letter)]
    case UInt8(ascii: "a"): return ["\u{07}"]
    case UInt8(ascii: "b"): return ["\u{08}"]
    case UInt8(ascii: "f"): return ["\u{0C}"]
    case UInt8(ascii: "n"): return ["\n"]
    case UInt8(ascii: "r"): return ["\r"]
    case UInt8(ascii: "t"): return ["\t"]
    case UInt8(ascii: "v"): return ["\u{0B}"]
    case UInt8(ascii: "x"): return [try hexScalar(bytes, digits: 2, from: start)]
    case UInt8(ascii: "u"): return [try hexScalar(bytes, digits: 4, from: start)]
    case UInt8(ascii: "U"): return [try hexScalar(bytes, digits: 8, from: start)]
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      var value = UInt32(letter - UInt8(ascii: "0"))
      for _ in 0..<2 {
        guard let digit = peek(bytes), (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit)
        else { break }
        value = value << 3 | UInt32(digit - UInt8(ascii: "0"))
        position += 1
      }
      return [Unicode.Scalar(value) ?? "\u{FFFD}"]
    case UInt8(ascii: "N"), UInt8(ascii: "\r"), 0:
      position = start
      throw syntax(bytes, expected: "an escape such as \\' or \\x41")
    default:
      // Python keeps the backslash of an escape that it does not know.
      position -= 1
      return ["\\"]
    }
  }

  private mutating func hexScalar(
    _ bytes: Span<UInt8>, digits: Int, from start: Int
  ) throws(HeaderError) -> Unicode.Scalar {
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard let digit = peek(bytes), let nibble = Unicode.Scalar(digit).hexDigitValue else {
        position = start
        throw syntax(bytes, expected: "\(digits) hexadecimal digits")
      }
      value = value << 4 | UInt32(nibble)
      position += 1
    }
    guard let scalar = Unicode.Scalar(value) else {
      position = start
      throw syntax(bytes, expected: "a Unicode character")
    }
    return scalar
  }

  // MARK: - Characters

  /// The text of bytes that are ASCII.
  private func asciiText(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
    guard let text = try? UTF8Span(validating: bytes.extracting(range)) else { return "" }
    return String(copying: text)
  }

  private func peek(_ bytes: Span<UInt8>) -> UInt8? {
    position < bytes.count ? bytes[position] : nil
  }

  private mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
    guard peek(bytes) == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace(_ bytes: Span<UInt8>) {
    while let byte = peek(bytes), byte == 0x20 || (0x09...0x0D).contains(byte), byte != 0x0B {
      position += 1
    }
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || byte == UInt8(ascii: "_")
  }

  private func syntax(_ bytes: Span<UInt8>, expected: String) -> HeaderError {
    let found =
      position < bytes.count
      ? quotedText(bytes, position..<min(position + 12, bytes.count)) : "the end of the header"
    return .syntax(offset: position, found: found, expected: expected)
  }
}

extension Unicode.Scalar {
  fileprivate var hexDigitValue: Int? { Character(self).hexDigitValue }
}

/// A piece of the header for an error: printable, on one line, not too long.
func quotedText(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
  let most = 60
  var text = "«"
  for index in range.prefix(most) {
    let byte = bytes[index]
    if (0x20..<0x7F).contains(byte) {
      text.unicodeScalars.append(Unicode.Scalar(byte))
    } else {
      text += byte < 0x10 ? "\\x0" : "\\x"
      text += String(byte, radix: 16)
    }
  }
  return text + (range.count > most ? "…»" : "»")
}
