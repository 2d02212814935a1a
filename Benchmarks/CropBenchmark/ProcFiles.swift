// What the kernel tells as text under `/proc`. Nil where there is no such file, or it has no such
// field: the report then does without.

/// The text of a file.
func kernelText(_ path: String) -> String? {
  try? File(path, for: .reading).text()
}

/// The field of a name in a file of lines such as `VmHWM:	   12345 kB`.
func kernelField(_ name: String, of path: String) -> Substring? {
  guard let text = kernelText(path) else { return nil }
  for line in text.split(separator: "\n") {
    let parts = line.split(separator: ":", maxSplits: 1)
    guard parts.count == 2, trimmed(parts[0]) == name else { continue }
    return trimmed(parts[1])
  }
  return nil
}

/// A field that is a number of kibibytes, in bytes.
func kernelByteCount(_ name: String, of path: String) -> Int? {
  let number = kernelField(name, of: path)?.split(separator: " ").first
  return number.flatMap { Int($0) }.map { $0 * 1024 }
}

/// Text without the spaces, tabs and newlines around it.
func trimmed(_ text: Substring) -> Substring {
  let start = text.drop { $0.isWhitespace }
  let end = start.lastIndex { !$0.isWhitespace }
  return end.map { start[...$0] } ?? ""
}
