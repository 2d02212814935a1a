extension Region {
  /// The region described by NumPy text: what is written between the brackets of `array[…]`.
  ///
  /// Integers, slices, `...`, `None` or `newaxis`, index lists such as `[0, 2, 5]`, nested ones such as
  /// `[[0, 2], [5, 7]]`, and masks such as `[True, False, True]`. Several lists are paired up element by element, and
  /// their axis is where NumPy has it; `np.ix_([0, 2], [5, 7])` takes the product of lists.
  ///
  /// Negative numbers count from the end and slices are clamped, as in NumPy, except on a padded axis. One
  /// pair of brackets around the whole text is optional. Text such as `[0, 2]` is an error, because it can
  /// mean two indices or a list: write `0, 2` for the indices, or `[[0, 2]]` for the list.
  ///
  /// - Parameter text: The text, such as `10:74, ::-1, ..., -1`.
  /// - Throws: ``RegionError/syntax(text:offset:expected:)`` where it cannot be read, and
  ///   ``RegionError/ambiguousBrackets(text:)`` where it can be read in two ways.
  public init(numpy text: String) throws(RegionError) {
    try self.init(numpy: text, after: Region([], convention: .numpy))
  }

  /// The region described by NumPy text that goes on after another region, such as lists that are too long for text.
  ///
  /// ```swift
  /// let region = try Region(numpy: "::2", after: .points(zs, ys))   // array[zs, ys, ::2]
  /// ```
  ///
  /// - Parameters:
  ///   - text: As for ``init(numpy:)``.
  ///   - first: What stands before the text. Its lists are paired up with those of the text, and its numbers are
  ///     understood as those of the text are.
  /// - Throws: As ``init(numpy:)``.
  public init(numpy text: String, after first: Region) throws(RegionError) {
    var parser = RegionParser(text)
    let selections = first.selections + (try parser.region())
    self.init(
      parser.isProduct || !Self.arePaired(selections)
        ? selections : selections.map { $0.asPaired }, convention: .numpy, fault: first.fault)
  }

  /// Whether the lists of NumPy text are anything else than one list in its place.
  private static func arePaired(_ selections: [AxisSelection]) -> Bool {
    var lists = 0
    var advanced: [Int] = []
    for (position, selection) in selections.enumerated() {
      switch selection.form {
      case .paired, .mask: return true
      case .indices:
        lists += 1
        advanced.append(position)
      // With an index list, NumPy counts integers as lists too.
      case .index: advanced.append(position)
      case .slice, .ellipsis, .newAxis: break
      }
    }
    guard lists > 0, let first = advanced.first, let last = advanced.last else { return false }
    return lists > 1 || last - first + 1 > advanced.count
  }
}

extension AxisSelection {
  /// A list that is paired up with others; anything else as it is.
  fileprivate var asPaired: AxisSelection {
    guard case .indices(let indices) = form else { return self }
    return .paired(indices)
  }
}

/// Reads the text of a region, character by character.
private struct RegionParser {
  private let text: String
  private let bytes: [UInt8]
  private var position = 0
  /// Whether the lists are those of `np.ix_`.
  private(set) var isProduct = false

  init(_ text: String) {
    self.text = text
    bytes = Array(text.utf8)
  }

  mutating func region() throws(RegionError) -> [AxisSelection] {
    skipSpace()
    let close = enclosingBracket()
    if close != nil { position += 1 }
    var selections: [AxisSelection] = []
    if takeProduct() {
      selections = try product()
      isProduct = true
    } else if isAtEnd(close) {
      // `a[()]` takes everything; `a[]` is no Python.
      guard close == UInt8(ascii: ")") else { throw fault("an index, a slice or '...'") }
    } else {
      repeat {
        skipSpace()
        let start = position
        let selection = try selection()
        if case .slice = selection.form, close == UInt8(ascii: ")") {
          // Python has slices within square brackets alone.
          position = start
          throw fault("an index: a slice cannot stand in round brackets")
        }
        selections.append(selection)
        skipSpace()
      } while take(",") && !isAtEnd(close)
    }
    if let close {
      guard peek() == close else { throw fault("',' or the closing bracket") }
      position += 1
      skipSpace()
    }
    guard position == bytes.count else { throw fault("',' or the end of the region") }
    let isListToo = selections.allSatisfy { if case .index = $0.form { true } else { false } }
    guard close != UInt8(ascii: "]") || !isListToo else { throw .ambiguousBrackets(text: text) }
    return selections
  }

  private mutating func isAtEnd(_ close: UInt8?) -> Bool {
    skipSpace()
    return position == bytes.count || peek() == close
  }

  /// The closing bracket, if one pair of brackets encloses the whole text.
  private func enclosingBracket() -> UInt8? {
    guard let open = peek(), open == UInt8(ascii: "[") || open == UInt8(ascii: "(") else {
      return nil
    }
    var depth = 0
    for index in position..<bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "["), UInt8(ascii: "("): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: ")"): depth -= 1
      default: break
      }
      guard depth == 0 else { continue }
      let isLast = bytes[(index + 1)...].allSatisfy(isSpace)
      return isLast ? (open == UInt8(ascii: "[") ? UInt8(ascii: "]") : UInt8(ascii: ")")) : nil
    }
    return nil
  }

  private mutating func selection() throws(RegionError) -> AxisSelection {
    if take("...") || takeWord("Ellipsis") { return .ellipsis }
    if take("[") { return try list().selection }
    let isNone = takeNone()
    let from = isNone ? nil : try number()
    skipSpace()
    guard take(":") else {
      guard !isNone else { return .newAxis }
      guard let from else { throw fault("an index, a slice, '...', 'None' or a list") }
      guard let index = from.exact else { throw fault("an index of at most 19 digits") }
      return AxisSelection(.index(index))
    }
    let to = try bound()
    skipSpace()
    let step = take(":") ? try bound() : nil
    return AxisSelection(
      .slice(from: from?.clamped, to: to?.clamped, by: step?.clamped ?? 1),
      isEndless: from?.isExact == false || to?.isExact == false)
  }

  /// Whether the name of NumPy's product of lists comes next, with its bracket.
  private mutating func takeProduct() -> Bool {
    skipSpace()
    let start = position
    if takeWord("np.ix_") || takeWord("numpy.ix_") || takeWord("ix_") {
      skipSpace()
      if take("(") { return true }
    }
    position = start
    return false
  }

  /// The lists of a product, each along an axis of its own.
  private mutating func product() throws(RegionError) -> [AxisSelection] {
    var selections: [AxisSelection] = []
    while true {
      skipSpace()
      if take(")") { return selections }
      let start = position
      guard take("[") else { throw fault("a list or ')'") }
      guard let indices = try list().productIndices else {
        position = start
        throw fault("a list that is not nested")
      }
      selections.append(.indices(indices))
      skipSpace()
      if take(",") { continue }
      guard take(")") else { throw fault("',' or ')'") }
      return selections
    }
  }

  /// What stands in the brackets of a list.
  private struct ListItems {
    var indices: [Int] = []
    var flags: [Bool] = []
    var shape: [Int] = []

    /// The list as NumPy takes it.
    var selection: AxisSelection {
      if !flags.isEmpty { return .mask(flags, shape: shape) }
      return shape.count == 1 ? .indices(indices) : .paired(indices, shape: shape)
    }

    /// The indices along one axis; nil where it is nested.
    var productIndices: [Int]? {
      guard shape.count == 1 else { return nil }
      return flags.isEmpty ? indices : flags.indices.filter { flags[$0] }
    }
  }

  /// A list whose opening bracket was read, and the lists in it.
  private mutating func list() throws(RegionError) -> ListItems {
    var items = ListItems()
    items.shape = try appendList(to: &items, depth: 1)
    return items
  }

  /// Reads the items of a list up to its closing bracket, and returns its shape.
  private mutating func appendList(
    to items: inout ListItems, depth: Int
  ) throws(RegionError) -> [Int] {
    var inner: [Int]?
    var count = 0
    while true {
      skipSpace()
      if take("]") { return [count] + (inner ?? []) }
      let start = position
      let found = try appendItem(to: &items, depth: depth)
      guard inner ?? found == found else {
        position = start
        throw fault("lists of the same length")
      }
      inner = found
      count += 1
      skipSpace()
      if take(",") { continue }
      guard take("]") else { throw fault("',' or ']'") }
      return [count] + found
    }
  }

  /// Reads an index, a flag or a list, and returns its shape.
  private mutating func appendItem(
    to items: inout ListItems, depth: Int
  ) throws(RegionError) -> [Int] {
    let start = position
    if take("[") {
      guard depth < mostAxes else {
        position = start
        throw fault("lists of at most \(mostAxes) axes")
      }
      return try appendList(to: &items, depth: depth + 1)
    }
    for (word, flag) in [("True", true), ("False", false)] as [(StaticString, Bool)]
    where takeWord(word) {
      items.flags.append(flag)
    }
    if position == start {
      guard let number = try number() else { throw fault("an index or ']'") }
      guard let index = number.exact else { throw fault("an index of at most 19 digits") }
      items.indices.append(index)
    }
    guard items.flags.isEmpty || items.indices.isEmpty else {
      position = start
      throw fault("a list of indices alone or of True and False alone")
    }
    return []
  }

  /// An end or a step of a slice: Python's `None` says the same as nothing.
  private mutating func bound() throws(RegionError) -> Number? {
    skipSpace()
    return takeNone() ? nil : try number()
  }

  private mutating func takeNone() -> Bool {
    takeWord("None") || takeWord("np.newaxis") || takeWord("newaxis")
  }

  /// A whole number; one that does not fit in an `Int` still says on which side.
  private struct Number {
    let exact: Int?
    let isNegative: Bool

    var isExact: Bool { exact != nil }
    var clamped: Int { exact ?? (isNegative ? .min : .max) }
  }

  private mutating func number() throws(RegionError) -> Number? {
    skipSpace()
    let start = position
    var isNegative = false
    while let byte = peek(), byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") {
      if byte == UInt8(ascii: "-") { isNegative.toggle() }
      position += 1
      skipSpace()
    }
    let firstDigit = position
    while let byte = peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      position += 1
    }
    guard position > firstDigit else {
      guard position == start else { throw fault("a digit") }
      return nil
    }
    let digits = String(decoding: bytes[firstDigit..<position], as: UTF8.self)
    guard digits.count == 1 || bytes[firstDigit] != UInt8(ascii: "0") || Int(digits) == 0 else {
      position = firstDigit
      throw fault("a number without leading zeros")
    }
    return Number(exact: Int(isNegative ? "-" + digits : digits), isNegative: isNegative)
  }

  private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ token: StaticString) -> Bool {
    let token = Array(token.description.utf8)
    guard bytes[position...].starts(with: token) else { return false }
    position += token.count
    return true
  }

  private mutating func takeWord(_ word: StaticString) -> Bool {
    let start = position
    guard take(word) else { return false }
    if let next = peek(), next >= 0x80 || next == UInt8(ascii: "_") || isAlphanumeric(next) {
      position = start
      return false
    }
    return true
  }

  private func isAlphanumeric(_ byte: UInt8) -> Bool {
    let letter = byte | 0x20
    return (0x30...0x39).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter)
  }

  private mutating func skipSpace() {
    while let byte = peek(), isSpace(byte) { position += 1 }
  }

  /// What Python skips within brackets: space, tab, newline, return and form feed.
  private func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte) && byte != 0x0B
  }

  private func fault(_ expected: String) -> RegionError {
    .syntax(text: text, offset: position, expected: expected)
  }
}
