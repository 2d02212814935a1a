// What the kernel tells as text under `/proc` and `/sys`. Nil where there is no such file, or it has
// no such field: the report then does without.

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

/// What this process has had read from disk until now, read-ahead included.
///
/// Some file systems, such as those of a network, do not count it.
func diskBytesRead() -> Int? {
  kernelField("read_bytes", of: "/proc/self/io").flatMap { Int($0) }
}

/// How much the kernel reads at once from the disk of a file or a directory, where it reads ahead.
func readAheadBytes(of path: String) -> Int? {
  guard let device = try? File(path, for: .reading).deviceName() else { return nil }
  // The part of a disk has no queue of its own, and lies in the folder of its disk.
  for folder in ["/sys/dev/block/\(device)", "/sys/dev/block/\(device)/.."] {
    let text = kernelText("\(folder)/queue/read_ahead_kb").map { trimmed($0[...]) }
    if let number = text.flatMap({ Int($0) }) { return number * 1024 }
  }
  return nil
}

/// Text without the spaces, tabs and newlines around it.
func trimmed(_ text: Substring) -> Substring {
  let start = text.drop { $0.isWhitespace }
  let end = start.lastIndex { !$0.isWhitespace }
  return end.map { start[...$0] } ?? ""
}
