// Numbers with their units, as people read them: three digits are all that a timing is good for.

/// A duration: `3.24 µs`.
func timeText(_ nanoseconds: Int) -> String {
  switch nanoseconds {
  case ..<1_000: "\(nanoseconds) ns"
  case ..<1_000_000: "\(threeDigits(Double(nanoseconds) / 1e3)) µs"
  case ..<1_000_000_000: "\(threeDigits(Double(nanoseconds) / 1e6)) ms"
  default: "\(threeDigits(Double(nanoseconds) / 1e9)) s"
  }
}

/// A size in binary units, which are exact for those of the files: `64 MiB`.
func bytesText(_ byteCount: Int) -> String {
  let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
  var unit = 0
  while unit < units.count - 1, byteCount >> (10 * (unit + 1)) > 0 { unit += 1 }
  let isExact = byteCount & ((1 << (10 * unit)) - 1) == 0
  let value = Double(byteCount) / Double(1 << (10 * unit))
  return "\(isExact ? "\(byteCount >> (10 * unit))" : threeDigits(value)) \(units[unit])"
}

/// How many times more: `341×`, and `1 234 567×` in thousands.
func ratioText(_ ratio: Double) -> String {
  "\(ratio < 1000 ? threeDigits(ratio) : countText(Int(ratio.rounded())))×"
}

/// A count, in groups of three digits: `20 000`.
func countText(_ count: Int) -> String {
  let digits = Array(String(count))
  var text = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index).isMultiple(of: 3) { text += " " }
    text.append(digit)
  }
  return text
}

private func threeDigits(_ value: Double) -> String {
  let decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0
  let scale = [1, 10, 100][decimals]
  let scaled = Int((value * Double(scale)).rounded())
  guard decimals > 0 else { return "\(scaled)" }
  let fraction = String(scaled % scale)
  return "\(scaled / scale).\(String(repeating: "0", count: decimals - fraction.count))\(fraction)"
}
