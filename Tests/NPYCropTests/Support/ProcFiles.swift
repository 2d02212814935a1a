import Foundation

/// A file of the kernel, read to its end: these have no size that a reader could go by.
func procFile(_ path: String) throws -> String {
  let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
  return String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
}

/// The number after a name in /proc/self/status, such as the kibibytes after `VmPeak`.
func processStatus(_ name: String) throws -> Int? {
  let line = try procFile("/proc/self/status").split(separator: "\n").first {
    $0.hasPrefix("\(name):")
  }
  return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
}
