/// A string as Python's `repr` shows it.
///
/// The rules of `str.__repr__`: single quotes unless the text has one and no double quote;
/// a backslash before backslashes and the quote; characters that are not printable
/// (`str.isprintable`) as `\n`, `\r`, `\t`, `\xNN`, `\uNNNN` or `\UNNNNNNNN`.
func pythonRepr(_ text: String) -> String {
  let scalars = text.unicodeScalars
  let quote: Unicode.Scalar = scalars.contains("'") && !scalars.contains("\"") ? "\"" : "'"
  var result = String.UnicodeScalarView([quote])
  for scalar in scalars {
    switch scalar {
    case quote, "\\": result.append(contentsOf: ["\\", scalar])
    case "\n": result.append(contentsOf: ["\\", "n"])
    case "\r": result.append(contentsOf: ["\\", "r"])
    case "\t": result.append(contentsOf: ["\\", "t"])
    case _ where isPrintable(scalar): result.append(scalar)
    default: result.append(contentsOf: escaped(scalar).unicodeScalars)
    }
  }
  result.append(quote)
  return String(result)
}

private func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
    .paragraphSeparator:
    false
  case .spaceSeparator: scalar == " "
  default: true
  }
}

private func escaped(_ scalar: Unicode.Scalar) -> String {
  let digits = String(scalar.value, radix: 16)
  let (letter, width) =
    switch scalar.value {
    case ..<0x100: ("x", 2)
    case ..<0x10000: ("u", 4)
    default: ("U", 8)
    }
  return "\\\(letter)\(String(repeating: "0", count: width - digits.count))\(digits)"
}
