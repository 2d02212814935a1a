import NPYCrop

/// The elements of a crop as NumPy writes them, all in the form that suits them together.
struct ElementText {
  private let bytes: [UInt8]

  /// As many elements of a subarray as are looked at for the form of those that are shown.
  private static let mostMeasured = 1_000_000

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
      return aligned(places) { place in
        let time = TimeValue(ticks: self.signed(type, at: place), unit: unit, isDate: true)
        return "'\(time)'"
      }
    case .float where type.itemSize > 1:
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
    // Which of the floats of 8 bits an `f1` is no file tells.
    case .void, .float, .small:
      return { pythonBytes(self.bytes[$0..<$0 + type.itemSize], escapesAll: true) }
    case .record(let fields):
      let writers = fields.map { self.writer(of: $0, at: places, isSingle: isSingle) }
      return { place in
        let texts = writers.map { $0(place) }
        return texts.count == 1 ? "(\(texts[0]),)" : "(\(texts.joined(separator: ", ")))"
      }
    }
  }

  /// What writes a field of the record that begins at a byte, with brackets around a subarray's axes.
  private func writer(
    of field: ElementType.Field, at places: [Int], isSingle: Bool
  ) -> (Int) -> String {
    let isCut = ArrayText.isSummarised(field.shape)
    /// The offsets of the elements that are shown of a part of the subarray.
    func shown(_ offset: Int, _ shape: ArraySlice<Int>) -> [Int] {
      guard let length = shape.first else { return [offset] }
      let stride = shape.dropFirst().reduce(field.elementType.itemSize, &*)
      return indices(length).flatMap { index in
        index.map { shown(offset + $0 * stride, shape.dropFirst()) } ?? []
      }
    }
    /// The indices that are shown of an axis, and nil between them where some are left out.
    func indices(_ length: Int) -> [Int?] {
      let edge = ArrayText.edge
      guard isCut, length > 2 * edge else { return Array(0..<length) }
      return Array(0..<edge) + [nil] + Array(length - edge..<length)
    }
    // All of them have a say in the form, as they have with NumPy, unless they are very many.
    let offsets =
      field.byteCount / max(field.elementType.itemSize, 1) <= Self.mostMeasured
        / max(places.count, 1)
      ? stride(from: 0, to: field.byteCount, by: max(field.elementType.itemSize, 1)).map {
        field.offset + $0
      }
      : shown(field.offset, field.shape[...])
    let write = writer(
      field.elementType, at: places.flatMap { place in offsets.map { place + $0 } },
      isSingle: isSingle && field.shape.isEmpty)
    func text(_ place: Int, _ shape: ArraySlice<Int>) -> String {
      guard let length = shape.first else { return write(place) }
      let stride = shape.dropFirst().reduce(field.elementType.itemSize, &*)
      let texts = indices(length).map { index in
        index.map { text(place + $0 * stride, shape.dropFirst()) } ?? "..."
      }
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
      switch size {
      case 2: return DecimalFloat(Float16(bitPattern: UInt16(bits)))
      case 4: return DecimalFloat(Float(bitPattern: UInt32(bits)))
      case 8: return DecimalFloat(Double(bitPattern: bits))
      default: return self.extended(type, size: size, at: place + offset)
      }
    }
    let (largest, ratio): (WidestFloat, (WidestFloat, WidestFloat) -> WidestFloat) =
      switch size {
      case 2: (1e3, { WidestFloat(Float16($0) / Float16($1)) })
      case 4: (1e6, { WidestFloat(Float($0) / Float($1)) })
      case 8: (1e8, { WidestFloat(Double($0) / Double($1)) })
      default: (1e8, { $0 / $1 })
      }
    let format = FloatFormat(
      places.map(number), largest: largest, ratio: ratio, hasPlus: hasPlus)
    return { format.text(number($0)) }
  }

  /// The number of 80 bits, from its significand and the sign and exponent after it.
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
      // Only the smallest numbers have no leading bit; others without it are none.
      guard significand >> 63 == 1 || head & 0x7FFF == 0 else { return DecimalFloat(Float80.nan) }
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
