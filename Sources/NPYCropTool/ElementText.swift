import NPYCrop

/// The elements of a crop as NumPy writes them, all in the form that suits them together.
struct ElementText {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// What writes the element that begins at a byte.
  ///
  /// - Parameters:
  ///   - type: The type of the elements.
  ///   - places: Where all that are shown begin.
  ///   - isSingle: Whether the element stands alone, and not in an array.
  /// - Returns: The text of the element that begins at a byte, as wide as the others.
  func writer(_ type: ElementType, at places: [Int], isSingle: Bool) -> (Int) -> String {
    switch type.kind {
    case .bool:
      return { self.bytes[$0] != 0 ? (isSingle ? "True" : " True") : "False" }
    case .int:
      return aligned(places) { String(self.signed(type, at: $0)) }
    case .uint:
      return aligned(places) { String(self.bits(type.itemSize, type, at: $0)) }
    case .timedelta64:
      return aligned(places) { place in
        let ticks = self.signed(type, at: place)
        return ticks == .min ? "'NaT'" : String(ticks)
      }
    case .datetime64(let unit):
      return aligned(places) { dateText(self.signed(type, at: $0), unit) }
    case .float, .small:
      return floats(type, size: type.itemSize, places, offset: 0, hasPlus: false)
    case .complex:
      let size = type.itemSize / 2
      let real = floats(type, size: size, places, offset: 0, hasPlus: false)
      let imaginary = floats(type, size: size, places, offset: size, hasPlus: true)
      return { place in
        let text = imaginary(place)
        let end = text.lastIndex { $0 != " " }.map { text.index(after: $0) } ?? text.endIndex
        return real(place) + text[..<end] + "j" + text[end...]
      }
    case .bytes:
      return { pythonBytes(self.trimmed(self.bytes[$0..<$0 + type.itemSize])) }
    case .str:
      return { pythonText(self.units(type, at: $0)) }
    case .void:
      return { pythonBytes(self.bytes[$0..<$0 + type.itemSize], escapesAll: true) }
    case .record(let fields):
      let writers = fields.map { self.writer(of: $0, at: places) }
      return { place in
        let texts = writers.map { $0(place) }
        return texts.count == 1 ? "(\(texts[0]),)" : "(\(texts.joined(separator: ", ")))"
      }
    }
  }

  /// What writes a field of the record that begins at a byte, with brackets around a subarray's axes.
  private func writer(of field: ElementType.Field, at places: [Int]) -> (Int) -> String {
    let size = field.elementType.itemSize
    let count = field.shape.reduce(1, *)
    let inner = places.flatMap { place in
      (0..<count).map { place + field.offset + $0 * size }
    }
    let write = writer(field.elementType, at: inner, isSingle: false)
    func text(_ place: Int, _ shape: ArraySlice<Int>) -> String {
      guard let length = shape.first else { return write(place) }
      let stride = shape.dropFirst().reduce(size, *)
      let shown =
        count > ArrayText.threshold && length > 2 * ArrayText.edge
        ? Array(0..<ArrayText.edge) + [-1] + Array(length - ArrayText.edge..<length)
        : Array(0..<length)
      let texts = shown.map { $0 < 0 ? "..." : text(place + $0 * stride, shape.dropFirst()) }
      return "[\(texts.joined(separator: ", "))]"
    }
    return { text($0 + field.offset, field.shape[...]) }
  }

  // MARK: - Numbers

  private func bits(_ size: Int, _ type: ElementType, at place: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<min(size, 8) {
      let byte = type.byteOrder == .big ? size - 1 - index : index
      value |= UInt64(bytes[place + byte]) << UInt64(8 * index)
    }
    return value
  }

  private func signed(_ type: ElementType, at place: Int) -> Int64 {
    let unused = 64 - 8 * type.itemSize
    return Int64(bitPattern: bits(type.itemSize, type, at: place) << UInt64(unused))
      >> Int64(unused)
  }

  /// Texts, all as wide as the widest of them.
  private func aligned(
    _ places: [Int], _ text: @escaping (Int) -> String
  ) -> (Int) -> String {
    let width = places.map { text($0).count }.max() ?? 0
    return { pad(text($0), to: width) }
  }

  private func floats(
    _ type: ElementType, size: Int, _ places: [Int], offset: Int, hasPlus: Bool
  ) -> (Int) -> String {
    let number = { (place: Int) -> DecimalFloat in
      let bits = self.bits(size, type, at: place + offset)
      switch (type.kind, size) {
      case (_, 2): return DecimalFloat(Float16(bitPattern: UInt16(bits)))
      case (_, 4): return DecimalFloat(Float(bitPattern: UInt32(bits)))
      case (_, 8): return DecimalFloat(Double(bitPattern: bits))
      default: return self.extended(type, size: size, at: place + offset)
      }
    }
    let (largest, rounded): (Double, (Double) -> Double) =
      switch size {
      case 2: (1e3, { Double(Float16($0)) })
      case 4: (1e6, { Double(Float($0)) })
      default: (1e8, { $0 })
      }
    let format = FloatFormat(
      places.map(number), largest: largest, rounded: rounded, hasPlus: hasPlus)
    return { format.text(number($0)) }
  }

  /// The number of 80 bits, from its sign and exponent behind its significand.
  private func extended(_ type: ElementType, size: Int, at place: Int) -> DecimalFloat {
    #if arch(x86_64)
      let isBig = type.byteOrder == .big
      var significand: UInt64 = 0
      for index in 0..<8 {
        significand |=
          UInt64(bytes[place + (isBig ? size - 1 - index : index)]) << UInt64(8 * index)
      }
      let low = UInt16(bytes[place + (isBig ? size - 9 : 8)])
      let head = low | UInt16(bytes[place + (isBig ? size - 10 : 9)]) << 8
      return DecimalFloat(
        Float80(
          sign: head >> 15 == 0 ? .plus : .minus, exponentBitPattern: UInt(head & 0x7FFF),
          significandBitPattern: significand & ~(1 << 63)))
    #else
      return DecimalFloat(Double.nan)
    #endif
  }

  // MARK: - Text

  private func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    bytes[..<(bytes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? bytes.startIndex)]
  }

  private func units(_ type: ElementType, at place: Int) -> [UInt32] {
    var units = stride(from: place, to: place + type.itemSize, by: 4).map { start in
      (0..<4).reduce(UInt32(0)) { unit, index in
        unit | UInt32(bytes[start + (type.byteOrder == .big ? 3 - index : index)])
          << UInt32(8 * index)
      }
    }
    while units.last == 0 { units.removeLast() }
    return units
  }
}

// MARK: - Python's words

/// Bytes as Python writes them: `b'ab\x00'`; all as escapes where they are no text.
func pythonBytes(_ bytes: ArraySlice<UInt8>, escapesAll: Bool = false) -> String {
  let quote: Character = bytes.contains(0x27) && !bytes.contains(0x22) && !escapesAll ? "\"" : "'"
  var text = "b\(quote)"
  for byte in bytes {
    switch byte {
    case _ where escapesAll: text += "\\x" + hex(UInt32(byte), 2).uppercased()
    case 0x5C: text += "\\\\"
    case 0x09: text += "\\t"
    case 0x0A: text += "\\n"
    case 0x0D: text += "\\r"
    case 0x27 where quote == "'": text += "\\'"
    case 0x20...0x7E: text.unicodeScalars.append(Unicode.Scalar(byte))
    default: text += "\\x" + hex(UInt32(byte), 2)
    }
  }
  return text + String(quote)
}

/// Text as Python writes it, by its Unicode scalars, or what stands in their places.
func pythonText(_ units: [UInt32]) -> String {
  let quote: Character = units.contains(0x27) && !units.contains(0x22) ? "\"" : "'"
  var text = String(quote)
  for unit in units {
    switch unit {
    case 0x5C: text += "\\\\"
    case 0x09: text += "\\t"
    case 0x0A: text += "\\n"
    case 0x0D: text += "\\r"
    case 0x27 where quote == "'": text += "\\'"
    case 0x20...0x7E: text.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
    default:
      if let scalar = Unicode.Scalar(unit), isPrintable(scalar) {
        text.unicodeScalars.append(scalar)
      } else if unit < 0x100 {
        text += "\\x" + hex(unit, 2)
      } else {
        text += unit < 0x1_0000 ? "\\u" + hex(unit, 4) : "\\U" + hex(unit, 8)
      }
    }
  }
  return text + String(quote)
}

private func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
    .paragraphSeparator, .spaceSeparator:
    false
  default: true
  }
}

private func hex(_ value: UInt32, _ width: Int) -> String {
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: max(width - digits.count, 0)) + digits
}

/// A date in quotes, as precise as its unit: `'1970-01-01T00'`.
func dateText(_ ticks: Int64, _ unit: ElementType.TimeUnit) -> String {
  guard ticks != .min else { return "'NaT'" }
  let count = Int128(ticks) * Int128(unit.multiple)
  func divided(_ value: Int128, _ divisor: Int128) -> (Int128, Int128) {
    let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
  }
  func padded(_ value: Int128, _ width: Int) -> String {
    let digits = String(value.magnitude)
    return (value < 0 ? "-" : "")
      + String(repeating: "0", count: max(width - digits.count - (value < 0 ? 1 : 0), 0)) + digits
  }
  if unit.base == .year { return "'\(padded(count + 1970, 4))'" }
  if unit.base == .month {
    let (year, month) = divided(count, 12)
    return "'\(padded(year + 1970, 4))-\(padded(month + 1, 2))'"
  }
  // How many there are in a day, and how the time of day is written.
  let perDay: Int128
  switch unit.base {
  case .week, .day: perDay = 1
  case .hour: perDay = 24
  case .minute: perDay = 1_440
  default: perDay = 86_400 * Int128(unit.perSecond)
  }
  let (day, time) = unit.base == .week ? (count * 7, 0) : divided(count, perDay)
  // Years begin in March here, so that the day that is sometimes there is their last.
  let (era, dayOfEra) = divided(day + 719_468, 146_097)
  let yearOfEra =
    (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let monthFromMarch = (5 * dayOfYear + 2) / 153
  let dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
  let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  var text = "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))"
  switch unit.base {
  case .week, .day: break
  case .hour: text += "T\(padded(time, 2))"
  case .minute: text += "T\(padded(time / 60, 2)):\(padded(time % 60, 2))"
  default:
    let (seconds, rest) = divided(time, Int128(unit.perSecond))
    text +=
      "T\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
    if unit.perSecond > 1 { text += ".\(padded(rest, String(unit.perSecond).count - 1))" }
  }
  return "'\(text)'"
}

extension ElementType.TimeUnit {
  /// How many there are in a second; 1 for those that are longer.
  fileprivate var perSecond: Int {
    switch base {
    case .millisecond: 1_000
    case .microsecond: 1_000_000
    case .nanosecond: 1_000_000_000
    case .picosecond: 1_000_000_000_000
    case .femtosecond: 1_000_000_000_000_000
    case .attosecond: 1_000_000_000_000_000_000
    default: 1
    }
  }
}
