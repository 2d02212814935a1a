import Foundation

/// The descriptors and the mappings that the process has of a file.
func openings(of path: String) throws -> [Int] {
  let maps = try procFile("/proc/self/maps")
  let links = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").filter {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == path
  }
  return [links.count, maps.split(separator: "\n").count { $0.hasSuffix(path) }]
}
