/// What the figures were measured on.
struct Machine {
  let processor: String
  let cores: Int
  let memory: Int
  let kernel: String
  /// The type of the file system that the files are on.
  let fileSystem: String
  /// How much the kernel reads at once from the disk, where it reads ahead; nil where it does not tell.
  let readAhead: Int?

  init(directory: String) throws(BenchmarkError) {
    // Processors other than x86 have no such field.
    processor = String(kernelField("model name", of: "/proc/cpuinfo") ?? "unknown processor")
    cores = processorCount
    memory = physicalMemory
    let release = kernelText("/proc/sys/kernel/osrelease").map { trimmed($0[...]) }
    kernel = "Linux \(release ?? "of unknown release")"
    fileSystem = try Self.fileSystemType(of: resolvedPath(directory)) ?? "unknown file system"
    readAhead = readAheadBytes(of: directory)
  }

  /// Whether dropping a file from the page cache leaves it on a disk to be read from.
  var hasDisk: Bool { !["tmpfs", "ramfs"].contains(fileSystem) }

  /// The type of the file system that is mounted nearest above a path.
  private static func fileSystemType(of path: String) -> String? {
    var nearest: (length: Int, type: String)?
    for line in (kernelText("/proc/self/mounts") ?? "").split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 2 else { continue }
      let point = fields[1] == "/" ? "" : fields[1]
      let isAbove = path == point || path.hasPrefix("\(point)/")
      // Of several on one directory the last is on top.
      if isAbove, point.count >= nearest?.length ?? 0 {
        nearest = (point.count, String(fields[2]))
      }
    }
    return nearest?.type
  }
}

extension Machine: CustomStringConvertible {
  /// The machine and the build, as the lines that a report begins with.
  var description: String {
    let readAhead = readAhead.map { ", read-ahead \(bytesText($0))" } ?? ""
    return """
      processor  \(processor), \(cores) cores, \(bytesText(memory))
      system     \(kernel), \(fileSystem)\(readAhead)
      build      \(Build.isRelease ? "release" : "debug"), \(Build.swift), \(Build.architecture)
      """
  }
}

/// How the program was built.
enum Build {
  #if DEBUG
    static let isRelease = false
  #else
    static let isRelease = true
  #endif

  #if arch(x86_64)
    static let architecture = "x86-64"
  #elseif arch(arm64)
    static let architecture = "arm64"
  #else
    static let architecture = "another architecture"
  #endif

  // The compiler tells its version in comparisons only.
  #if compiler(>=6.5)
    static let swift = "Swift 6.5 or later"
  #elseif compiler(>=6.4)
    static let swift = "Swift 6.4"
  #elseif compiler(>=6.3)
    static let swift = "Swift 6.3"
  #else
    static let swift = "Swift 6.2"
  #endif
}
