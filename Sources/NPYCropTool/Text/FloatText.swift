import Foundation

#if arch(x86_64)
  /// The type that all others are numbers of, too.
  typealias WidestFloat = Float80
  private let lengthModifier = "L"
#else
  /// The type that all others are numbers of, too.
  typealias WidestFloat = Double
  private let lengthModifier = ""
#endif

/// A floating-point number as its shortest decimal digits: 0.d1d2d3… times 10 to the exponent.
struct DecimalFloat {
  let isNegative: Bool
  let isNaN: Bool
  let isFinite: Bool
  /// Without zeros at either end; none for zero.
  private(set) var digits: [Character] = []
  private(set) var exponent = 0
  /// The number itself.
  let value: WidestFloat

  init<Value: BinaryFloatingPoint & CustomStringConvertible>(_ number: Value) {
    isNegative = number.sign == .minus
    isNaN = number.isNaN
    isFinite = number.isFinite
    value = WidestFloat(number)
    guard isFinite, number != 0 else { return }
    let parts = Self.shortest(number.magnitude).split(separator: "e")
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) + mantissa[0].count
    digits = Array(mantissa.joined())
    while digits.first == "0" {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.last == "0" { digits.removeLast() }
  }

  /// The shortest decimal that rounds to the number.
  private static func shortest<Value: BinaryFloatingPoint & CustomStringConvertible>(
    _ number: Value
  ) -> String {
    // Swift writes a half that is an integer with all of its digits.
    guard let half = number as? Float16 else { return number.description }
    let value = Double(half)
    for precision in 0..<5 {
      // Of two that are as near either may be the one that rounds to the number.
      for near in [value, value.nextUp, value.nextDown] {
        let text = String(format: "%.\(precision)e", near)
        if Double(text).map({ Float16($0) }) == half { return text }
      }
    }
    return number.description
  }

  /// The digits before and after the point, with at most so many after it.
  func positional(precision: Int) -> (whole: String, fraction: String) {
    guard digits.count - exponent <= precision else {
      // Rounded from the number, not from its digits.
      let text = formatted("f", precision)
      let parts = text.split(separator: ".")
      return (String(parts[0]), trimmed(parts[1]))
    }
    let point = min(max(exponent, 0), digits.count)
    let zeros = String(repeating: "0", count: max(exponent - digits.count, 0))
    let whole = String(digits[..<point]) + zeros
    let leading = String(repeating: "0", count: digits.isEmpty ? 0 : max(-exponent, 0))
    return (whole.isEmpty ? "0" : whole, leading + String(digits[point...]))
  }

  /// The digits before and after the point, and the exponent of 10, with one digit before the point.
  func scientific(precision: Int) -> (whole: String, fraction: String, exponent: Int) {
    guard !digits.isEmpty else { return ("0", "", 0) }
    guard digits.count - 1 <= precision else {
      let (whole, fraction, exponent) = rounded(fractionDigits: precision)
      return (whole, trimmed(fraction[...]), exponent)
    }
    return (String(digits[0]), String(digits[1...]), exponent - 1)
  }

  /// As `scientific`, with exactly so many digits after the point, which go on after the shortest.
  func rounded(fractionDigits: Int) -> (whole: String, fraction: String, exponent: Int) {
    let parts = formatted("e", fractionDigits).split(separator: "e")
    let mantissa = parts[0].split(separator: ".")
    return (
      String(mantissa[0]), mantissa.count > 1 ? String(mantissa[1]) : "", Int(parts[1]) ?? 0
    )
  }

  /// The magnitude by C's `printf`, which rounds the number itself.
  private func formatted(_ conversion: String, _ precision: Int) -> String {
    String(format: "%.\(precision)\(lengthModifier)\(conversion)", value.magnitude)
  }

  private func trimmed(_ fraction: Substring) -> String {
    var fraction = fraction
    while fraction.last == "0" { fraction.removeLast() }
    return String(fraction)
  }
}

/// How NumPy writes the numbers of an array: all in the form that suits them together.
///
/// The rules are those of its `FloatingFormat` with the default options: a precision of 8 digits, and
/// exponents where the numbers are large, small or far apart.
struct FloatFormat {
  private static let precision = 8

  private let hasPlus: Bool
  private var isScientific = false
  private var padLeft = 0
  private var padRight = 0
  private var fractionDigits = 0
  private var exponentDigits = 2

  /// - Parameters:
  ///   - numbers: Those that are shown.
  ///   - largest: From which on numbers are written with an exponent.
  ///   - ratio: Divides as arithmetic of the numbers' type does.
  ///   - hasPlus: Whether positive numbers have a sign.
  init(
    _ numbers: [DecimalFloat], largest: WidestFloat,
    ratio: (WidestFloat, WidestFloat) -> WidestFloat, hasPlus: Bool = false
  ) {
    self.hasPlus = hasPlus
    let finite = numbers.filter(\.isFinite)
    let magnitudes = finite.map(\.value.magnitude).filter { $0 != 0 }
    if let most = magnitudes.max(), let least = magnitudes.min() {
      isScientific =
        most >= largest || least < ratio(WidestFloat(0.0001 as Double), 1)
        || ratio(most, least) > 1000
    }
    if !finite.isEmpty, isScientific {
      let parts = finite.map { $0.scientific(precision: Self.precision) }
      fractionDigits = parts.map(\.fraction.count).max() ?? 0
      exponentDigits = max(parts.map { String(abs($0.exponent)).count }.max() ?? 2, 2)
      padLeft = zip(finite, parts).map { sign($0).count + $1.whole.count }.max() ?? 0
      padRight = exponentDigits + 2 + fractionDigits
    } else if !finite.isEmpty {
      let parts = finite.map { $0.positional(precision: Self.precision) }
      padLeft = zip(finite, parts).map { sign($0).count + $1.whole.count }.max() ?? 0
      padRight = parts.map(\.fraction.count).max() ?? 0
    }
    if finite.count < numbers.count {
      let hasMinus = hasPlus || numbers.contains { !$0.isFinite && !$0.isNaN && $0.isNegative }
      padLeft = max(padLeft, 3 - padRight - 1, 3 + (hasMinus ? 1 : 0) - padRight - 1)
    }
  }

  private func sign(_ number: DecimalFloat) -> String {
    number.isNegative ? "-" : hasPlus ? "+" : ""
  }

  func text(_ number: DecimalFloat) -> String {
    guard number.isFinite else {
      let text = number.isNaN ? (hasPlus ? "+nan" : "nan") : sign(number) + "inf"
      return pad(text, to: padLeft + padRight + 1)
    }
    guard isScientific else {
      let (whole, fraction) = number.positional(precision: Self.precision)
      return pad(sign(number) + whole, to: padLeft) + "." + fraction
        + String(repeating: " ", count: padRight - fraction.count)
    }
    // Where others have more digits, the number's own go on, and no zeros after the shortest.
    let shortest = number.scientific(precision: Self.precision)
    let parts =
      shortest.fraction.count < fractionDigits
      ? number.rounded(fractionDigits: fractionDigits) : shortest
    let digits = String(abs(parts.exponent))
    return pad(sign(number) + parts.whole, to: padLeft) + "." + parts.fraction
      + "e" + (parts.exponent < 0 ? "-" : "+")
      + String(repeating: "0", count: max(exponentDigits - digits.count, 0)) + digits
  }
}

/// A text with spaces before it.
func pad(_ text: String, to width: Int) -> String {
  String(repeating: " ", count: max(width - text.unicodeScalars.count, 0)) + text
}
