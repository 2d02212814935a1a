import Glibc
import NPYCrop

/// Whole numbers from a file: lines of as many numbers each, or a `.npy` file of integers.
struct NumberTable {
  /// The numbers, line by line.
  private(set) var numbers: [Int] = []
  /// How many a line has; 0 where there are none.
  private(set) var width = 0

  /// More are refused, before they fill a machine's memory.
  private static let mostNumbers = 1 << 28

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - file: A `.npy` file, or text: numbers with commas, semicolons or blanks between them. A first line that has no
  ///     number is taken for the names of columns; lines that begin with `#` are left out.
  ///   - isTable: Whether each line has the same number of them; else they are one list, however they are broken into
  ///     lines.
  /// - Throws: `ToolFault` and `NPYError`, with the file and the line.
  init(_ file: FileName, isTable: Bool) throws {
    var reader = try ByteReader(file)
    if try reader.isNPY() {
      try readArray(file, isTable: isTable)
    } else {
      try readText(&reader, file, isTable: isTable)
    }
  }

  /// Reads one list of numbers in text.
  ///
  /// - Parameters:
  ///   - reader: The text.
  ///   - file: The name of its file, for messages.
  /// - Throws: `ToolFault`, with the file and the line.
  init(text reader: inout ByteReader, of file: FileName) throws {
    try readText(&reader, file, isTable: false)
  }

  /// How many lines there are.
  var count: Int { width > 0 ? numbers.count / width : 0 }

  // MARK: - Arrays

  private mutating func readArray(_ file: FileName, isTable: Bool) throws {
    let array = try NPYArray(path: file)
    guard array.rank == 1 || array.rank == 2 && isTable else {
      throw ToolFault(
        "\(array.path): expected an array of \(isTable ? "1 or 2 axes" : "1 axis"), not of shape "
          + "\(tuple(array.shape))")
    }
    guard array.elementType.kind == .int || array.elementType.kind == .uint else {
      throw ToolFault(
        "\(array.path): expected integers, not \(array.elementType.name)"
          + (array.elementType.kind == .bool ? "; a mask is given with --mask" : ""))
    }
    guard array.count <= Self.mostNumbers else { throw Self.tooMany(array.path) }
    numbers = try array.converted(to: Int.self, casting: .unsafe).cropRegion(.all).elements
    if array.elementType.kind == .uint, let place = numbers.firstIndex(where: { $0 < 0 }) {
      throw ToolFault("\(array.path): element \(place) is more than any index, \(Int.max)")
    }
    width = array.rank == 2 ? array.shape[1] : 1
  }

  // MARK: - Text

  private mutating func readText(
    _ reader: inout ByteReader, _ file: FileName, isTable: Bool
  ) throws {
    var (line, fields, word): (Int, Int, [UInt8]) = (1, 0, [])
    var isComment = false
    // The line with the names of columns, which has no number.
    var namesLine: Int?
    func fault(_ text: String) -> ToolFault { ToolFault("\(file.shown): line \(line): \(text)") }
    func endWord() throws {
      guard !word.isEmpty else { return }
      defer { word.removeAll(keepingCapacity: true) }
      guard let number = Self.number(word) else {
        guard isTable, numbers.isEmpty, namesLine ?? line == line, !Self.isNumeric(word) else {
          throw fault("expected a whole number, found '\(Self.shown(word))'")
        }
        namesLine = line
        return
      }
      guard namesLine != line else {
        throw fault("expected names or numbers alone, found '\(Self.shown(word))' among names")
      }
      guard numbers.count < Self.mostNumbers else { throw Self.tooMany(file.shown) }
      numbers.append(number)
      fields += 1
    }
    func endLine() throws {
      try endWord()
      defer { (line, fields, isComment) = (line + 1, 0, false) }
      guard isTable, fields > 0 else { return }
      if width == 0 { width = fields }
      guard fields == width else {
        throw fault("\(fields) numbers, but the lines before have \(width)")
      }
    }
    while let bytes = try reader.next() {
      for byte in bytes {
        switch byte {
        case UInt8(ascii: "\n"): try endLine()
        // As in UTF-16, in other binary files, and in a device that never ends.
        case 0: throw fault("found a byte 0; expected text in UTF-8, or a .npy file")
        case _ where isComment: break
        case UInt8(ascii: "#"):
          try endWord()
          isComment = true
        case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: " "), UInt8(ascii: "\t"),
          UInt8(ascii: "\r"):
          try endWord()
        default:
          if word.count <= Self.longestNumber { word.append(byte) }
        }
      }
    }
    try endLine()
    if !isTable { width = numbers.isEmpty ? 0 : 1 }
  }

  /// No number has more characters; of what else is longer a part tells enough.
  private static let longestNumber = 64

  /// A whole number, such as 12, -3 or 12.0; nil for anything else.
  private static func number(_ word: [UInt8]) -> Int? {
    guard word.count <= longestNumber else { return nil }
    // As nearly all are written.
    if word.count < 19, word.first != UInt8(ascii: "-") {
      var number = 0
      if word.allSatisfy({ digit in
        number = number &* 10 &+ Int(digit &- UInt8(ascii: "0"))
        return digit &- UInt8(ascii: "0") < 10
      }) {
        return number
      }
    }
    // As some programs begin a file.
    let word = word.starts(with: [0xEF, 0xBB, 0xBF]) ? word.dropFirst(3) : word[...]
    let text = String(decoding: word, as: UTF8.self)
    if let number = Int(text) { return number }
    // As a program writes whole numbers that it has as floats: each below 2^53 is exact. Not in base 16, which whole
    // numbers are not read in either.
    guard text.allSatisfy({ "0123456789.eE+-".contains($0) }), let value = Double(text),
      value.magnitude <= 9_007_199_254_740_992
    else { return nil }
    return Int(exactly: value)
  }

  /// Whether it begins as numbers do, and so is no name.
  private static func isNumeric(_ word: [UInt8]) -> Bool {
    word.first { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "+") }
      .map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? true
  }

  private static func shown(_ word: [UInt8]) -> String {
    String(decoding: word.prefix(40), as: UTF8.self)
  }

  private static func tooMany(_ path: String) -> ToolFault {
    ToolFault("\(path): more than \(mostNumbers) numbers; crop them in parts")
  }
}
