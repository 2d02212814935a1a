import NPYCrop

/// An array as NumPy's `repr` writes it with its default options.
struct ArrayText {
  /// More elements than this are summarised.
  static let threshold = 1000
  /// As many indices are shown at each end of an axis of an array that is summarised.
  static let edge = 3
  private static let lineWidth = 75
  /// As much text as the longest number is written with.
  private static let bytesOfElement = 32

  /// What the elements are said to be.
  private let type: ElementType
  private let itemSize: Int
  private let shape: [Int]
  /// The axes as they are shown.
  private let shownShape: [Int]
  private let isSummary: Bool
  private let write: (Int) -> String

  /// - Parameters:
  ///   - crop: The elements that are shown, in C order.
  ///   - shape: The shape of the array that they are of, or that they are the ends of.
  ///   - type: What they are said to be.
  init(_ crop: RawCrop, of shape: [Int], named type: ElementType) {
    self.type = type
    itemSize = crop.elementType.itemSize
    self.shape = shape
    shownShape = crop.shape
    isSummary = Self.isSummarised(shape)
    // The shape of a crop can be counted, whichever of its lengths are multiplied.
    let count = crop.shape.reduce(1, *)
    write = ElementText(crop.bytes).writer(
      crop.elementType, at: (0..<count).map { $0 * crop.elementType.itemSize },
      isSingle: shape.isEmpty)
  }

  /// Whether an array of a shape is summarised.
  static func isSummarised(_ shape: [Int]) -> Bool {
    !shape.contains(0) && shape.reduce(1, saturatingProduct) > threshold
  }

  /// How many elements of an array of a shape are written: parts of records one by one, and of long texts
  /// so many bytes as one.
  static func writtenCount(_ type: ElementType, _ shape: [Int]) -> Int {
    let isCut = isSummarised(shape)
    var count = 1
    // Of an axis without elements the brackets are written, as many as there are of them.
    for length in shape.prefix(while: { $0 > 0 }) {
      count = saturatingProduct(count, isCut ? min(length, 2 * edge) : length)
    }
    let parts = type.fields.reduce(0) { sum, field in
      let (count, overflow) = sum.addingReportingOverflow(
        writtenCount(field.elementType, field.shape))
      return overflow ? .max : count
    }
    let weight = type.fields.isEmpty ? type.itemSize / bytesOfElement : parts
    return saturatingProduct(count, max(weight, 1))
  }

  private static func saturatingProduct(_ left: Int, _ right: Int) -> Int {
    let (product, overflow) = left.multipliedReportingOverflow(by: right)
    return overflow ? .max : product
  }

  /// The text, of several lines.
  var text: String {
    var extras: [String] = []
    let isEmpty = shape.contains(0)
    if isEmpty && shape != [0] || isSummary { extras.append("shape=\(tuple(shape))") }
    if !isImplied || isEmpty { extras.append("dtype=\(typeText)") }
    let start =
      "array("
      + (isEmpty ? "[]" : elements(axis: 0, from: 0, indent: "       ", width: Self.lineWidth - 1))
    guard !extras.isEmpty else { return start + ")" }
    let end = extras.joined(separator: ", ") + ")"
    let line = start.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
    let fits = line.unicodeScalars.count + 1 + end.unicodeScalars.count + 1 <= Self.lineWidth
    return start + "," + (fits ? " " : "\n      ") + end
  }

  /// The elements from a place on, in brackets for each axis that is left.
  private func elements(axis: Int, from first: Int, indent: String, width: Int) -> String {
    guard axis < shape.count else { return write(first * itemSize) }
    let stride = shownShape[(axis + 1)...].reduce(1, *)
    let isCut = isSummary && shape[axis] > 2 * Self.edge
    let isLast = axis == shape.count - 1
    var text = ""
    var line = indent
    for index in 0..<shownShape[axis] {
      let isLastIndex = index == shownShape[axis] - 1
      if isCut, index == Self.edge {
        if isLast {
          extend(&text, &line, "...", width - 1, indent)
          line += ", "
        } else {
          text += indent + "...," + String(repeating: "\n", count: shape.count - axis - 1)
        }
      }
      let element = elements(
        axis: axis + 1, from: first + index * stride, indent: indent + " ", width: width - 1)
      if isLast {
        extend(&text, &line, element, width - 1, indent)
        if !isLastIndex { line += ", " }
      } else {
        text += indent + element
        if !isLastIndex {
          text += "," + String(repeating: "\n", count: shape.count - axis - 1)
        }
      }
    }
    if isLast { text += line }
    return "[" + text.dropFirst(indent.count) + "]"
  }

  /// Adds a word to a line, or begins the next one with it.
  private func extend(
    _ text: inout String, _ line: inout String, _ word: String, _ width: Int, _ indent: String
  ) {
    let isFull = line.unicodeScalars.count + word.unicodeScalars.count > width
    if isFull, line.count > indent.count {
      while line.last == " " { line.removeLast() }
      text += line + "\n"
      line = indent
    }
    line += word
  }

  /// Whether the elements show what type they are of.
  private var isImplied: Bool {
    guard type.isNative else { return false }
    switch (type.kind, type.itemSize) {
    case (.bool, _), (.int, 8), (.float, 8), (.complex, 16): return true
    default: return false
    }
  }

  private var typeText: String {
    switch type.kind {
    case .record: return recordText(type)
    case .bytes, .str, .void: return "'\(type.typeString)'"
    default: break
    }
    guard type.isNative else { return "'\(type.typeString)'" }
    let isWord = type.name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    return isWord ? type.name : "'\(type.name)'"
  }
}

/// A record as NumPy's `str(dtype)` writes it: its fields, or with gaps between them where they lie.
private func recordText(_ type: ElementType) -> String {
  func name(_ field: ElementType.Field) -> String {
    pythonText(field.name.unicodeScalars.map(\.value))
  }
  func named(_ field: ElementType.Field) -> String {
    field.title.map { "(\(pythonText($0.unicodeScalars.map(\.value))), \(name(field)))" }
      ?? name(field)
  }
  func format(_ type: ElementType) -> String {
    if case .record = type.kind { return recordText(type) }
    var text = type.kind == .bool ? "?" : type.typeString
    if text.first == "|" { text.removeFirst() }
    if type.itemSize == 0 { text.removeLast() }
    return "'\(text)'"
  }
  func format(_ type: ElementType, _ subarrays: ArraySlice<[Int]>) -> String {
    subarrays.reversed().reduce(format(type)) { "(\($0), \(tuple($1)))" }
  }
  let fields = type.fields
  var end = 0
  let isPacked = fields.allSatisfy { field in
    defer { end = field.offset + field.byteCount }
    return field.offset == end
  }
  if isPacked, end == type.itemSize {
    let texts = fields.map { field in
      let inner = format(field.elementType, field.subarrays.dropFirst())
      let shape = field.subarrays.first.map { ", \(tuple($0))" } ?? ""
      return "(\(named(field)), \(inner)\(shape))"
    }
    return "[\(texts.joined(separator: ", "))]"
  }
  let formats = fields.map { format($0.elementType, $0.subarrays[...]) }
  let titles =
    fields.contains { $0.title != nil }
    ? ", 'titles': ["
      + fields.map { $0.title.map { pythonText($0.unicodeScalars.map(\.value)) } ?? "None" }
      .joined(separator: ", ") + "]" : ""
  return "{'names': [\(fields.map(name).joined(separator: ", "))], "
    + "'formats': [\(formats.joined(separator: ", "))], "
    + "'offsets': [\(fields.map { String($0.offset) }.joined(separator: ", "))]\(titles), "
    + "'itemsize': \(type.itemSize)}"
}
